"""Functions that make things; each fills in what a test does not care about."""
