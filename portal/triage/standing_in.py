"""Who answers while somebody is away, and after somebody has gone; never nobody.

What waits on a head who is away waits on whoever stands in, with the clocks as they ran, and
comes back on the day after.  It is settled with every move of an idea, so that nothing new lands
on an empty desk, and by the clockwork for what lies there already.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import BindParameter, bindparam, or_, select

from portal.actor import PROGRAM, Actor
from portal.audit.services import record
from portal.clocks.models import Clock, ClockKind
from portal.clocks.queries import list_open
from portal.clocks.services import pass_on
from portal.database import lock_row, reading, session, writing
from portal.events import publish
from portal.ideas.lifecycle import Move, State
from portal.ideas.models import Idea, IdeaMark, MarkKind
from portal.ideas.services import SUBJECT
from portal.now import now
from portal.people.absences import map_away
from portal.people.models import Department, Person
from portal.routing.chairs import Chairs, load_chairs
from portal.routing.queries import list_author_ids
from portal.triage import queries
from portal.triage.events import Handed, HandsChanged
from portal.triage.models import StandIn

STAND_IN = "triage.stand_in"
"""The task that settles who answers."""

HEADS_TURN = frozenset(
    {
        *(State.TRIAGE, State.NEEDS_INFO, State.APPEALED, State.TESTING, State.ACCEPTED),
        *(State.DEFERRED, State.COST_ACCEPTED, State.IMPLEMENTED),
    }
)
"""Where a head owes the next step, or takes it up again when an author has answered."""

NOBODY = 0
"""No person's key: what stands in a list that must not be empty, for "not in nothing"."""

CHOSEN_ANEW = frozenset(
    {Move.RECEIVE, Move.TRANSFER, Move.APPEAL, Move.REOPEN, Move.VETO, Move.UNMERGE}
)
"""Moves that say themselves whom an idea waits on, whoever stood in before."""


@dataclass(frozen=True, slots=True)
class House:
    """Who sits where, and who is away, with the last day of it."""

    chairs: Chairs = field(default_factory=load_chairs)
    away: Mapping[int, date] = field(default_factory=map_away)


_STANDING = select(StandIn).where(
    StandIn.idea_id == bindparam("idea_id"), StandIn.ended_at.is_(None)
)
_OWED = (
    Clock.subject_kind == SUBJECT,
    Clock.stopped_at.is_(None),
    or_(Clock.is_governing, Clock.kind == ClockKind.VETO),
)
_AWAY: BindParameter[int] = bindparam("away", expanding=True)
_ON_EMPTY_DESKS = (
    select(Clock.subject_id)
    .join(Idea, Idea.id == Clock.subject_id)
    .where(*_OWED, Idea.state.in_(HEADS_TURN), Clock.accountable_id.in_(_AWAY))
)
_TO_COME_BACK = select(StandIn.idea_id).where(
    StandIn.ended_at.is_(None),
    or_(StandIn.absent_id.not_in(_AWAY), StandIn.stand_in_id.in_(_AWAY)),
)
_GONE: BindParameter[int] = bindparam("gone", expanding=True)
_OF_THE_GONE = (
    select(Clock.subject_id)
    .join(Idea, Idea.id == Clock.subject_id)
    .where(*_OWED, Clock.accountable_id.in_(_GONE))
)
_FOR_THE_GONE = select(StandIn.idea_id).where(
    StandIn.ended_at.is_(None), StandIn.absent_id.in_(_GONE)
)
_IDEAS = select(Idea).where(Idea.id.in_(bindparam("ids", expanding=True))).order_by(Idea.id)


def find_standing(idea_id: int) -> StandIn | None:
    """Who stands in on an idea now, and for whom."""
    return session().scalar(_STANDING, {"idea_id": idea_id})


def settle_after(idea: Idea, move: Move) -> None:
    """Let an idea that has just moved wait on somebody who is there."""
    away, standing = map_away(), find_standing(idea.id)
    if standing is not None and (move in CHOSEN_ANEW or idea.state not in HEADS_TURN):
        standing.ended_at = now()
        session().flush()
        standing = None
    if idea.state in HEADS_TURN and (away or standing is not None):
        _settle(idea, House(away=away))


def settle_all() -> int:
    """Hand what waits on people who are away to whoever stands in, and back; how many ideas."""
    with reading():
        if not _list_unsettled():
            return 0
    with writing():
        house = House()
        found = (_settle(idea, house) for idea in _lock(_list_unsettled()))
        handed = tuple(one for one in found if one is not None)
        if handed:
            publish(HandsChanged(handed))
    return len(handed)


def _list_unsettled() -> set[int]:
    values = {"away": sorted(map_away()) or [NOBODY]}
    return {
        idea_id
        for statement in (_ON_EMPTY_DESKS, _TO_COME_BACK)
        for idea_id in session().scalars(statement, values)
    }


def _lock(idea_ids: Iterable[int]) -> list[Idea]:
    return list(session().scalars(lock_row(_IDEAS), {"ids": sorted(idea_ids)}))


def _settle(idea: Idea, house: House) -> Handed | None:
    """Let one idea wait on the right person; None where it does already."""
    authors, standing = list_author_ids(idea.id), find_standing(idea.id)
    holder_id = find_holder(idea, authors)
    if standing is not None and holder_id != standing.stand_in_id:
        standing.ended_at, standing = now(), None
        session().flush()
    if holder_id is None or idea.state not in HEADS_TURN:
        return None
    owner_id = standing.absent_id if standing is not None else holder_id
    target_id = _find_target(idea, owner_id, holder_id, authors, house)
    if target_id == holder_id:
        _follow(idea, authors, holder_id)
        return None
    if standing is not None:
        standing.ended_at = now()
        session().flush()
    if target_id == owner_id:
        return hand_on(idea, MarkKind.CAME_BACK, holder_id, target_id, authors)
    until_on = house.away.get(owner_id)
    session().add(
        StandIn(
            idea_id=idea.id,
            absent_id=owner_id,
            stand_in_id=target_id,
            until_on=until_on,
            since=now(),
        )
    )
    details = {"instead_of": _name_of(owner_id), "until": until_on.isoformat() if until_on else ""}
    handed = hand_on(idea, MarkKind.STOOD_IN, holder_id, target_id, authors, details)
    return Handed(handed.idea_id, handed.mark_id, handed.kind, owner_id, target_id)


def find_holder(idea: Idea, authors: Collection[int]) -> int | None:
    """Who owes what a head owes here; an author who tries it out is watched by a head."""
    clocks = list_open(SUBJECT, idea.id)
    governing = next((clock for clock in clocks if clock.is_governing), None)
    if governing is not None and governing.accountable_id not in authors:
        return governing.accountable_id
    return next((c.accountable_id for c in clocks if c.kind is ClockKind.VETO), None)


def _find_target(
    idea: Idea, owner_id: int, holder_id: int, authors: Collection[int], house: House
) -> int:
    if owner_id not in house.away:
        return owner_id
    if holder_id != owner_id and holder_id not in house.away:
        return holder_id
    out = {*authors, *house.away, *list_heard(idea)}
    department_id = idea.owner_department_id or 0
    return house.chairs.find_stand_in(department_id, owner_id, out) or owner_id


def list_heard(idea: Idea) -> set[int]:
    """Whose answer was appealed: they have no further say."""
    appeal = queries.find_appeal(idea.id)
    return {appeal.against_id} if appeal is not None and appeal.against_id else set()


def hand_on(
    idea: Idea,
    kind: MarkKind,
    from_id: int,
    to_id: int,
    authors: Collection[int],
    details: Mapping[str, object] | None = None,
    *,
    actor: Actor = PROGRAM,
) -> Handed:
    """Let everything that one owes on an idea be owed by another, as due as it was."""
    pass_on(SUBJECT, idea.id, from_id, to_id)
    _follow(idea, authors, to_id)
    mark = IdeaMark(
        idea_id=idea.id, at=now(), kind=kind, person_id=to_id, details=dict(details or {})
    )
    session().add(mark)
    session().flush()
    record(actor, "idea.handed", SUBJECT, idea.id, kind=kind.value, from_id=from_id, to_id=to_id)
    return Handed(idea.id, mark.id, kind, from_id, to_id)


def _follow(idea: Idea, authors: Collection[int], holder_id: int) -> None:
    """The idea waits on whoever owes it, unless it waits on an author just now."""
    if idea.handler_id not in {*authors, holder_id}:
        idea.handler_id = holder_id
        session().flush()


def _name_of(person_id: int) -> str:
    person = session().get(Person, person_id)
    return person.name if person is not None else ""


def pass_to_successors(gone: Collection[int], department_id: int | None = None) -> None:
    """Pass what waits on people who sit there no longer to whoever sits there now.

    ``department_id`` is the department whose chairs changed; None for people who have left
    altogether, whose promises pass on too.  What no chair is left for stays where it is.
    """
    ids = {
        idea_id
        for statement in (_OF_THE_GONE, _FOR_THE_GONE)
        for idea_id in session().scalars(statement, {"gone": sorted(gone)})
    }
    if not ids:
        return
    house = House()
    found = (_pass(idea, gone, department_id, house) for idea in _lock(ids))
    handed = tuple(one for one in found if one is not None)
    if handed:
        publish(HandsChanged(handed))


def _pass(
    idea: Idea, gone: Collection[int], department_id: int | None, house: House
) -> Handed | None:
    authors, standing = list_author_ids(idea.id), find_standing(idea.id)
    holder_id = find_holder(idea, authors)
    if holder_id is None or idea.owner_department_id is None:
        return None
    stands_in = standing is not None and standing.stand_in_id == holder_id
    owner_id = standing.absent_id if standing is not None and stands_in else holder_id
    if not _is_theirs(idea, department_id) or house.chairs.is_above(
        idea.owner_department_id, owner_id
    ):
        return None
    if owner_id not in gone:
        return _settle(idea, House(house.chairs, {**house.away, **dict.fromkeys(gone, date.max)}))
    start = _find_start(idea, department_id)
    out = {*authors, *list_heard(idea), *gone}
    successor_id = house.chairs.find(start, out) or house.chairs.find_executive(out)
    if successor_id is None:
        return None
    if standing is not None:
        standing.ended_at = now()
        session().flush()
    if successor_id == holder_id:  # who stood in stays, now on their own account
        return None
    details = {"instead_of": _name_of(owner_id)}
    handed = hand_on(idea, MarkKind.PASSED, holder_id, successor_id, authors, details)
    _settle(idea, house)
    return Handed(handed.idea_id, handed.mark_id, handed.kind, owner_id, successor_id)


def _is_theirs(idea: Idea, department_id: int | None) -> bool:
    """Whether the change concerns the idea: its department is the one, or lies below it."""
    if department_id is None:
        return idea.state is not State.MEASURING
    return idea.state in HEADS_TURN and _find_start(idea, department_id) == department_id


def _find_start(idea: Idea, department_id: int | None) -> int:
    owner = session().get_one(Department, idea.owner_department_id)
    if department_id is not None and f"/{department_id}/" in owner.path:
        return department_id
    return owner.id
