"""Settings for gunicorn that hold wherever the portal runs."""

preload_app = True
"""Load once, before the fork: a refusal is said once, and the processes share their memory."""
