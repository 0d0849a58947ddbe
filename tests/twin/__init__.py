"""Two worlds that differ in one thing, who wrote an anonymous idea, and look the same."""
