"""Reference data that every page needs and hardly anybody changes: departments, contact reasons.

A process keeps what it made of them under the stamp that the database had then.  Triggers
change the stamp with every change to one of the tables, whoever makes it; whoever loads the
signed-in person reads the stamp in the same statement.  So a page costs no statement for
reference data that stayed as it was, and never shows what has been changed since.
"""

from collections.abc import Callable, Hashable
from typing import TypeVar, cast

from portal.database import in_unit, session

T = TypeVar("T")

FACT = "reference"
"""The portal's fact that holds the stamp; absent until the first change."""

_kept: dict[Hashable, tuple[str, object]] = {}


def note_stamp(stamp: str | None) -> None:
    """Let this reading session use what is kept under the stamp it has read."""
    session().info[FACT] = stamp


def kept(key: Hashable, load: Callable[[], T]) -> T:
    """What ``load`` makes of reference data, from before where the stamp is still the same.

    The value is shared by all who read it, so it must not be changed.  A unit, and a session
    that has read no stamp, load it anew.
    """
    stamp = None if in_unit() else session().info.get(FACT)
    if stamp is None:
        return load()
    known_stamp, value = _kept.get(key, (None, None))
    if known_stamp != stamp:
        value = load()
        _kept[key] = (stamp, value)
    return cast(T, value)
