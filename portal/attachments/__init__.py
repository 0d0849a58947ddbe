"""Files that people attach to what they hand in: taken, checked by the worker, given out."""
