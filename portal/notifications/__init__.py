"""Telling people: what they owe, and what became of their words."""
