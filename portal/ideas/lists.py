"""The list of ideas: filters, orders, and one prepared statement per shape of question."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple, cast

from sqlalchemy import Row, Select, String, bindparam, select, type_coerce
from sqlalchemy.orm import aliased

from portal.actor import Actor
from portal.authors.queries import OWN_IDS, list_own_ids
from portal.database import session
from portal.ideas.lifecycle import OPEN_FOR_TRIAGE, State
from portal.ideas.models import Idea, IdeaAuthor
from portal.ideas.queries import AuthorRow, map_authors
from portal.paging import Keyset, Page
from portal.people.models import Department, Person

PAGE_SIZE = 25


class Group(StrEnum):
    """Which part of their life ideas are in."""

    OPEN = "open"
    DECIDED = "decided"
    IN_WORK = "in_work"
    PROVEN = "proven"
    ALL = "all"
    DRAFTS = "drafts"


class Sort(StrEnum):
    """What stands on top."""

    NEWEST = "newest"
    SUPPORT = "support"


GROUPS: Mapping[Group, frozenset[State]] = MappingProxyType(
    {
        Group.OPEN: OPEN_FOR_TRIAGE,
        Group.DECIDED: frozenset(
            {
                State.ACCEPTED,
                State.TESTING,
                State.DECLINED,
                State.DEFERRED,
                State.COST_ACCEPTED,
                State.ALREADY_EXISTS,
                State.MERGED,
                State.STOPPED,
            }
        ),
        Group.IN_WORK: frozenset(
            {State.COMMITTED, State.IN_PROGRESS, State.IMPLEMENTED, State.MEASURING}
        ),
        Group.PROVEN: frozenset({State.VALIDATED}),
    }
)
"""The states of each group; ``all`` is every idea that was handed in, ``drafts`` one's own."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader asks of the list; a single state goes before a group."""

    group: Group = Group.ALL
    state: State | None = None
    department_id: int | None = None
    reason_id: int | None = None
    is_mine: bool = False
    sort: Sort = Sort.NEWEST


class IdeaRow(NamedTuple):
    """An idea as lists show it; ``waits_on`` is the name of the person it waits on."""

    id: int
    number: int
    title: str
    state: State
    support_count: int
    comment_count: int
    department: str | None
    handler_id: int | None
    waits_on: str | None
    waits_since: datetime | None
    due_at: datetime | None
    is_paused: bool
    submitted_at: datetime | None
    authors: tuple[AuthorRow, ...]


_SHOWN = len(IdeaRow._fields) - 1
"""How many columns of a statement a row shows; what follows orders drafts."""
_Handler = aliased(Person, name="handler")

_COLUMNS = (
    select(
        Idea.id,
        Idea.number,
        Idea.title,
        Idea.state,
        Idea.support_count,
        Idea.comment_count,
        Department.name.label("department"),
        Idea.handler_id,
        _Handler.name.label("waits_on"),
        Idea.waits_since,
        Idea.due_at,
        Idea.is_paused,
        Idea.submitted_at,
        Idea.created_at,
    )
    .outerjoin(Department, Department.id == Idea.owner_department_id)
    .outerjoin(_Handler, _Handler.id == Idea.handler_id)
)
_ROWS = cast("Select[Any]", _COLUMNS)
_MINE = Idea.id.in_(select(IdeaAuthor.idea_id).where(IdeaAuthor.person_id.in_(OWN_IDS)))


@lru_cache(maxsize=64)
def keyset(
    group: Group,
    sort: Sort,
    *,
    by_state: bool = False,
    by_department: bool = False,
    by_reason: bool = False,
    is_mine: bool = False,
) -> Keyset:
    """The prepared list for one shape of question."""
    if group is Group.DRAFTS:
        drafts = _ROWS.where(Idea.submitter_id == bindparam("reader_id"), Idea.state == State.DRAFT)
        return Keyset(drafts, (Idea.created_at.desc(), Idea.id.desc()))
    statement = _ROWS.where(Idea.submitted_at.is_not(None))
    if by_state:
        statement = statement.where(Idea.state == bindparam("state", type_=Idea.state.type))
    elif group in GROUPS:
        statement = _in_states(statement, GROUPS[group])
    if by_department:
        statement = statement.where(Idea.owner_department_id == bindparam("department_id"))
    if by_reason:
        statement = statement.where(Idea.reason_id == bindparam("reason_id"))
    if is_mine:
        statement = statement.where(_MINE)
    first = Idea.submitted_at if sort is Sort.NEWEST else Idea.support_count
    return Keyset(statement, (first.desc(), Idea.id.desc()))


def _in_states(statement: Select[Any], states: frozenset[State]) -> Select[Any]:
    """Several states at once.

    The concatenation hides the column from the index on state: through it the databases would
    read every idea of these states and sort them, instead of walking the list's own order and
    stopping after a page.
    """
    names = sorted(state.value for state in states)
    return statement.where(type_coerce(Idea.state, String).concat("").in_(names))


def list_ideas(
    actor: Actor, filters: Filters, cursor: str | None = None, limit: int = PAGE_SIZE
) -> Page[IdeaRow]:
    """A page of ideas with their authors, in two statements.

    Raises
    ------
    BadCursor
        For a cursor that was never given out.
    """
    prepared = keyset(
        filters.group,
        filters.sort,
        by_state=filters.state is not None,
        by_department=filters.department_id is not None,
        by_reason=filters.reason_id is not None,
        is_mine=filters.is_mine,
    )
    values = {
        "state": filters.state,
        "department_id": filters.department_id,
        "reason_id": filters.reason_id,
        "reader_id": actor.id,
        **({"own_ids": list_own_ids(actor)} if filters.is_mine else {}),
    }
    found = prepared.page(session(), values, cursor, limit)
    authors = map_authors(row.id for row in found.items)
    items = tuple(_row(row, authors.get(row.id, [])) for row in found.items)
    return Page(items, found.older, found.newer)


def _row(row: Row[Any], authors: list[AuthorRow]) -> IdeaRow:
    return IdeaRow._make((*row[:_SHOWN], tuple(authors)))
