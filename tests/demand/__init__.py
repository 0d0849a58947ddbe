"""Contact reasons."""
