"""What is measured: definitions, points, and baselines with their locks."""
