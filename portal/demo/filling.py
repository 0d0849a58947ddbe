"""Filling a portal once and whole: what stops half way is noticed and begun anew."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.database import Database, reading, sqlite_path, writing
from portal.migrations import runner
from portal.people.queries import find_fact, has_people
from portal.people.services import forget_fact, set_fact


class CannotFill(Exception):
    """The portal has people already, or is being filled; the message is one line."""


@contextmanager
def filling(database: Database, instance: Path) -> Iterator[None]:
    """Fill within the block; what an earlier block left half done is removed first.

    The fact ``demo_unfinished`` stands while the block runs, so that nobody serves half a year.

    Raises
    ------
    CannotFill
        If there are people who are no such leftover, or another process is filling.
    """
    with _alone(instance):
        with reading():
            is_unfinished = find_fact("demo_unfinished") is not None
            if has_people() and not is_unfinished:
                raise CannotFill(
                    "There are people already; demo data only goes into an empty portal."
                )
        if is_unfinished:
            _start_over(database)
        with writing():
            set_fact("demo_unfinished", "yes")
        yield
        with writing():
            forget_fact("demo_unfinished")


@contextmanager
def _alone(instance: Path) -> Iterator[None]:
    with (instance / ".filling").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotFill("Another process is filling this portal; wait for it.") from None
        yield


def _start_over(database: Database) -> None:
    """Back to an empty schema.  A file is removed: hurried writing may have left it damaged."""
    path = sqlite_path(database.url)
    if path is None:
        runner.downgrade(database, "base")
    else:
        database.close()
        for suffix in ("", "-wal", "-shm"):
            Path(f"{path}{suffix}").unlink(missing_ok=True)
    runner.upgrade(database)
