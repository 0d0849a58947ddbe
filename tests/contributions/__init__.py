"""Tasks that departments take on for an idea of another."""
