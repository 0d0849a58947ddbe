"""Keeping the terms of ideas, in the unit that hands them in, so that like is found by like."""

from functools import cache
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from portal.database import active, at_end_of_unit, session
from portal.ideas.likeness import count_terms, weigh
from portal.ideas.models import Idea, IdeaTerm, Term
from portal.ideas.similar import EVERY_IDEA

INDEX_ORDER = 10
"""Early among what a unit does at its end, and not before: every unit raises the same rows."""


def index_idea(idea: Idea) -> None:
    """Keep an idea's terms as this unit ends; one that is kept already stays as it is."""
    weights = weigh(count_terms(idea.title, idea.problem, idea.proposal))
    idea_id = idea.id
    at_end_of_unit(INDEX_ORDER, lambda: _write(idea_id, weights))


def _write(idea_id: int, weights: dict[str, int]) -> None:
    """Terms in one order, so that two units at once never wait on each other in a circle."""
    count, place = _statements(active().is_sqlite)
    connection = session().connection()
    connection.execute(count, [{"letters": EVERY_IDEA, "step": 0}])
    every = [{"letters": EVERY_IDEA, "idea": idea_id, "weight": 0}]
    if not connection.execute(place, every).rowcount:
        return
    letters = sorted({EVERY_IDEA, *weights})
    connection.execute(count, [{"letters": term, "step": 1} for term in letters])
    rows = [{"letters": term, "idea": idea_id, "weight": weights[term]} for term in sorted(weights)]
    if rows:
        connection.execute(place, rows)


@cache
def _statements(is_sqlite: bool) -> tuple[Any, Any]:
    """Count a term, and place it in an idea; built once for each kind of database."""
    insert: Any = sqlite.insert if is_sqlite else postgresql.insert
    count = insert(Term).values(letters=bindparam("letters"), idea_count=bindparam("step"))
    count = count.on_conflict_do_update(
        index_elements=[Term.letters], set_={"idea_count": Term.idea_count + bindparam("step")}
    )
    place = insert(IdeaTerm).from_select(
        ["term_id", "idea_id", "weight"],
        select(Term.id, bindparam("idea"), bindparam("weight")).where(
            Term.letters == bindparam("letters")
        ),
    )
    return count, place.on_conflict_do_nothing(index_elements=[IdeaTerm.term_id, IdeaTerm.idea_id])
