"""What reviewers say of an idea before it is decided, and what they see of it until then.

Scores are given before others are read, so that nobody is led by them.  Where a department reviews
blind, an author's name waits as well, until one has scored or decided, or asks for it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, and_, bindparam, literal, select
from sqlalchemy.orm import aliased

from portal.actor import Actor
from portal.audit.services import record
from portal.database import session
from portal.errors import Conflict, RuleBroken
from portal.i18n import gettext as _
from portal.ideas.lifecycle import State
from portal.ideas.models import Idea
from portal.ideas.services import SUBJECT
from portal.now import now
from portal.people.models import Person
from portal.people.queries import Face, get_department
from portal.routing.queries import list_author_ids
from portal.triage.models import (
    AuthorShown,
    Confidence,
    Decision,
    Effort,
    ReviewRule,
    Score,
)
from portal.triage.policies import can_set_review, can_triage

UNDECIDED = frozenset({State.TRIAGE, State.NEEDS_INFO, State.APPEALED})
"""Where scores are given and changed."""

PLAIN = (False, False)
"""How a department reviews that has not said: authors are shown, scores are one's own."""


def _is_there(table: Any, person_column: Any) -> Any:
    return (
        select(literal(1))
        .where(table.idea_id == Idea.id, person_column == bindparam("reader_id"))
        .correlate(Idea)
        .exists()
    )


_Blind = aliased(ReviewRule, name="blind")
HIDES_AUTHOR = and_(
    Idea.state.in_(UNDECIDED),
    select(literal(1))
    .where(_Blind.department_id == Idea.owner_department_id, _Blind.is_blind)
    .correlate(Idea)
    .exists(),
    ~_is_there(Score, Score.person_id),
    ~_is_there(AuthorShown, AuthorShown.person_id),
    ~_is_there(Decision, Decision.signed_by_id),
)
"""Whether the reader, ``reader_id``, is not to see yet who had the idea."""


@dataclass(frozen=True, slots=True)
class Said:
    """What one reviewer said."""

    face: Face
    effort: Effort
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Review:
    """The review of an idea as one reviewer may see it.

    ``others`` is empty until they have said something themselves, or it is decided; ``is_open``
    says whether anything can still be said, ``is_shared`` whether the department shows the spread.
    """

    hides_author: bool
    is_open: bool
    is_shared: bool
    own: Said | None
    others: Sequence[Said]

    @property
    def all(self) -> list[Said]:
        """What is shown, the reader's own first."""
        return [*filter(None, [self.own]), *self.others]


_STANDING = (
    select(HIDES_AUTHOR.label("hides_author"), ReviewRule.shows_spread)
    .select_from(Idea)
    .outerjoin(ReviewRule, ReviewRule.department_id == Idea.owner_department_id)
    .where(Idea.id == bindparam("idea_id"))
)
_SCORES = (
    select(Score.effort, Score.confidence, Person.id, Person.name, Person.hue)
    .join(Person, Person.id == Score.person_id)
    .where(Score.idea_id == bindparam("idea_id"))
    .order_by(Score.scored_at, Person.id)
)


def get_review(actor: Actor, idea: Idea) -> Review:
    """What the actor may see of the review of an idea, in two statements."""
    values = {"idea_id": idea.id, "reader_id": actor.id}
    standing = session().execute(_STANDING, values).one()
    said = [
        Said(Face(row.id, row.name, row.hue), row.effort, row.confidence)
        for row in session().execute(_SCORES, {"idea_id": idea.id})
    ]
    own = next((one for one in said if one.face.id == actor.id), None)
    is_open = idea.state in UNDECIDED
    is_shared = bool(standing.shows_spread)
    may_see = is_shared and (own is not None or not is_open)
    others = [one for one in said if one is not own] if may_see else []
    return Review(standing.hides_author, is_open, is_shared, own, others)


def hides_author(actor: Actor, idea: Idea) -> bool:
    """Whether the actor is not to see yet who had the idea."""
    values = {"idea_id": idea.id, "reader_id": actor.id}
    return bool(session().execute(_STANDING, values).one().hides_author)


def score_idea(
    actor: Actor, idea: Idea, *, effort: Effort | str, confidence: Confidence | str
) -> Score:
    """Say how much work an idea is and how sure one is; said again, it takes the place of before.

    Raises
    ------
    NotAllowed
        Unless the actor decides in the department and had no part in the idea.
    Conflict
        If it is decided.
    RuleBroken
        On ``effort`` or ``confidence``.
    """
    can_triage.require(actor, idea, list_author_ids(idea.id))
    if idea.state not in UNDECIDED:
        raise Conflict(_("It is decided: what was said of it before stays as it is."))
    said = (_one_of(Effort, effort, "effort"), _one_of(Confidence, confidence, "confidence"))
    score = session().get(Score, (idea.id, actor.id))
    if score is None:
        score = Score(idea_id=idea.id, person_id=actor.id)
        session().add(score)
    elif (score.effort, score.confidence) == said:
        return score
    score.effort, score.confidence = said
    score.scored_at = now()
    session().flush()
    record(actor, "idea.scored", SUBJECT, idea.id, effort=score.effort.value)
    return score


def _one_of(kind: Any, value: str, field: str) -> Any:
    try:
        return kind(value)
    except ValueError:
        raise RuleBroken(_("Choose one from the list."), field=field) from None


def show_author(actor: Actor, idea: Idea) -> None:
    """Show the actor who had the idea, before they have scored or decided; kept in the audit log.

    A hidden author stays hidden: what is shown is what everybody sees.

    Raises NotAllowed as :func:`score_idea`.
    """
    can_triage.require(actor, idea, list_author_ids(idea.id))
    if session().get(AuthorShown, (idea.id, actor.id)) is not None:
        return
    session().add(AuthorShown(idea_id=idea.id, person_id=actor.id, shown_at=now()))
    session().flush()
    record(actor, "idea.author_shown", SUBJECT, idea.id)


_RULES = select(ReviewRule.department_id, ReviewRule.is_blind, ReviewRule.shows_spread).where(
    ReviewRule.department_id.in_(bindparam("ids", expanding=True))
)


def map_rules(department_ids: Iterable[int]) -> dict[int, Row[int, bool, bool]]:
    """How departments review that have said so, in one statement."""
    rows = session().execute(_RULES, {"ids": sorted(department_ids)})
    return {row.department_id: row for row in rows}


def set_rule(actor: Actor, department_id: int, *, is_blind: bool, shows_spread: bool) -> None:
    """Say how a department reviews, from the next look on.

    Raises
    ------
    NotFound
        If there is no such department.
    NotAllowed
        Unless the actor decides there.
    """
    department = get_department(department_id)
    kept = session().get(ReviewRule, department.id) or ReviewRule(department_id=department.id)
    can_set_review.require(actor, kept)
    kept.is_blind, kept.shows_spread = is_blind, shows_spread
    kept.set_by_id, kept.set_at = actor.id or 0, now()
    session().add(kept)
    session().flush()
    record(
        actor,
        "review.rule_set",
        "department",
        department.id,
        is_blind=is_blind,
        shows_spread=shows_spread,
    )
