"""The schema's history; see ``portal.migrations.runner``."""
