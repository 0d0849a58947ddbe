"""Who is to be told about an item: the one place that answers it."""

from dataclasses import dataclass

from sqlalchemy import bindparam, literal, select, union_all

from portal.database import session
from portal.ideas.models import Idea, IdeaAuthor, Support


@dataclass(frozen=True, slots=True)
class Concerned:
    """Ids of those whom an idea concerns; nobody is an author and a supporter at once."""

    authors: frozenset[int]
    supporters: frozenset[int]
    handler: frozenset[int]


_CONCERNED = union_all(
    select(literal("authors").label("part"), IdeaAuthor.person_id).where(
        IdeaAuthor.idea_id == bindparam("idea_id")
    ),
    select(literal("supporters").label("part"), Support.person_id).where(
        Support.idea_id == bindparam("idea_id")
    ),
)


def list_concerned(idea: Idea) -> Concerned:
    """Everybody whom news of an idea concerns, by what it is to them."""
    rows = session().execute(_CONCERNED, {"idea_id": idea.id}).all()
    authors = frozenset(person_id for part, person_id in rows if part == "authors")
    supporters = frozenset(person_id for part, person_id in rows if part == "supporters")
    handler = frozenset({idea.handler_id} - {None})
    return Concerned(authors, supporters - authors, frozenset(one for one in handler if one))
