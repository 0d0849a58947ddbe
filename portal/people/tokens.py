"""Secrets that browsers and links carry: 256 random bits, of which only a hash is stored."""

import hashlib
import secrets


def new_token() -> str:
    """A secret of 32 random bytes, fit for an address or a cookie."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> bytes:
    """The SHA-256 under which a secret is stored."""
    return hashlib.sha256(token.encode()).digest()
