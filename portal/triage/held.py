"""Reading which decisions hold already and can still be undone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select

from portal.actor import Actor
from portal.columns import UtcDateTime
from portal.database import in_unit, lock_row, session
from portal.ideas.models import Idea, IdeaMove
from portal.now import now
from portal.triage.models import Decision, DecisionKind, HeldDecision
from portal.triage.policies import can_undo

_OF_IDEA = select(HeldDecision).where(HeldDecision.idea_id == bindparam("idea_id"))
_MOVES_SINCE = (
    select(IdeaMove.id)
    .where(IdeaMove.idea_id == bindparam("idea_id"), IdeaMove.id > bindparam("last"))
    .order_by(IdeaMove.id)
)
_LAST_MOVE = select(func.max(IdeaMove.id)).where(IdeaMove.idea_id == bindparam("idea_id"))
_OWN = (
    select(Idea.number, Idea.title, Decision.kind, Decision.sentence, HeldDecision.until)
    .join(Idea, Idea.id == HeldDecision.idea_id)
    .join(Decision, Decision.id == HeldDecision.decision_id)
    .where(
        HeldDecision.signed_by_id == bindparam("person_id"),
        HeldDecision.until > bindparam("moment", type_=UtcDateTime()),
    )
    .order_by(HeldDecision.until.desc(), HeldDecision.decision_id.desc())
    .limit(100)
)


@dataclass(frozen=True, slots=True)
class Undoable:
    """A decision of the reader's own that they can still take back."""

    number: int
    title: str
    kind: DecisionKind
    sentence: str
    until: datetime


def find_held(idea_id: int) -> HeldDecision | None:
    """The decision on an idea that nobody was told of; in a writing unit, held until it ends."""
    statement = lock_row(_OF_IDEA) if in_unit() else _OF_IDEA
    return session().scalar(statement, {"idea_id": idea_id})


def find_undoable(actor: Actor, idea_id: int) -> HeldDecision | None:
    """The decision on an idea that the actor can still take back."""
    held = find_held(idea_id)
    return held if held is not None and can_undo(actor, held) and held.until > now() else None


def list_undoable(actor: Actor) -> list[Undoable]:
    """What the actor signed in the last minute and can still take back, the latest first."""
    values = {"person_id": actor.id, "moment": now()}
    return [Undoable(*row) for row in session().execute(_OWN, values)]


def find_last_step(idea_id: int) -> int:
    """The key of the last step of an idea; 0 where there is none."""
    return session().scalar(_LAST_MOVE, {"idea_id": idea_id}) or 0


def list_steps_since(idea_id: int, last: int) -> Sequence[int]:
    """The keys of the steps of an idea after one of them, in their order."""
    return session().scalars(_MOVES_SINCE, {"idea_id": idea_id, "last": last}).all()
