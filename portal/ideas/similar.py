"""Ideas that say much the same, found by the rare words that they share.

Two statements, whose work does not grow with the number of ideas: the terms of the text, and
the ideas that hold the most telling ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Float, bindparam, func, select, union_all

from portal.columns import BigId
from portal.database import session
from portal.ideas.lifecycle import State
from portal.ideas.likeness import ASKED_TERMS, ask, count_terms
from portal.ideas.models import Idea, IdeaTerm, Term
from portal.people.models import Department

EVERY_IDEA = ""
"""The term that every idea holds: its count is that of all ideas."""
SHOWN = 5
LEAST_PERCENT = 15
"""What is less alike shares some words by chance."""
_CONSIDERED = 40
_NO_TERM = -1

_TERMS = select(Term.id, Term.letters, Term.idea_count).where(
    Term.letters.in_(bindparam("letters", expanding=True))
)
_SLOTS = range(ASKED_TERMS)
_ASKED = union_all(
    *(
        select(
            bindparam(f"term_{n}", type_=BigId).label("term_id"),
            bindparam(f"factor_{n}", type_=Float()).label("factor"),
        )
        for n in _SLOTS
    )
).cte("asked")
_SCORE = func.sum(IdeaTerm.weight * _ASKED.c.factor)
_BEST = (
    select(IdeaTerm.idea_id, _SCORE.label("score"))
    .join(_ASKED, _ASKED.c.term_id == IdeaTerm.term_id)
    .where(IdeaTerm.idea_id != bindparam("but"))
    .group_by(IdeaTerm.idea_id)
    .order_by(_SCORE.desc(), IdeaTerm.idea_id.desc())
    .limit(_CONSIDERED)
    .subquery()
)
_FOUND = (
    select(
        Idea.id,
        Idea.number,
        Idea.title,
        Idea.state,
        Idea.support_count,
        Department.name.label("department"),
        _BEST.c.score,
    )
    .join(_BEST, _BEST.c.idea_id == Idea.id)
    .outerjoin(Department, Department.id == Idea.owner_department_id)
    .where(
        Idea.submitted_at.is_not(None),
        Idea.state.not_in([State.DRAFT, State.WITHDRAWN, State.MERGED]),
    )
    .order_by(_BEST.c.score.desc(), Idea.id.desc())
    .limit(bindparam("most"))
)


@dataclass(frozen=True, slots=True)
class Alike:
    """An idea that says much the same; ``percent`` is how much of what tells it shares."""

    id: int
    number: int
    title: str
    state: State
    support_count: int
    department: str | None
    percent: int


def list_similar(title: str, *texts: str, but: int = 0, most: int = SHOWN) -> list[Alike]:
    """The ideas that say what these texts say, the likest first.

    Only what everybody who works here may read is ever found: no drafts, nothing that was
    taken back, and of merged ideas the one that lives on.  ``but`` is the key of an idea that
    is left out: the one that the texts are from.
    """
    counts = count_terms(title, *texts)
    if not counts:
        return []
    known = session().execute(_TERMS, {"letters": [EVERY_IDEA, *counts]}).all()
    ids = {row.letters: row.id for row in known}
    numbers = {row.letters: row.idea_count for row in known}
    question = ask(counts, numbers, numbers.get(EVERY_IDEA, 0))
    if not question.factors:
        return []
    asked = {**_fill(question.factors, ids), "but": but, "most": most}
    found = [
        Alike(
            id=row.id,
            number=row.number,
            title=row.title,
            state=row.state,
            support_count=row.support_count,
            department=row.department,
            percent=question.percent(row.score),
        )
        for row in session().execute(_FOUND, asked)
    ]
    return [one for one in found if one.percent >= LEAST_PERCENT]


def _fill(factors: Mapping[str, float], ids: Mapping[str, int]) -> dict[str, float]:
    """The terms in the statement's slots; what is over stays empty."""
    filled: dict[str, float] = {f"term_{n}": _NO_TERM for n in _SLOTS}
    filled |= {f"factor_{n}": 0.0 for n in _SLOTS}
    for n, (term, factor) in enumerate(factors.items()):
        filled[f"term_{n}"], filled[f"factor_{n}"] = ids[term], factor
    return filled


_UNINDEXED = (
    select(Idea.id)
    .where(
        Idea.submitted_at.is_not(None),
        ~select(IdeaTerm.idea_id)
        .join(Term, Term.id == IdeaTerm.term_id)
        .where(Term.letters == EVERY_IDEA, IdeaTerm.idea_id == Idea.id)
        .exists(),
    )
    .order_by(Idea.id)
    .limit(bindparam("most"))
)


def list_unindexed(most: int) -> list[int]:
    """The keys of ideas that were handed in before their terms were kept."""
    return list(session().scalars(_UNINDEXED, {"most": most}))
