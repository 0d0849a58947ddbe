"""The overview for administrators, and whole-portal commands."""
