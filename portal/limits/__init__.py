"""How often somebody did what, and what was refused to them; knows people by id alone."""
