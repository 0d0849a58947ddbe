"""Who may do what, walked through; and what must never leak."""
