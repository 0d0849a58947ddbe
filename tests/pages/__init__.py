"""Pages that show several slices."""
