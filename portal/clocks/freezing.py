"""Keeping the clocks of a thing as they stand, and letting them run as if nothing had been."""

from collections.abc import Sequence

from portal.clocks.models import Clock
from portal.clocks.queries import list_open
from portal.columns import JsonObject
from portal.database import session
from portal.frozen import freeze, thaw


def freeze_clocks(subject_kind: str, subject_id: int) -> list[JsonObject]:
    """The open clocks of a thing as plain values; nothing is changed."""
    return [freeze(clock) for clock in list_open(subject_kind, subject_id)]


def thaw_clocks(frozen: Sequence[JsonObject]) -> None:
    """Let clocks run again exactly as they were kept: since then, due then, held by the same.

    What was owed by a day is owed by that day still, even if it has passed meanwhile.
    """
    for kept in frozen:
        clock = session().get(Clock, kept["id"])
        if clock is not None:
            thaw(clock, kept)
    session().flush()
