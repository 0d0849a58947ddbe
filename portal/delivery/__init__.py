"""Commitments, the split of credit, and the changes themselves."""
