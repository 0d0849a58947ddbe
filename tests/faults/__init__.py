"""What happens when many act at once or something breaks in the middle."""
