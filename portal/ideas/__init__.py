"""Ideas from the front line: capture, authors, support, comments, and the table of their life."""
