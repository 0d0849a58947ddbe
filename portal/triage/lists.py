"""The inbox: its views, one prepared statement for each, and what comes next."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, func, select

from portal.actor import Actor, Capability
from portal.clocks.models import Clock
from portal.columns import UtcDateTime
from portal.database import session
from portal.demand.models import ContactReason
from portal.ideas.lifecycle import State
from portal.ideas.models import Idea, IdeaAuthor
from portal.now import now
from portal.people.models import Person
from portal.routing.models import Transfer
from portal.triage.queries import GOVERNING, OPEN_TRANSFER

LIMIT = 100


class View(StrEnum):
    """A way to look at the inbox."""

    DECIDE = "decide"
    AUTHOR = "author"
    HANDED = "handed"
    COMMIT = "commit"
    OVERDUE = "overdue"
    MINE = "mine"
    APPEALED = "appealed"
    TESTING = "testing"


_WITH_US = Idea.state.in_([State.TRIAGE, State.APPEALED, State.TESTING, State.ACCEPTED])
_SHOWN = (
    State.TRIAGE,
    State.NEEDS_INFO,
    State.APPEALED,
    State.TESTING,
    State.ACCEPTED,
)
"""What the inbox is about; what was put off comes back by itself."""

_UNANSWERED = Transfer.idea_id.is_not(None)
_CONDITIONS: Mapping[View, ColumnElement[bool]] = {
    View.DECIDE: Idea.state.in_([State.TRIAGE, State.APPEALED]),
    View.AUTHOR: Idea.state == State.NEEDS_INFO,
    View.HANDED: and_(Idea.state == State.TRIAGE, _UNANSWERED),
    View.COMMIT: Idea.state == State.ACCEPTED,
    View.OVERDUE: and_(_WITH_US, Idea.due_at < bindparam("moment", type_=UtcDateTime())),
    View.MINE: and_(_WITH_US, Idea.handler_id == bindparam("reader_id")),
    View.APPEALED: Idea.state == State.APPEALED,
    View.TESTING: Idea.state == State.TESTING,
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
_COUNTS = {
    everywhere: _in_reach(
        select(*(func.count(Idea.id).filter(_CONDITIONS[view]).label(view.value) for view in View)),
        everywhere=everywhere,
    )
    for everywhere in (True, False)
}


def _reach(actor: Actor) -> tuple[bool, dict[str, Any]]:
    departments = actor.departments(Capability.TRIAGE)
    values: dict[str, Any] = {"reader_id": actor.id, "moment": now()}
    if departments is None:
        return True, values
    return False, {**values, "department_ids": sorted(departments)}


def list_inbox(actor: Actor, view: View, limit: int = LIMIT) -> Sequence[Row[*tuple[Any, ...]]]:
    """The rows of a view for a reader, the most urgent first, at most ``limit``."""
    everywhere, values = _reach(actor)
    return session().execute(_ROWS[view, everywhere], {**values, "row_limit": limit}).all()


def count_views(actor: Actor) -> dict[View, int]:
    """How many ideas each view holds, in one statement."""
    everywhere, values = _reach(actor)
    row = session().execute(_COUNTS[everywhere], values).one()
    return {view: row._mapping[view.value] for view in View}


def find_next(actor: Actor, view: View, number: int) -> int | None:
    """The idea below this one in a view, else the one above it, else None."""
    numbers = [row.number for row in list_inbox(actor, view)]
    if number not in numbers:
        return numbers[0] if numbers else None
    place = numbers.index(number)
    around = numbers[place + 1 :] + numbers[:place][::-1]
    return around[0] if around else None
