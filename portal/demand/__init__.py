"""Contact reasons: what customers get in touch about, who owns it, what a contact costs."""
