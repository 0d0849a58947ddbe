"""Reading ideas.  Statements stand here once, with bound values; lists read columns."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import String, bindparam, cast, literal, null, or_, select, union_all
from sqlalchemy.orm import aliased

from portal.actor import Actor
from portal.columns import JsonObject
from portal.database import lock_row, session
from portal.errors import NotFound
from portal.i18n import gettext as _
from portal.ideas.lifecycle import Move, State
from portal.ideas.models import (
    IS_SILENT,
    Comment,
    Idea,
    IdeaAuthor,
    IdeaMark,
    IdeaMove,
    MarkKind,
    Support,
)
from portal.insights.models import Channel
from portal.people.models import Person
from portal.people.queries import Face

_VISIBLE = select(Idea).where(
    Idea.number == bindparam("number"),
    or_(Idea.submitted_at.is_not(None), Idea.submitter_id == bindparam("reader_id")),
)
_BY_NONCE = select(Idea).where(Idea.nonce == bindparam("nonce"))
_COMMENT_BY_NONCE = select(Comment).where(Comment.nonce == bindparam("nonce"))
_SUPPORT = select(Support).where(
    Support.idea_id == bindparam("idea_id"), Support.person_id == bindparam("person_id")
)


def get_visible_idea(actor: Actor, number: int, *, for_update: bool = False) -> Idea:
    """The idea with this number, if the actor may see it; ``for_update`` locks its row.

    What was never handed in is visible to its writer alone, even when taken back.

    Raises
    ------
    NotFound
        If there is none, or none for this reader.
    """
    statement = lock_row(_VISIBLE) if for_update else _VISIBLE
    idea: Idea | None = session().scalar(statement, {"number": number, "reader_id": actor.id})
    if idea is None:
        raise nothing_here()
    return idea


def nothing_here() -> NotFound:
    """The answer to whoever may not see something, as if it had never been."""
    return NotFound(
        _(
            "There is nothing here that you can see. It may have moved, "
            "or it may not be yours to read."
        )
    )


def get_idea(idea_id: int) -> Idea:
    """An idea by its key, for reactions and jobs; raises NotFound."""
    idea = session().get(Idea, idea_id)
    if idea is None:
        raise NotFound(_("There is no such idea."))
    return idea


def lock_idea(idea_id: int) -> None:
    """Hold the idea's row until this unit ends, so that others who write to it wait."""
    session().execute(lock_row(select(Idea.id).where(Idea.id == idea_id)))


def find_by_nonce(nonce: str) -> Idea | None:
    """The idea that a form made."""
    return session().scalar(_BY_NONCE, {"nonce": nonce})


def find_comment_by_nonce(nonce: str) -> Comment | None:
    """The comment that a form made."""
    return session().scalar(_COMMENT_BY_NONCE, {"nonce": nonce})


def find_support(idea_id: int, person_id: int) -> Support | None:
    """What somebody said with their "me too", or None."""
    return session().scalar(_SUPPORT, {"idea_id": idea_id, "person_id": person_id})


def list_copied(support: Support) -> list[Support]:
    """A "me too" and those that it was copied from, the copy before its original."""
    found = [support]
    while (origin_id := found[-1].copied_from_id) is not None:
        found.append(session().get_one(Support, origin_id))
    return found


class AuthorRow(NamedTuple):
    """An author with the share in whole percent."""

    face: Face
    share_percent: int


_AUTHORS = (
    select(IdeaAuthor.idea_id, IdeaAuthor.share_percent, Person.id, Person.name, Person.hue)
    .join(Person, Person.id == IdeaAuthor.person_id)
    .where(IdeaAuthor.idea_id.in_(bindparam("idea_ids", expanding=True)))
    .order_by(IdeaAuthor.idea_id, IdeaAuthor.share_percent.desc(), Person.name, Person.id)
)


_AUTHOR_EMAILS = (
    select(Person.email)
    .join(IdeaAuthor, IdeaAuthor.person_id == Person.id)
    .where(IdeaAuthor.idea_id == bindparam("idea_id"), Person.id != bindparam("reader_id"))
    .order_by(Person.name, Person.id)
)


def list_coauthor_emails(actor: Actor, idea_id: int) -> list[str]:
    """The addresses of the authors beside the actor, as the form of a draft shows them."""
    found = session().scalars(_AUTHOR_EMAILS, {"idea_id": idea_id, "reader_id": actor.id})
    return list(found)


def list_authors(idea_id: int) -> list[AuthorRow]:
    """The authors of an idea, the largest share first."""
    return map_authors([idea_id]).get(idea_id, [])


def map_authors(idea_ids: Iterable[int]) -> dict[int, list[AuthorRow]]:
    """The authors of several ideas by the idea's key, in one statement."""
    authors: dict[int, list[AuthorRow]] = {}
    for row in session().execute(_AUTHORS, {"idea_ids": list(idea_ids)}):
        face = Face(row.id, row.name, row.hue)
        authors.setdefault(row.idea_id, []).append(AuthorRow(face, row.share_percent))
    return authors


@dataclass(frozen=True, slots=True)
class SupportRow:
    """A dated example that somebody gave."""

    face: Face
    occurred_on: date
    channel: Channel | None
    example: str | None
    minutes: int | None


_SUPPORTS = (
    select(
        Support.occurred_on,
        Support.channel,
        Support.example,
        Support.minutes,
        Person.id,
        Person.name,
        Person.hue,
    )
    .join(Person, Person.id == Support.person_id)
    .where(Support.idea_id == bindparam("idea_id"))
    .order_by(Support.example.is_(None), Support.occurred_on.desc(), Support.id.desc())
    .limit(bindparam("row_limit"))
)


def list_supports(idea_id: int, limit: int = 20) -> list[SupportRow]:
    """Who meets the same: those with an example first, the latest day first."""
    rows = session().execute(_SUPPORTS, {"idea_id": idea_id, "row_limit": limit})
    return [
        SupportRow(
            Face(row.id, row.name, row.hue), row.occurred_on, row.channel, row.example, row.minutes
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class CommentRow:
    """Something said about an idea, in markdown."""

    id: int
    face: Face
    body: str
    created_at: datetime
    html: JsonObject
    html_version: int


_COMMENTS = (
    select(
        Comment.id.label("comment_id"),
        Comment.idea_id,
        Comment.body,
        Comment.created_at,
        Comment.html,
        Comment.html_version,
        Person.id,
        Person.name,
        Person.hue,
    )
    .join(Person, Person.id == Comment.person_id)
    .where(Comment.idea_id.in_(bindparam("idea_ids", expanding=True)))
    .order_by(Comment.id.desc())
    .limit(bindparam("row_limit"))
)


def list_comments(idea_id: int, limit: int = 100) -> list[CommentRow]:
    """The latest comments, in the order they were made."""
    return map_comments([idea_id], limit).get(idea_id, [])


def map_comments(idea_ids: Iterable[int], limit: int = 100) -> dict[int, list[CommentRow]]:
    """The latest comments on several ideas by the idea's key, in one statement."""
    values = {"idea_ids": list(idea_ids), "row_limit": limit}
    found: dict[int, list[CommentRow]] = {}
    for row in reversed(session().execute(_COMMENTS, values).all()):
        said = CommentRow(
            id=row.comment_id,
            face=Face(row.id, row.name, row.hue),
            body=row.body,
            created_at=row.created_at,
            html=row.html,
            html_version=row.html_version,
        )
        found.setdefault(row.idea_id, []).append(said)
    return found


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """A step of an idea's life, or a mark on it; names are None for the clockwork.

    ``person_name`` is whom a mark is about; ``left_at`` is, for a step that laid it on a
    department's desk, when it left that desk again.
    """

    at: datetime
    what: Move | MarkKind
    from_state: State | None
    to_state: State | None
    actor_name: str | None
    person_name: str | None
    sentence: str | None
    details: JsonObject
    left_at: datetime | None = None


_Whom = aliased(Person, name="whom")
_MOVES = (
    select(
        IdeaMove.idea_id,
        IdeaMove.at,
        literal(0).label("is_mark"),
        IdeaMove.id.label("row_id"),
        IdeaMove.verb.label("what"),
        IdeaMove.from_state,
        IdeaMove.to_state,
        Person.name.label("actor_name"),
        cast(null(), String).label("person_name"),
        IdeaMove.sentence,
        IdeaMove.details,
    )
    .outerjoin(Person, Person.id == IdeaMove.actor_id)
    .where(IdeaMove.idea_id.in_(bindparam("idea_ids", expanding=True)), ~IS_SILENT)
)
_MARKS = (
    select(
        IdeaMark.idea_id,
        IdeaMark.at,
        literal(1),
        IdeaMark.id,
        cast(IdeaMark.kind, String),
        cast(null(), IdeaMove.from_state.type),
        cast(null(), IdeaMove.to_state.type),
        Person.name,
        _Whom.name,
        IdeaMark.sentence,
        IdeaMark.details,
    )
    .outerjoin(Person, Person.id == IdeaMark.actor_id)
    .outerjoin(_Whom, _Whom.id == IdeaMark.person_id)
    .where(IdeaMark.idea_id.in_(bindparam("idea_ids", expanding=True)))
)
_BOTH = union_all(_MOVES, _MARKS).subquery("timeline")
_TIMELINE = select(_BOTH).order_by(_BOTH.c.at.desc(), _BOTH.c.is_mark.desc(), _BOTH.c.row_id.desc())


_LAYS_ON_A_DESK = frozenset({Move.ROUTE, Move.TRANSFER})
_DECIDES = frozenset(
    {
        *(Move.ACCEPT, Move.DECLINE, Move.DEFER, Move.ACCEPT_COST, Move.POINT_OUT),
        *(Move.MERGE, Move.TEST, Move.WITHDRAW),
    }
)


def get_timeline(idea_id: int) -> list[TimelineRow]:
    """Every step an idea took that people read of, and every mark on it, the latest first."""
    return map_timelines([idea_id]).get(idea_id, [])


def map_timelines(idea_ids: Iterable[int]) -> dict[int, list[TimelineRow]]:
    """The steps and marks of several ideas by the idea's key, in one statement."""
    found: dict[int, list[TimelineRow]] = {}
    left: dict[int, datetime] = {}
    for row in session().execute(_TIMELINE, {"idea_ids": list(idea_ids)}):
        what = MarkKind(row.what) if row.is_mark else Move(row.what)
        step = TimelineRow(
            at=row.at,
            what=what,
            from_state=row.from_state,
            to_state=row.to_state,
            actor_name=row.actor_name,
            person_name=row.person_name,
            sentence=row.sentence,
            details=row.details,
            left_at=left.get(row.idea_id) if what in _LAYS_ON_A_DESK else None,
        )
        if what in _LAYS_ON_A_DESK or (step.from_state is State.TRIAGE and what in _DECIDES):
            left[row.idea_id] = row.at
        found.setdefault(row.idea_id, []).append(step)
    return found
