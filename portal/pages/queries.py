"""Counts for the frame, and what the pages that span slices show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Label, Row, Select, and_, bindparam, func, select

from portal.actor import Actor, Capability
from portal.authors.queries import OWN, OWN_IDS, list_own_ids, note_known, own
from portal.clocks.models import Clock
from portal.contributions.queries import SUBJECT as PART
from portal.contributions.queries import list_owed
from portal.database import session
from portal.delivery.models import Implementation
from portal.demand.models import ContactReason
from portal.ideas.lifecycle import State
from portal.ideas.models import IS_SILENT, Idea, IdeaAuthor, IdeaMove, Support
from portal.impact.models import AnalysisRun
from portal.notifications.models import Notice
from portal.now import now
from portal.paging import Keyset, Page
from portal.people.models import Department, Person


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits on a person."""

    items: int
    to_decide: int
    unread: int


_NEVER = datetime.max.replace(tzinfo=UTC)
_ON_ME = Idea.handler_id.in_(OWN_IDS)
_WAITING = select(func.count(Idea.id)).where(Idea.handler_id == OWN.c.id)
_PARTS = select(func.count(Clock.id)).where(
    Clock.accountable_id == OWN.c.id, Clock.stopped_at.is_(None), Clock.subject_kind == PART
)
_UNREAD = select(func.count(Notice.id)).where(
    Notice.person_id == OWN.c.id, Notice.read_at.is_(None)
)


def _each(count: Select[int], name: str) -> Label[int]:
    """A count for each of the reader's own keys, summed.

    As a join, SQLite would first read every idea into a filter: it takes the keys for many.
    """
    return func.sum(count.correlate(OWN).scalar_subquery()).label(name)


_COUNTS = select(
    _each(_WAITING, "items"),
    _each(_PARTS, "parts"),
    _each(_WAITING.where(Idea.state == State.TRIAGE), "to_decide"),
    _each(_UNREAD, "unread"),
    func.count().label("own"),
).select_from(OWN)


def count_waiting(actor: Actor) -> Waiting:
    """How many ideas, tasks and unread messages wait on the actor, in one statement."""
    values = own(actor)
    row = session().execute(_COUNTS, values).one()
    while row.own > len(values["tokens"]):  # they sealed more than this process knew of
        note_known(actor.id or 0, row.own)
        values = own(actor)
        row = session().execute(_COUNTS, values).one()
    return Waiting(row.items + row.parts, row.to_decide, row.unread)


_LINE = (
    Idea.id,
    Idea.number,
    Idea.title,
    Idea.state,
    Idea.handler_id,
    Idea.waits_since,
    Idea.due_at,
    Idea.is_paused,
    Idea.support_count,
    Idea.moved_at,
    Department.name.label("department"),
)
_WAITS = (
    select(*_LINE)
    .outerjoin(Department, Department.id == Idea.owner_department_id)
    .where(_ON_ME)
    .order_by(Idea.due_at.is_(None), Idea.due_at, Idea.id)
    .limit(50)
)
_MINE = (
    select(*_LINE, Person.name.label("handler"))
    .join(IdeaAuthor, IdeaAuthor.idea_id == Idea.id)
    .outerjoin(Department, Department.id == Idea.owner_department_id)
    .outerjoin(Person, Person.id == Idea.handler_id)
    .where(IdeaAuthor.person_id.in_(OWN_IDS))
    .order_by(Idea.moved_at.desc(), Idea.id.desc())
    .limit(12)
)
_LAST_WORDS = (
    select(IdeaMove.idea_id, IdeaMove.sentence, Person.name)
    .outerjoin(Person, Person.id == IdeaMove.actor_id)
    .where(
        IdeaMove.id.in_(
            select(func.max(IdeaMove.id))
            .where(
                IdeaMove.idea_id.in_(bindparam("ids", expanding=True)),
                IdeaMove.sentence.is_not(None),
                ~IS_SILENT,
            )
            .group_by(IdeaMove.idea_id)
        )
    )
)
_SUPPORTED = Support.idea_id + 0
"""The sum hides the column from its index, through which SQLite would count every support ever."""
_LOUDEST = (
    select(_SUPPORTED.label("idea_id"), func.count().label("number_of"))
    .where(Support.created_at >= bindparam("since", type_=Support.created_at.type))
    .group_by(_SUPPORTED)
    .order_by(func.count().desc(), _SUPPORTED.desc())
    .limit(3)
    .subquery()
)
_HEARD = (
    select(Idea.number, Idea.title, _LOUDEST.c.number_of)
    .join(_LOUDEST, _LOUDEST.c.idea_id == Idea.id)
    .order_by(_LOUDEST.c.number_of.desc(), Idea.id.desc())
)


@dataclass(frozen=True, slots=True)
class Home:
    """What somebody's first page shows."""

    waits: Sequence[Row[*tuple[Any, ...]]]
    parts: Sequence[Row[*tuple[Any, ...]]]
    mine: Sequence[Row[*tuple[Any, ...]]]
    words: dict[int, Row[*tuple[Any, ...]]]
    heard: Sequence[Row[*tuple[Any, ...]]]
    done: Row[*tuple[Any, ...]] | None

    @property
    def owed(self) -> list[tuple[bool, Row[*tuple[Any, ...]]]]:
        """Ideas and tasks together by their clocks; whether each is a task."""
        both = [(False, row) for row in self.waits] + [(True, row) for row in self.parts]
        return sorted(both, key=lambda one: (one[1].due_at is None, one[1].due_at or _NEVER))


def list_last_words(idea_ids: Sequence[int]) -> dict[int, Row[*tuple[Any, ...]]]:
    """The latest sentence somebody wrote with a move of each idea."""
    if not idea_ids:
        return {}
    return {row.idea_id: row for row in session().execute(_LAST_WORDS, {"ids": list(idea_ids)})}


def get_home(actor: Actor) -> Home:
    """What waits on the actor, what became of theirs, and what the floor hears most."""
    values = {"own_ids": list_own_ids(actor)}
    waits = session().execute(_WAITS, values).all()
    parts = list_owed(actor) if actor.can(Capability.TRIAGE) else ()
    mine = session().execute(_MINE, values).all()
    ids = sorted({row.id for row in (*waits, *mine)})
    words = list_last_words(ids)
    heard = session().execute(_HEARD, {"since": now() - timedelta(days=7)}).all()
    done = list_done(limit=1).items
    return Home(waits, parts, mine, words, heard, done[0] if done else None)


_DONE = Keyset(
    select(
        Implementation.id,
        Implementation.go_live_on,
        Implementation.what_changes,
        Idea.number,
        Idea.title,
        Idea.state,
        Idea.problem,
        Department.name.label("department"),
        AnalysisRun.verdict,
        AnalysisRun.grade,
        AnalysisRun.sentence,
    )
    .join(Idea, Idea.id == Implementation.idea_id)
    .outerjoin(Department, Department.id == Idea.owner_department_id)
    .outerjoin(
        AnalysisRun,
        and_(
            AnalysisRun.implementation_id == Implementation.id,
            AnalysisRun.is_latest,
            AnalysisRun.is_guardrail.is_(False),
        ),
    ),
    (Implementation.id.desc(),),
)


def list_done(cursor: str | None = None, limit: int = 20) -> Page[Row[*tuple[Any, ...]]]:
    """Changes that went live, the latest first, with what they did."""
    return _DONE.page(session(), {}, cursor, limit)


@dataclass(frozen=True, slots=True)
class Names:
    """What the facts of an idea are called."""

    department: str | None
    reason: str | None
    handler: str | None
    handler_hue: int


_NAMES = (
    select(
        Department.name.label("department"),
        ContactReason.name.label("reason"),
        Person.name.label("handler"),
        Person.hue.label("hue"),
    )
    .select_from(Idea)
    .outerjoin(Department, Department.id == Idea.owner_department_id)
    .outerjoin(ContactReason, ContactReason.id == Idea.reason_id)
    .outerjoin(Person, Person.id == Idea.handler_id)
    .where(Idea.id == bindparam("idea_id"))
)


def get_names(idea_id: int) -> Names:
    """The names of an idea's department, reason and handler, in one statement."""
    row = session().execute(_NAMES, {"idea_id": idea_id}).one()
    return Names(row.department, row.reason, row.handler, row.hue or 0)
