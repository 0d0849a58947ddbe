"""The inbox and signed decisions."""
