"""Hostile text in every field and every place that shows it, read by a real browser."""
