"""Signing in, roles, departments."""
