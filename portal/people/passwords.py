"""Passwords: argon2id with the parameters of OWASP's cheat sheet (19 MiB, 2 passes, 1 lane)."""

import threading
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from portal.database import refuse_in_unit
from portal.errors import RuleBroken
from portal.i18n import gettext as _
from portal.people.blocklist import is_easily_guessed, words_of

MIN_LENGTH = 15
MIN_LENGTH_WITH_CODE = 8
"""Enough where a second factor is asked for as well."""
MAX_LENGTH = 128
AT_ONCE = 4

_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_at_once = threading.BoundedSemaphore(AT_ONCE)


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


def check_new(password: str, *about: str, low: int = MIN_LENGTH) -> None:
    """Whether this may become a password; ``about`` are names and addresses it must not be made of.

    Any character counts, none is asked for, and nothing expires.

    Raises
    ------
    RuleBroken
        On the field ``password``: too short, too long, or easily guessed.
    """
    if not low <= len(_normal(password)) <= MAX_LENGTH:
        raise RuleBroken(
            _("A password has %(low)s to %(high)s characters.", low=low, high=MAX_LENGTH),
            field="password",
        )
    if is_easily_guessed(password, words_of(*about)):
        raise RuleBroken(
            _("This is easily guessed. Take a sentence that only you would say."), field="password"
        )


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


@cache
def _dummy() -> str:
    """What a password is checked against where there is none."""
    return _hasher.hash("a password that nobody has")
