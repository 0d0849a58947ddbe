"""Handing in without a name: what waits to be published, and coming back with a phrase."""
