"""What points follow from what happens to ideas."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from types import MappingProxyType

from portal.events import reacts_to, tells_of
from portal.ideas.events import IdeaMoved
from portal.ideas.lifecycle import Move
from portal.impact.events import IdeaFoundHarmful, IdeaFoundNotProven, IdeaValidated
from portal.jobs.services import enqueue
from portal.now import now
from portal.rewards import earnings
from portal.rewards.rules import DEFAULT_RULES, SECOND_HALF


def _accept(idea_id: int) -> None:
    earnings.thank_authors(idea_id)
    earnings.promise_authors(idea_id)


_BY_MOVE: Mapping[Move, Callable[[int], None]] = MappingProxyType(
    {
        Move.ASK: earnings.thank_authors,
        Move.ACCEPT: _accept,
        Move.IMPLEMENT: earnings.pay_implemented,
        Move.STOP: earnings.lapse_provisional,
        Move.WITHDRAW: earnings.lapse_provisional,
    }
)


@tells_of(IdeaMoved)
def pay_for_move(event: IdeaMoved) -> None:
    """Pay what a step in an idea's life earns; a step that earns nothing is left alone."""
    pay = _BY_MOVE.get(event.move)
    if pay is not None:
        pay(event.idea_id)


@reacts_to(IdeaValidated)
def pay_for_outcome(event: IdeaValidated) -> None:
    """Pay half of the outcome award now and ask for the other half after ninety days."""
    if earnings.pay_outcome(event.validation_id):
        enqueue(
            SECOND_HALF,
            {"validation_id": event.validation_id},
            key=f"{SECOND_HALF}:{event.validation_id}",
            run_at=now() + timedelta(days=DEFAULT_RULES.sustain_days),
        )


@reacts_to(IdeaFoundNotProven)
def pay_for_not_proven(event: IdeaFoundNotProven) -> None:
    """An honest null is one that a validator signed, not one that ran out of time."""
    if event.validation_id is not None:
        earnings.pay_honest_null(event.idea_id)


@reacts_to(IdeaFoundHarmful)
def pay_for_harmful(event: IdeaFoundHarmful) -> None:
    """To say that it made things worse is honest too."""
    earnings.pay_honest_null(event.idea_id)
