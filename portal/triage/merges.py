"""Reading what was joined to what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased

from portal.database import lock_row, session
from portal.errors import NotFound, RuleBroken
from portal.i18n import gettext as _
from portal.ideas.lifecycle import State
from portal.ideas.models import Idea, IdeaAuthor, Support
from portal.people.models import Person
from portal.triage.models import Decision, Merge

IN_FORCE = Merge.unmerged_at.is_(None)

_Into = aliased(Idea, name="into")
_OF_IDEA = select(Merge).where(Merge.idea_id == bindparam("idea_id"), IN_FORCE)
_INTO = select(Merge).where(Merge.into_id == bindparam("idea_id"), IN_FORCE).order_by(Merge.id)
_SHARES = (
    select(IdeaAuthor.person_id, IdeaAuthor.share_percent)
    .where(IdeaAuthor.idea_id == bindparam("idea_id"))
    .order_by(IdeaAuthor.share_percent.desc(), IdeaAuthor.person_id)
)
_SUPPORTS = (
    select(Support)
    .where(Support.idea_id.in_(bindparam("idea_ids", expanding=True)))
    .order_by(Support.id)
)
_PAIR = (
    select(Idea)
    .where(
        Idea.number.in_([bindparam("number"), bindparam("into_number")]),
        Idea.submitted_at.is_not(None),
    )
    .order_by(Idea.id)
)


def find_merge(idea_id: int) -> Merge | None:
    """How an idea is joined to another just now."""
    return session().scalar(_OF_IDEA, {"idea_id": idea_id})


def list_merges_into(idea_id: int) -> Sequence[Merge]:
    """What is joined to an idea just now, the first one first."""
    return session().scalars(_INTO, {"idea_id": idea_id}).all()


def list_shares(idea_id: int) -> list[tuple[int, int]]:
    """The authors of an idea and their percent, the largest share first."""
    rows = session().execute(_SHARES, {"idea_id": idea_id})
    return [(row.person_id, row.share_percent) for row in rows]


def list_supports_of(idea_ids: Sequence[int]) -> Sequence[Support]:
    """Every "me too" of some ideas, in the order they were said."""
    return session().scalars(_SUPPORTS, {"idea_ids": list(idea_ids)}).all() if idea_ids else ()


_COPIES = select(Support).where(Support.copied_from_id.in_(bindparam("ids", expanding=True)))


def list_copies_of(support_ids: Sequence[int]) -> Sequence[Support]:
    """What was copied from some "me too"."""
    return session().scalars(_COPIES, {"ids": list(support_ids)}).all()


def lock_pair(number: int, into_number: int) -> tuple[Idea, Idea]:
    """Two ideas that were handed in, held until this unit ends, always in the same order.

    Raises
    ------
    NotFound
        If the first is not there.
    RuleBroken
        On ``into``, if the second is not, or is the first.
    """
    if number == into_number:
        raise RuleBroken(_("This is the idea itself."), field="into")
    values = {"number": number, "into_number": into_number}
    found = {one.number: one for one in session().scalars(lock_row(_PAIR), values)}
    if number not in found:
        raise NotFound(_("There is nothing here that you can see."))
    if into_number not in found:
        raise RuleBroken(_("There is no idea with this number."), field="into")
    return found[number], found[into_number]


@dataclass(frozen=True, slots=True)
class Joined:
    """An idea on the other end of a merge, and how it came to be."""

    idea_id: int
    number: int
    title: str
    state: State
    department_id: int | None
    by: str
    at: datetime
    sentence: str


_ROW = (
    Idea.id,
    Idea.number,
    Idea.title,
    Idea.state,
    Idea.owner_department_id,
    Person.name,
    Merge.merged_at,
    Decision.sentence,
)
_JOINED_TO_IT = (
    select(*_ROW)
    .join(Merge, Merge.idea_id == Idea.id)
    .join(Person, Person.id == Merge.merged_by_id)
    .join(Decision, Decision.id == Merge.decision_id)
    .where(Merge.into_id == bindparam("idea_id"), IN_FORCE)
    .order_by(Merge.id)
)
_JOINED_INTO = (
    select(*_ROW)
    .join(Merge, Merge.into_id == Idea.id)
    .join(Person, Person.id == Merge.merged_by_id)
    .join(Decision, Decision.id == Merge.decision_id)
    .where(Merge.idea_id == bindparam("idea_id"), IN_FORCE)
)


def list_joined(idea_id: int) -> list[Joined]:
    """The ideas that are joined to this one, for its page."""
    return [Joined(*row) for row in session().execute(_JOINED_TO_IT, {"idea_id": idea_id})]


def find_joined_into(idea_id: int) -> Joined | None:
    """The idea that this one is joined to, for its page."""
    row = session().execute(_JOINED_INTO, {"idea_id": idea_id}).one_or_none()
    return Joined(*row) if row else None
