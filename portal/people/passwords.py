"""Passwords: argon2id with the parameters of OWASP's cheat sheet (19 MiB, 2 passes, 1 lane)."""

import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from portal.database import refuse_in_unit

MIN_LENGTH = 15
MAX_LENGTH = 128

_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_at_once = threading.BoundedSemaphore(4)
_dummy_hash = ""


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


def hash_password(password: str) -> str:
    """The argon2id hash of a password; slow on purpose, never inside a writing unit."""
    refuse_in_unit("hashing a password")
    with _at_once:
        return _hasher.hash(_normal(password))


def is_right(password: str, stored: str | None) -> bool:
    """Whether the password belongs to the stored hash; without one, equally slow and False."""
    refuse_in_unit("hashing a password")
    if len(password) > MAX_LENGTH * 4:
        return False
    with _at_once:
        try:
            return _hasher.verify(stored or _dummy(), _normal(password)) and stored is not None
        except (VerificationError, InvalidHashError):
            return False


def needs_rehash(stored: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(stored)


def _dummy() -> str:
    global _dummy_hash
    if not _dummy_hash:
        _dummy_hash = _hasher.hash("a password that nobody has")
    return _dummy_hash
