"""Accounts, roles, departments, and sign-in with its sessions and throttles."""
