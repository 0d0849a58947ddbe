"""Hostile input at every door, of both databases at once: what ``make fuzz`` drives."""
