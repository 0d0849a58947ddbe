"""From a yes to a change that is live: promises, progress, dates, evidence, confirmation."""

from datetime import date

from portal.actor import Actor
from portal.audit.services import record
from portal.clocks.services import stop_clocks
from portal.database import session
from portal.delivery import policies, terms
from portal.delivery.events import DateChanged, ProgressAdded
from portal.delivery.going_live import confirm_change, implement_idea
from portal.delivery.models import Commitment, DateChange, ProgressNote
from portal.delivery.promising import commit_to_idea
from portal.delivery.queries import find_latest, get_commitment
from portal.delivery.steps import (
    require_promiser,
    require_reporter,
    restart_report,
    start_delivery,
    take_step,
)
from portal.delivery.terms import checked_sentence
from portal.errors import Conflict, RuleBroken
from portal.events import publish
from portal.i18n import gettext as _
from portal.ideas.lifecycle import Move, State, next_state
from portal.ideas.models import Idea
from portal.ideas.queries import lock_idea
from portal.ideas.services import SUBJECT, move_idea
from portal.now import now

__all__ = [
    "add_progress",
    "change_date",
    "close_idea",
    "commit_to_idea",
    "confirm_change",
    "implement_idea",
    "roll_back",
    "start_work",
    "stop_idea",
]

AT_WORK = (State.COMMITTED, State.IN_PROGRESS)


def start_work(actor: Actor, idea: Idea) -> None:
    """Begin; the promised day stays.  Beginning twice is once.

    Raises NotAllowed for anybody but the person named and the department, Conflict where
    nothing is promised.
    """
    commitment = get_commitment(idea.id)
    require_reporter(actor, idea, commitment)
    if idea.state is State.IN_PROGRESS:
        return
    take_step(actor, idea, Move.START, commitment, idea.due_at)


def add_progress(actor: Actor, idea: Idea, *, sentence: str) -> ProgressNote:
    """Say how far it is; the next word is due a report clock later.

    The same sentence twice in a row by the same person is one.  Raises NotAllowed, Conflict
    once the change is live, RuleBroken when it says too little.
    """
    commitment = get_commitment(idea.id)
    require_reporter(actor, idea, commitment)
    _require_at_work(idea)
    said = checked_sentence(sentence, "sentence", least=10)
    lock_idea(idea.id)
    latest = find_latest(ProgressNote, commitment.id)
    if latest is not None and (latest.sentence, latest.person_id) == (said, actor.id):
        return latest
    note = ProgressNote(
        commitment_id=commitment.id, sentence=said, person_id=actor.id, said_at=now()
    )
    session().add(note)
    session().flush()
    restart_report(idea, commitment)
    record(actor, "commitment.progress", "commitment", commitment.id, note_id=note.id)
    publish(ProgressAdded(idea.id, note.id))
    return note


def _require_at_work(idea: Idea) -> None:
    if idea.state not in AT_WORK:
        raise Conflict(_("This cannot be done any more: the idea has moved on."))


def change_date(actor: Actor, idea: Idea, *, due_on: date, reason: str) -> DateChange:
    """Move the promised day, with a reason; every earlier day stays readable.

    Raises NotAllowed, Conflict once the change is live, RuleBroken on the field at fault.
    """
    commitment = get_commitment(idea.id)
    require_reporter(actor, idea, commitment)
    _require_at_work(idea)
    said = checked_sentence(reason, "reason")
    lock_idea(idea.id)
    if commitment.due_on == due_on:
        return _known_change(commitment, actor, said)
    terms.check_due(idea, due_on)
    change = DateChange(
        commitment_id=commitment.id,
        from_on=commitment.due_on,
        to_on=due_on,
        reason=said,
        changed_by_id=actor.id,
        changed_at=now(),
    )
    session().add(change)
    commitment.due_on = due_on
    session().flush()
    idea.due_at = start_delivery(idea, commitment, due_on)
    record(
        actor,
        "commitment.date_changed",
        "commitment",
        commitment.id,
        from_on=change.from_on.isoformat(),
        to_on=due_on.isoformat(),
    )
    publish(DateChanged(idea.id, change.id))
    return change


def _known_change(commitment: Commitment, actor: Actor, reason: str) -> DateChange:
    """The change that a double click made already."""
    latest = find_latest(DateChange, commitment.id)
    if latest is not None and (latest.reason, latest.changed_by_id) == (reason, actor.id):
        return latest
    raise RuleBroken(_("That is the day that is promised already."), field="due_on")


def close_idea(actor: Actor, idea: Idea, *, sentence: str | None = None) -> None:
    """Close a quick change that is live: done.

    Raises NotAllowed for anybody but those who decide for the department, Conflict where the
    idea is not live or is being measured.
    """
    policies.can_close.require(actor, idea)
    _end(actor, idea, Move.CLOSE, sentence)


def stop_idea(actor: Actor, idea: Idea, *, sentence: str) -> None:
    """Stop an accepted or promised change before it is live, and say why.

    Raises NotAllowed without DELIVER in the department, Conflict once it is live.
    """
    require_promiser(actor, idea)
    next_state(idea.state, Move.STOP)
    _end(actor, idea, Move.STOP, checked_sentence(sentence, "sentence"))


def roll_back(actor: Actor, idea: Idea, *, sentence: str) -> None:
    """Take back a change that did harm, and say what was undone.

    Raises NotAllowed without DELIVER in the department, Conflict unless harm was signed.
    """
    require_promiser(actor, idea)
    next_state(idea.state, Move.ROLL_BACK)
    _end(actor, idea, Move.ROLL_BACK, checked_sentence(sentence, "sentence"))


def _end(actor: Actor, idea: Idea, move: Move, sentence: str | None) -> None:
    move_idea(actor, idea, move, sentence=sentence or None, handler_id=None, due_at=None)
    stop_clocks(SUBJECT, idea.id)
