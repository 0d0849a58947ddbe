"""Reading tasks: those of an idea, and those that wait on a department."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, bindparam, func, select, text
from sqlalchemy.orm import aliased

from portal.actor import Actor, Capability
from portal.clocks.models import Clock
from portal.contributions.models import Contribution, Outcome
from portal.contributions.policies import can_settle
from portal.database import lock_row, session
from portal.ideas.lifecycle import Move
from portal.ideas.models import Idea, IdeaAuthor, IdeaMove
from portal.ideas.queries import nothing_here
from portal.people.models import Department, Person

SUBJECT = "contribution"
"""The kind of thing that the clock of a task belongs to."""

CLOCK_OF = and_(
    Clock.subject_kind == SUBJECT,
    Clock.subject_id == Contribution.id,
    text("clocks.is_governing"),
    Clock.stopped_at.is_(None),
)
"""Joins an open task to its clock; spelled as in the partial index."""

MOST_SHOWN = 100

_Asker = aliased(Person, name="asker")
_Holder = aliased(Person, name="holder")
_Settler = aliased(Person, name="settler")
_Owner = aliased(Department, name="owner")


@dataclass(frozen=True, slots=True)
class Part:
    """A task as its readers see it; ``holder`` and ``due_at`` are None once it is settled."""

    contribution: Contribution
    department: str
    asker: str
    holder_id: int | None
    holder: str | None
    waits_since: datetime | None
    due_at: datetime | None
    settler: str | None
    is_paused = False


_PARTS = (
    select(
        Contribution,
        Department.name,
        _Asker.name,
        Clock.accountable_id,
        _Holder.name,
        Clock.started_at,
        Clock.due_at,
        _Settler.name,
    )
    .join(Department, Department.id == Contribution.department_id)
    .join(_Asker, _Asker.id == Contribution.asked_by_id)
    .outerjoin(Clock, CLOCK_OF)
    .outerjoin(_Holder, _Holder.id == Clock.accountable_id)
    .outerjoin(_Settler, _Settler.id == Contribution.settled_by_id)
)
_OF_IDEA = (
    _PARTS.where(Contribution.idea_id == bindparam("idea_id"))
    .order_by(Contribution.id)
    .limit(MOST_SHOWN)
)


def list_parts(idea_id: int) -> list[Part]:
    """What other departments were asked for an idea, in that order; one statement."""
    return [Part(*row) for row in session().execute(_OF_IDEA, {"idea_id": idea_id})]


_ONE = _PARTS.where(
    Contribution.id == bindparam("contribution_id"), Contribution.idea_id == bindparam("idea_id")
)


def get_part(idea: Idea, contribution_id: int) -> Part:
    """A task of an idea; raises NotFound."""
    values = {"contribution_id": contribution_id, "idea_id": idea.id}
    row = session().execute(_ONE, values).one_or_none()
    if row is None:
        raise nothing_here()
    return Part(*row)


_BY_ID = select(Contribution).where(Contribution.id == bindparam("contribution_id"))


def get_own(
    actor: Actor, idea: Idea, contribution_id: int, author_ids: Collection[int]
) -> Contribution:
    """A task that the actor can settle, locked; raises NotFound."""
    found: Contribution | None = session().scalar(
        lock_row(_BY_ID), {"contribution_id": contribution_id}
    )
    if found is None or found.idea_id != idea.id or not can_settle(actor, found, author_ids):
        raise nothing_here()
    return found


_IS_OPEN = Contribution.settled_at.is_(None)
_FOR_READER = (
    ~select(IdeaAuthor.idea_id)
    .where(
        IdeaAuthor.idea_id == Contribution.idea_id, IdeaAuthor.person_id == bindparam("reader_id")
    )
    .exists()
)
_LINE = (
    select(
        Contribution.id,
        Contribution.task,
        Contribution.asked_at,
        Contribution.outcome,
        Contribution.words,
        Contribution.settled_at,
        Idea.number,
        Idea.title,
        _Owner.name.label("owner"),
        Department.name.label("department"),
        Clock.accountable_id.label("holder_id"),
        Clock.started_at.label("waits_since"),
        Clock.due_at,
        Clock.paused_at.is_not(None).label("is_paused"),
        _Holder.name.label("holder"),
    )
    .join(Idea, Idea.id == Contribution.idea_id)
    .join(Department, Department.id == Contribution.department_id)
    .outerjoin(_Owner, _Owner.id == Idea.owner_department_id)
    .outerjoin(Clock, CLOCK_OF)
    .outerjoin(_Holder, _Holder.id == Clock.accountable_id)
)
_OPEN = _LINE.where(_IS_OPEN).order_by(Clock.due_at, Contribution.id).limit(MOST_SHOWN)
_SETTLED = (
    _LINE.where(~_IS_OPEN)
    .order_by(Contribution.settled_at.desc(), Contribution.id.desc())
    .limit(20)
)
_HERE = Contribution.department_id.in_(bindparam("department_ids", expanding=True))
_STATEMENTS = {
    (everywhere, is_open): (_OPEN if is_open else _SETTLED).where(
        _FOR_READER, *(() if everywhere else (_HERE,))
    )
    for everywhere in (True, False)
    for is_open in (True, False)
}


def list_asked(actor: Actor, *, is_open: bool) -> Sequence[Row[*tuple[Any, ...]]]:
    """The tasks of the departments that the actor decides for, by their clocks.

    Of those that are settled, the last ones.  Nothing of ideas the actor had a part in.
    """
    mine = actor.departments(Capability.TRIAGE)
    values: dict[str, Any] = {"reader_id": actor.id}
    if mine is not None:
        values["department_ids"] = sorted(mine)
    return session().execute(_STATEMENTS[mine is None, is_open], values).all()


_ON_ME = (
    _LINE.where(Clock.accountable_id == bindparam("reader_id"), Clock.subject_kind == SUBJECT)
    .order_by(Clock.due_at, Contribution.id)
    .limit(50)
)
_COUNT = select(func.count(Clock.id)).where(
    Clock.accountable_id == bindparam("reader_id"),
    Clock.stopped_at.is_(None),
    Clock.subject_kind == SUBJECT,
)


def list_owed(actor: Actor) -> Sequence[Row[*tuple[Any, ...]]]:
    """The open tasks that wait on this very person, by their clocks."""
    return session().execute(_ON_ME, {"reader_id": actor.id}).all()


def count_owed(actor: Actor) -> int:
    """How many tasks wait on this very person; reads the index of open clocks."""
    return session().scalar(_COUNT, {"reader_id": actor.id}) or 0


_OPEN_OF_IDEA = (
    select(Contribution)
    .where(Contribution.idea_id == bindparam("idea_id"), _IS_OPEN)
    .order_by(Contribution.id)
)


def list_open(idea_id: int) -> Sequence[Contribution]:
    """The open tasks of an idea, locked."""
    found: Sequence[Contribution] = (
        session().scalars(lock_row(_OPEN_OF_IDEA), {"idea_id": idea_id}).all()
    )
    return found


_BY_NONCE = select(Contribution).where(Contribution.nonce == bindparam("nonce"))
_AT_WORK = _OPEN_OF_IDEA.where(Contribution.department_id == bindparam("department_id"))


def find_by_nonce(nonce: str | None) -> Contribution | None:
    """The task that a form has made already."""
    return session().scalar(_BY_NONCE, {"nonce": nonce}) if nonce else None


def find_open(idea_id: int, department_id: int) -> Contribution | None:
    """The open task of a department for an idea."""
    values = {"idea_id": idea_id, "department_id": department_id}
    return session().scalar(_AT_WORK, values)


_LAST_MERGE = (
    select(func.max(IdeaMove.at))
    .where(IdeaMove.idea_id == bindparam("idea_id"), IdeaMove.verb == Move.MERGE)
    .scalar_subquery()
)
_ENDED_BY_MERGING = (
    select(Contribution)
    .where(
        Contribution.idea_id == bindparam("idea_id"),
        Contribution.outcome == Outcome.WITHDRAWN,
        Contribution.settled_by_id.is_(None),
        Contribution.settled_at >= _LAST_MERGE,
    )
    .order_by(Contribution.id)
)


def list_ended_by_merging(idea_id: int) -> Sequence[Contribution]:
    """The tasks that the program withdrew when the idea was last joined to another, locked."""
    found: Sequence[Contribution] = (
        session().scalars(lock_row(_ENDED_BY_MERGING), {"idea_id": idea_id}).all()
    )
    return found
