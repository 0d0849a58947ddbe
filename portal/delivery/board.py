"""The board of promises: what is promised, by whom, until when."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BindParameter, bindparam, func, or_, select

from portal.actor import Actor, Capability
from portal.database import session
from portal.delivery.models import Commitment, Track
from portal.ideas.lifecycle import State
from portal.ideas.models import Idea
from portal.paging import Keyset, Page
from portal.people.models import Department, Person
from portal.people.queries import Face

PAGE_SIZE = 30

OWED = (State.COMMITTED, State.IN_PROGRESS)
"""States in which the promised day counts."""

SHOWN = (*OWED, State.IMPLEMENTED, State.MEASURING)


class Scope(StrEnum):
    """Whose promises to show."""

    MINE = "mine"
    OURS = "ours"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A promise on the board."""

    number: int
    title: str
    state: State
    track: Track
    person: Face
    department: str
    due_on: date
    definition_of_done: str
    due_at: datetime | None
    waits_since: datetime | None


_ROWS = (
    select(
        Commitment.id,
        Commitment.due_on,
        Commitment.track,
        Commitment.definition_of_done,
        Commitment.person_id,
        Person.name,
        Person.hue,
        Department.name.label("department"),
        Idea.number,
        Idea.title,
        Idea.state,
        Idea.due_at,
        Idea.waits_since,
    )
    .join(Idea, Idea.id == Commitment.idea_id)
    .join(Person, Person.id == Commitment.person_id)
    .join(Department, Department.id == Commitment.department_id)
    .where(Idea.state.in_(SHOWN))
)
_IS_OVERDUE = (Commitment.due_on < bindparam("today")) & Idea.state.in_(OWED)


def _scoped(statement: Any, scope: Scope) -> Any:
    if scope is Scope.MINE:
        mine: BindParameter[int] = bindparam("person_id")
        return statement.where(or_(Commitment.person_id == mine, Idea.handler_id == mine))
    if scope is Scope.OURS:
        ours: BindParameter[list[int]] = bindparam("departments", expanding=True)
        return statement.where(Commitment.department_id.in_(ours))
    return statement


def _keyset(scope: Scope, *, overdue: bool) -> Keyset:
    statement = _scoped(_ROWS, scope)
    if overdue:
        statement = statement.where(_IS_OVERDUE)
    return Keyset(statement, (Commitment.due_on.asc(), Commitment.id.asc()))


_BOARDS = {
    (scope, overdue): _keyset(scope, overdue=overdue)
    for scope in Scope
    for overdue in (False, True)
}
_OVERDUE = (
    select(func.count())
    .select_from(Commitment)
    .join(Idea, Idea.id == Commitment.idea_id)
    .where(_IS_OVERDUE)
)
_COUNTS = {scope: _scoped(_OVERDUE, scope) for scope in Scope}


def list_board(
    actor: Actor,
    today: date,
    *,
    scope: Scope = Scope.ALL,
    overdue: bool = False,
    cursor: str | None = None,
) -> Page[BoardRow]:
    """Promises that are not settled yet by promised day, in one statement.

    ``Scope.OURS`` are those of the departments the actor delivers for.  With ``overdue`` only
    what should have been done before ``today``.  Raises ``portal.paging.BadCursor``.
    """
    scope = _effective(actor, scope)
    found = _BOARDS[scope, overdue].page(session(), _bound(actor, today), cursor, PAGE_SIZE)
    return Page(tuple(_row(row) for row in found.items), found.older, found.newer)


def count_overdue(actor: Actor, today: date, scope: Scope) -> int:
    """How many promises of a scope are over their day."""
    statement = _COUNTS[_effective(actor, scope)]
    return session().scalar(statement, _bound(actor, today)) or 0


def _effective(actor: Actor, scope: Scope) -> Scope:
    """Who delivers for every department sees all of them as theirs."""
    everywhere = actor.departments(Capability.DELIVER) is None
    return Scope.ALL if scope is Scope.OURS and everywhere else scope


def _bound(actor: Actor, today: date) -> dict[str, object]:
    ours = actor.departments(Capability.DELIVER) or ()
    return {"person_id": actor.id, "departments": sorted(ours) or [0], "today": today}


def _row(row: Any) -> BoardRow:
    return BoardRow(
        number=row.number,
        title=row.title,
        state=row.state,
        track=row.track,
        person=Face(row.person_id, row.name, row.hue),
        department=row.department,
        due_on=row.due_on,
        definition_of_done=row.definition_of_done,
        due_at=row.due_at,
        waits_since=row.waits_since,
    )
