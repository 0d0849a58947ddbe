"""How often somebody did what."""
