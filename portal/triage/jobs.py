"""What the clockwork does for triage."""

from collections.abc import Callable, Iterable
from datetime import timedelta

from portal.columns import JsonObject
from portal.database import lock_row, reading, writing
from portal.ideas.models import Idea
from portal.jobs.services import every, handles
from portal.triage import (
    putting_off,
    queries,
    services,
    sittings,
    standing_in,
    sweeping,
    trying,
    undoing,
)


@every(timedelta(minutes=15), "triage.return_unanswered")
def return_unanswered() -> None:
    """Bring back every idea whose question stood open for too long, each in its own unit."""
    with reading():
        ids = queries.list_unanswered()
    _each(ids, services.return_unanswered)


@every(timedelta(minutes=15), "triage.reopen")
def reopen_due() -> None:
    """Lay back on its desk every idea whose day to look again has come."""
    with reading():
        ids = queries.list_reviews_due()
    _each(ids, putting_off.reopen)


@every(timedelta(minutes=15), "triage.begin_tries")
def begin_tries() -> None:
    """Let every author's try begin that nobody vetoed in time."""
    with reading():
        ids = queries.list_vetoes_over()
    _each(ids, trying.end_veto)


@every(timedelta(minutes=15), "triage.sweep")
def sweep_clocks() -> None:
    """Tell whoever has to hear that something stands open for too long."""
    sweeping.sweep()


@handles(undoing.TELL)
def tell_of_decision(payload: JsonObject) -> None:
    """Tell of a decision whose minute is over, unless it was told or undone meanwhile."""
    with writing():
        undoing.tell_now(payload["idea"], payload["decision"])


@handles(standing_in.STAND_IN)
def stand_in_now(_payload: JsonObject) -> None:
    """Settle who answers, right after an absence was noted or called off."""
    standing_in.settle_all()


@every(timedelta(minutes=15), "triage.stand_in")
def stand_in() -> None:
    """Hand over what waits on people who are away, and back to those who are not any more."""
    standing_in.settle_all()


@every(timedelta(days=1), "triage.forget_sittings")
def forget_sittings() -> None:
    """Forget how long people sat over what, once it helps nobody."""
    with writing():
        sittings.forget_old()


@every(timedelta(days=7), "triage.count_overdue")
def count_overdue() -> None:
    """Tell the named executive once a week how much is over its time."""
    sweeping.count_overdue()


def _each(ids: Iterable[int], act: Callable[[Idea], None]) -> None:
    for idea_id in ids:
        with writing() as unit:
            idea = unit.scalar(lock_row(queries.by_id(idea_id)))
            if idea is not None:
                act(idea)
