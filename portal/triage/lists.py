"""The inbox: its views, one prepared statement for each, and what comes next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from portal.actor import Actor, Capability
from portal.clocks.models import Clock, ClockKind
from portal.columns import UtcDateTime
from portal.database import session
from portal.demand.models import ContactReason
from portal.ideas.lifecycle import State
from portal.ideas.models import Idea, IdeaAuthor
from portal.ideas.services import SUBJECT
from portal.now import now
from portal.people.models import Person
from portal.routing.models import Transfer
from portal.triage.queries import GOVERNING, OPEN_TRANSFER
from portal.triage.reviewing import HIDES_AUTHOR

LIMIT = 100


class View(StrEnum):
    """A way to look at the inbox."""

    DECIDE = "decide"
    UNANSWERED = "unanswered"
    AUTHOR = "author"
    HANDED = "handed"
    COMMIT = "commit"
    OVERDUE = "overdue"
    MINE = "mine"
    APPEALED = "appealed"
    TESTING = "testing"
    VETO = "veto"


@dataclass(frozen=True, slots=True)
class Look:
    """What is looked at: the ideas that are in every one of these views at once."""

    views: frozenset[View]

    @classmethod
    def of(cls, *views: View) -> "Look":
        """The look at these views."""
        return cls(frozenset(views))

    @classmethod
    def read(cls, text: str) -> "Look":
        """The look with this name in an address; the plain inbox for one that is none."""
        names = text.split(".")
        known = {view.value for view in View}
        return cls.of(*map(View, names)) if set(names) <= known else cls.of(View.DECIDE)

    def __str__(self) -> str:
        """Its name in an address: the views, in their order."""
        return ".".join(view for view in View if view in self.views)


_WITH_US = Idea.state.in_([State.TRIAGE, State.APPEALED, State.TESTING, State.ACCEPTED])
_SHOWN = (
    State.TRIAGE,
    State.NEEDS_INFO,
    State.APPEALED,
    State.TESTING,
    State.ACCEPTED,
)
"""What the inbox is about; what was put off comes back by itself."""

_HANDED = Transfer.idea_id.is_not(None)
_Running = aliased(Clock)


def _runs(kind: ClockKind, *more: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a clock of this kind, beside the governing one, runs on the idea."""
    return (
        select(_Running.id)
        .where(
            _Running.subject_kind == SUBJECT,
            _Running.subject_id == Idea.id,
            _Running.kind == kind,
            _Running.stopped_at.is_(None),
            *more,
        )
        .exists()
    )


_MOMENT: Any = bindparam("moment", type_=UtcDateTime())
_CONDITIONS: Mapping[View, ColumnElement[bool]] = {
    View.DECIDE: Idea.state.in_([State.TRIAGE, State.APPEALED]),
    View.UNANSWERED: and_(
        Idea.state.in_([State.TRIAGE, State.APPEALED]), _runs(ClockKind.FIRST_REPLY)
    ),
    View.AUTHOR: Idea.state == State.NEEDS_INFO,
    View.HANDED: and_(Idea.state == State.TRIAGE, _HANDED),
    View.COMMIT: Idea.state == State.ACCEPTED,
    View.OVERDUE: and_(_WITH_US, Idea.due_at < _MOMENT),
    View.MINE: and_(_WITH_US, Idea.handler_id == bindparam("reader_id")),
    View.APPEALED: Idea.state == State.APPEALED,
    View.TESTING: Idea.state == State.TESTING,
    View.VETO: and_(Idea.state == State.TESTING, _runs(ClockKind.VETO, _Running.due_at > _MOMENT)),
}
_IS_AUTHOR = (
    select(IdeaAuthor.idea_id)
    .where(IdeaAuthor.idea_id == Idea.id, IdeaAuthor.person_id == bindparam("reader_id"))
    .exists()
)


def _in_reach(statement: Select[*tuple[Any, ...]], *, everywhere: bool) -> Select[*tuple[Any, ...]]:
    """Limited to open ideas of the reader's departments that they had no part in."""
    statement = statement.outerjoin(Transfer, OPEN_TRANSFER).where(
        Idea.state.in_(_SHOWN), ~_IS_AUTHOR
    )
    if everywhere:
        return statement.where(Idea.owner_department_id.is_not(None))
    return statement.where(
        Idea.owner_department_id.in_(bindparam("department_ids", expanding=True))
    )


_ROW = (
    select(
        Idea.number,
        Idea.title,
        Idea.state,
        Idea.due_at,
        Idea.is_paused,
        Idea.support_count,
        Person.name.label("submitter"),
        ContactReason.name.label("reason"),
        Clock.started_at,
        Transfer.id.label("transfer_id"),
        HIDES_AUTHOR.label("hides_author"),
    )
    .outerjoin(Person, Person.id == Idea.submitter_id)
    .outerjoin(ContactReason, ContactReason.id == Idea.reason_id)
    .outerjoin(Clock, GOVERNING)
    .order_by(Idea.is_paused, Idea.due_at, Idea.id)
    .limit(bindparam("row_limit"))
)


def inbox_statement(view: View, *, everywhere: bool) -> Select[*tuple[Any, ...]]:
    """The rows of a view, the most urgent first; ``everywhere`` for a reader without a scope."""
    return _in_reach(_ROW, everywhere=everywhere).where(_CONDITIONS[view])


_ROWS = {
    (view, everywhere): inbox_statement(view, everywhere=everywhere)
    for view in View
    for everywhere in (True, False)
}
_BOTH = {
    everywhere: _in_reach(_ROW, everywhere=everywhere).where(
        *(
            or_(bindparam(f"without_{view.value}", type_=Boolean()), condition)
            for view, condition in _CONDITIONS.items()
        )
    )
    for everywhere in (True, False)
}
"""The rows of several views at once: each view that is not looked at is switched off."""

_CHOSEN = {
    everywhere: _in_reach(
        _ROW.add_columns(Idea.version, Idea.problem, Idea.proposal), everywhere=everywhere
    ).where(Idea.number.in_(bindparam("numbers", expanding=True)))
    for everywhere in (True, False)
}
_BITS = {view: 1 << place for place, view in enumerate(View)}


def _counting(*, everywhere: bool) -> Select[*tuple[Any, ...]]:
    """How many ideas are in just these views, by the sum of the views' bits."""
    bits: ColumnElement[int] = literal(0)
    for view, condition in _CONDITIONS.items():
        bits = bits + case((condition, _BITS[view]), else_=0)
    each = _in_reach(select(bits.label("bits")), everywhere=everywhere).subquery()
    return select(each.c.bits, func.count().label("held")).group_by(each.c.bits)


_COUNTS = {everywhere: _counting(everywhere=everywhere) for everywhere in (True, False)}


@dataclass(frozen=True, slots=True)
class Counts:
    """How many ideas any look at the inbox holds."""

    by_bits: Mapping[int, int]

    def of(self, look: Look) -> int:
        """How many ideas are in all of its views."""
        wanted = sum(_BITS[view] for view in look.views)
        return sum(count for bits, count in self.by_bits.items() if bits & wanted == wanted)


def _reach(actor: Actor) -> tuple[bool, dict[str, Any]]:
    departments = actor.departments(Capability.TRIAGE)
    values: dict[str, Any] = {"reader_id": actor.id, "moment": now()}
    if departments is None:
        return True, values
    return False, {**values, "department_ids": sorted(departments)}


def list_inbox(actor: Actor, look: Look, limit: int = LIMIT) -> Sequence[Row[*tuple[Any, ...]]]:
    """The rows of a look for a reader, the most urgent first, at most ``limit``."""
    everywhere, values = _reach(actor)
    values["row_limit"] = limit
    if len(look.views) == 1:
        (view,) = look.views
        return session().execute(_ROWS[view, everywhere], values).all()
    switches = {f"without_{view.value}": view not in look.views for view in View}
    return session().execute(_BOTH[everywhere], {**values, **switches}).all()


def map_chosen(actor: Actor, numbers: Sequence[int]) -> dict[int, Row[*tuple[Any, ...]]]:
    """The rows of these ideas with their words and ``version``, as far as a reader decides."""
    everywhere, values = _reach(actor)
    values |= {"numbers": list(numbers), "row_limit": len(numbers)}
    return {row.number: row for row in session().execute(_CHOSEN[everywhere], values)}


def count_inbox_by_view(actor: Actor) -> Counts:
    """How many ideas each view, and any of them together, holds; in one statement."""
    everywhere, values = _reach(actor)
    rows = session().execute(_COUNTS[everywhere], values)
    return Counts({row.bits: row.held for row in rows})


def find_next(actor: Actor, look: Look, number: int) -> int | None:
    """The idea below this one in a look, else the one above it, else None."""
    numbers = [row.number for row in list_inbox(actor, look)]
    if number not in numbers:
        return numbers[0] if numbers else None
    place = numbers.index(number)
    around = numbers[place + 1 :] + numbers[:place][::-1]
    return around[0] if around else None
