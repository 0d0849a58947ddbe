"""The head's inbox and signed decisions."""
