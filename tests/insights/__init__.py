"""Insights and their import."""
