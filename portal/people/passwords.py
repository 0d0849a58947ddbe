"""Passwords: argon2id with the parameters of OWASP's cheat sheet (19 MiB, 2 passes, 1 lane)."""

import os
import threading
import unicodedata
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from portal.database import refuse_in_unit
from portal.errors import Busy, RuleBroken
from portal.i18n import gettext as _
from portal.people.blocklist import is_easily_guessed, words_of

MIN_LENGTH = 15
MIN_LENGTH_WITH_CODE = 8
"""Enough where a second factor is asked for as well."""
MAX_LENGTH = 128

_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_worker: ThreadPoolExecutor
"""The one thread on which a process hashes: a hash takes a whole core, and its 19 MiB stay with the
thread that once had them."""
_room = threading.BoundedSemaphore(3)
_stands_in_line: ContextVar[bool] = ContextVar("stands_in_line", default=False)


def _hire() -> None:
    global _worker
    _worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="hashing")


_hire()
os.register_at_fork(after_in_child=_hire)


def make_room(threads: int) -> None:
    """Let so many of a process's threads hash or wait for it that one stays for everybody else."""
    global _room
    _room = threading.BoundedSemaphore(max(1, threads - 1))


@contextmanager
def waiting() -> Iterator[None]:
    """Stand in line for hashing; nests.

    Raises
    ------
    Busy
        When the line is full; nothing has been done yet.
    """
    if _stands_in_line.get():
        yield
        return
    room = _room
    if not room.acquire(blocking=False):
        raise Busy(_("Very many people sign in at this moment. Try again in a few seconds."))
    token = _stands_in_line.set(True)
    try:
        yield
    finally:
        _stands_in_line.reset(token)
        room.release()


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
    """The argon2id hash of a password; slow on purpose, never inside a writing unit; or Busy."""
    refuse_in_unit("hashing a password")
    with waiting():
        return _worker.submit(_hasher.hash, _normal(password)).result()


def is_right(password: str, stored: str | None) -> bool:
    """Whether the password belongs to the stored hash; without one, equally slow and False.

    Raises Busy.
    """
    refuse_in_unit("hashing a password")
    if len(password) > MAX_LENGTH * 4:
        return False
    with waiting():
        fits = _worker.submit(_verify, stored, _normal(password)).result()
    return fits and stored is not None


def _verify(stored: str | None, password: str) -> bool:
    try:
        return _hasher.verify(stored or _dummy(), password)
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(stored: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(stored)


@cache
def _dummy() -> str:
    """What a password is checked against where there is none."""
    return _hasher.hash("a password that nobody has")
