"""Whose desk has room: at so many undecided ideas the next one goes to somebody else.

From the head to the deputy, and from both to whoever stands above them.  Nobody is spared: where
every desk up to the top is full, the idea stays with whose turn it is.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select

from portal.clocks.models import Clock, ClockKind
from portal.database import session
from portal.ideas.services import SUBJECT
from portal.people.absences import map_away
from portal.people.models import Department
from portal.routing.matching import Leaders
from portal.routing.queries import list_upward, nobody_left

MOST_UNDECIDED = 15
"""With so many undecided ideas a desk is full."""

DECIDING = (ClockKind.DECIDE, ClockKind.APPEAL)
"""The clocks of what is undecided, a question to the author included: who holds one, decides."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose an idea is to decide; ``full_id`` is whose desk was full, ``turn_id`` whose turn it is.

    Both are None where the idea lies with whose turn it is.
    """

    handler_id: int
    turn_id: int | None = None
    full_id: int | None = None


def choose_with_room(
    upward: Iterable[Leaders],
    author_ids: Collection[int],
    away: Collection[int],
    undecided: Mapping[int, int],
) -> Desk | None:
    """The desk of whose turn it is, unless it is full; pure.

    ``upward`` runs from the owning department to the root.  Who is away has somebody standing in,
    the next one up; then it is that one's desk which counts.  None if nobody is left at all.
    """
    turn = [
        person_id
        for leaders in upward
        for person_id in leaders
        if person_id is not None and person_id not in author_ids
    ]
    if not turn:
        return None
    there = [person_id for person_id in turn if person_id not in away] or turn
    has_room = (one for one in there if undecided.get(one, 0) < MOST_UNDECIDED)
    chosen = next(has_room, None)
    if chosen is None or chosen == there[0]:
        return Desk(turn[0])
    return Desk(chosen, turn_id=turn[0], full_id=there[0])


_UNDECIDED = (
    select(Clock.accountable_id, func.count(Clock.id).label("held"))
    .where(
        Clock.accountable_id.in_(bindparam("ids", expanding=True)),
        Clock.stopped_at.is_(None),
        Clock.subject_kind == SUBJECT,
        Clock.kind.in_(DECIDING),
    )
    .group_by(Clock.accountable_id)
)


def count_undecided(person_ids: Iterable[int]) -> dict[int, int]:
    """How many undecided ideas each of these people holds, in one statement."""
    rows = session().execute(_UNDECIDED, {"ids": sorted(set(person_ids))})
    return {row.accountable_id: row.held for row in rows}


def find_desk(department: Department, author_ids: Collection[int]) -> Desk | None:
    """The desk that the next idea of a department lands on, or None where nobody is left."""
    upward = list_upward(department)
    held = count_undecided(one for leaders in upward for one in leaders if one is not None)
    away = map_away() if any(count >= MOST_UNDECIDED for count in held.values()) else {}
    return choose_with_room(upward, author_ids, away, held)


def get_desk(department: Department, author_ids: Collection[int]) -> Desk:
    """As :func:`find_desk`; raises RuleBroken where nobody is left."""
    desk = find_desk(department, author_ids)
    if desk is None:
        raise nobody_left(department)
    return desk
