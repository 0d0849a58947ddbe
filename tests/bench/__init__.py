"""What the pages cost: ``python -m tests.bench``.  Measured and printed, never asserted."""
