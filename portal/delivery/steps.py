"""What every step of a delivery shares: who may take it, and the clocks it sets."""

from datetime import date, datetime

from portal.actor import Actor
from portal.clocks.models import ClockKind
from portal.clocks.services import start_clock, stop_clocks
from portal.delivery import policies
from portal.delivery.models import Commitment
from portal.ideas.lifecycle import Move
from portal.ideas.models import Idea
from portal.ideas.services import SUBJECT, move_idea


def require_promiser(actor: Actor, idea: Idea) -> None:
    """Raise NotAllowed unless the actor delivers for the department of the idea."""
    policies.can_promise.require(actor, idea)


def require_reporter(actor: Actor, idea: Idea, commitment: Commitment) -> None:
    """Raise NotAllowed for anybody but the person named in the promise and the department."""
    policies.can_report.require(actor, idea, commitment.person_id)


def start_delivery(idea: Idea, commitment: Commitment, due_on: date) -> datetime:
    """Let the promised day govern the idea; returns when it is due."""
    return start_clock(
        ClockKind.DELIVER,
        SUBJECT,
        idea.id,
        department_id=commitment.department_id,
        accountable_id=commitment.person_id,
        is_governing=True,
        until=due_on,
    )


def restart_report(idea: Idea, commitment: Commitment) -> None:
    """Under the promised day: the person says every few weeks how far it is."""
    stop_clocks(SUBJECT, idea.id, {ClockKind.REPORT})
    start_clock(
        ClockKind.REPORT,
        SUBJECT,
        idea.id,
        department_id=commitment.department_id,
        accountable_id=commitment.person_id,
        is_governing=False,
    )


def take_step(
    actor: Actor,
    idea: Idea,
    move: Move,
    commitment: Commitment,
    due_at: datetime | None,
    **details: object,
) -> None:
    """Move the idea; it waits on the person named in the promise."""
    move_idea(actor, idea, move, handler_id=commitment.person_id, due_at=due_at, details=details)
