"""Pages that show several slices at once."""
