"""Keeping the clocks of a thing as they stand, and letting them run as if nothing had been."""

from collections.abc import Sequence

from sqlalchemy import delete

from portal.clocks.models import Clock
from portal.clocks.queries import list_all, list_open
from portal.clocks.services import stop_clocks
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


def freeze_history(subject_kind: str, subject_id: int) -> list[JsonObject]:
    """Every clock a thing ever had, the ended ones too, as plain values; nothing is changed."""
    return [freeze(clock) for clock in list_all(subject_kind, subject_id)]


def thaw_history(subject_kind: str, subject_id: int, frozen: Sequence[JsonObject]) -> None:
    """Let a thing have just the clocks that were kept: what began since has never run.

    All stop first, so that at no moment two of them govern.
    """
    stop_clocks(subject_kind, subject_id)
    session().execute(
        delete(Clock).where(
            Clock.subject_kind == subject_kind,
            Clock.subject_id == subject_id,
            Clock.id.not_in([kept["id"] for kept in frozen]),
        )
    )
    thaw_clocks(frozen)
