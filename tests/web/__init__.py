"""The glue to Flask."""
