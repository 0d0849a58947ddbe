"""What other departments add to an idea: each its own task, clock and signature."""
