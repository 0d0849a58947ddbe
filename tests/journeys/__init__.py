"""Whole stories, from the first click to the last, told through commands and pages alone."""
