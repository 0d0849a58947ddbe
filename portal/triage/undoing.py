"""A minute in which a decision can be taken back, because nobody has been told of it.

The decision holds at once: the idea has moved, its clocks are what the decision made of them.
What tells others of it waits: notices, letters, points, and its place on the author's timeline.
When the minute is over the worker tells; when something else happens to the idea before that, it
is told first, and then there is nothing to undo any more.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlalchemy import delete, insert

from portal.actor import Actor
from portal.audit.services import record
from portal.clocks.freezing import freeze_history, thaw_history
from portal.columns import JsonObject
from portal.database import session
from portal.errors import Conflict
from portal.events import tell, untold
from portal.frozen import freeze, thaw
from portal.i18n import gettext as _
from portal.ideas.events import IdeaMoved
from portal.ideas.lifecycle import UNDOING, Move, State
from portal.ideas.models import Idea, IdeaMove, SilentMove
from portal.ideas.queries import lock_idea
from portal.ideas.services import SUBJECT, move_idea
from portal.jobs.services import enqueue
from portal.now import now
from portal.routing.models import Transfer
from portal.routing.queries import find_open_transfer
from portal.triage import queries
from portal.triage.held import find_held, find_last_step, list_steps_since
from portal.triage.models import Appeal, Decision, HeldDecision, StandIn
from portal.triage.policies import can_undo
from portal.triage.signing import ago
from portal.triage.standing_in import find_standing

HOLD = timedelta(minutes=1)
"""So long a decision can be undone, and so long nobody is told of it."""

TELL = "triage.tell"
"""The task that tells of a decision when its minute is over."""

_OF_IDEA = ("handler_id", "waits_since", "due_at", "is_paused", "moved_at")
_STANDS = ("state", "version", "owner_department_id", *_OF_IDEA)
_OF_TRANSFER = ("id", "outcome", "answered_by_id", "answered_at")
_OF_APPEAL = ("id", "heard_by_id", "heard_at")
_OF_STAND_IN = ("id", "ended_at")


def sign_undoably(actor: Actor, idea: Idea, act: Callable[[], object]) -> None:
    """Run the service that decides on a locked idea, and tell nobody of it for a minute.

    A decision that had arrived before, so that nothing moves, is left to its own minute.
    """
    before, last = _keep(idea), find_last_step(idea.id)
    with untold(IdeaMoved):
        act()
    move_ids = list_steps_since(idea.id, last)
    decision = queries.find_last_decision(idea.id)
    if not move_ids or decision is None:
        return
    until = now() + HOLD
    session().add(
        HeldDecision(
            idea_id=idea.id,
            decision_id=decision.id,
            signed_by_id=decision.signed_by_id,
            until=until,
            before=before,
            after=freeze(idea, _STANDS),
            move_ids=list(move_ids),
        )
    )
    session().flush()
    _silence(move_ids)
    enqueue(TELL, {"idea": idea.id, "decision": decision.id}, run_at=until)


def _silence(move_ids: Sequence[int]) -> None:
    session().execute(insert(SilentMove), [{"move_id": one} for one in move_ids])


def tell_now(idea_id: int, decision_id: int | None = None) -> None:
    """Tell of the decision on an idea that nobody was told of; none, or another one, is fine."""
    if session().get(HeldDecision, idea_id) is None:
        return
    lock_idea(idea_id)
    held = find_held(idea_id)
    if held is None or decision_id not in {None, held.decision_id}:
        return
    move_ids = held.move_ids
    session().execute(delete(SilentMove).where(SilentMove.move_id.in_(move_ids)))
    session().delete(held)
    session().flush()
    for move_id in move_ids:
        step = session().get_one(IdeaMove, move_id)
        from_state = step.from_state or State.TRIAGE
        tell(IdeaMoved(idea_id, step.id, Move(step.verb), from_state, step.to_state, step.actor_id))


def undo_decision(actor: Actor, idea: Idea) -> Decision:
    """Take one's own decision back within its minute: the idea stands as it stood before.

    State, handler and clocks are as if nothing had been, due when they were due; what was to be
    told is told to nobody.  The audit log keeps both the decision and that it was undone.

    Raises
    ------
    NotAllowed
        If somebody else signed it.
    Conflict
        If it was told or undone already, or somebody has acted on the idea since.
    """
    held = find_held(idea.id)
    if held is None:
        raise Conflict(_why_not(idea))
    can_undo.require(actor, held)
    if held.until <= now():
        raise Conflict(_("The minute is over: everybody concerned is being told."))
    if freeze(idea, _STANDS) != held.after:
        raise Conflict(_("Something has happened to this idea since, so this cannot be undone."))
    before, decision = held.before, session().get_one(Decision, held.decision_id)
    session().delete(held)
    decision.undone_at = now()
    session().flush()
    _put_back(actor, idea, before)
    record(actor, "decision.undone", SUBJECT, idea.id, decision_id=decision.id)
    return decision


def _why_not(idea: Idea) -> str:
    last = queries.find_last_move(idea.id)
    if last is not None and last.verb in UNDOING.values():
        return _("This was undone already. The idea is as it was before.")
    decision = queries.find_last_decision(idea.id)
    if last is None or last.name is None or decision is None or last.at <= decision.signed_at:
        return _("The minute is over: everybody concerned has been told.")
    return _(
        "%(name)s changed this %(ago)s, so everybody concerned has been told.",
        name=last.name,
        ago=ago(last.at),
    )


def _keep(idea: Idea) -> JsonObject:
    """What a decision changes, as it stands."""
    transfer, appeal = find_open_transfer(idea.id), queries.find_appeal(idea.id)
    standing = find_standing(idea.id)
    return {
        "state": idea.state.value,
        "idea": freeze(idea, _OF_IDEA),
        "clocks": freeze_history(SUBJECT, idea.id),
        "transfer": freeze(transfer, _OF_TRANSFER) if transfer else None,
        "appeal": freeze(appeal, _OF_APPEAL) if appeal else None,
        "stand_in": freeze(standing, _OF_STAND_IN) if standing else None,
    }


def _put_back(actor: Actor, idea: Idea, before: JsonObject) -> None:
    thaw_history(SUBJECT, idea.id, before["clocks"])
    for model, kept in (
        (Transfer, before["transfer"]),
        (Appeal, before["appeal"]),
        (StandIn, before["stand_in"]),
    ):
        if kept:
            thaw(session().get_one(model, kept["id"]), kept)
    kept, last = Idea(), find_last_step(idea.id)
    thaw(kept, before["idea"])
    with untold(IdeaMoved):
        move_idea(
            actor,
            idea,
            UNDOING[State(before["state"])],
            handler_id=kept.handler_id,
            due_at=kept.due_at,
            is_paused=kept.is_paused,
        )
    idea.waits_since, idea.moved_at = kept.waits_since, kept.moved_at
    session().flush()
    _silence(list_steps_since(idea.id, last))
