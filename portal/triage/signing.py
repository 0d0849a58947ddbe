"""What every decision shares: who may sign, who was faster, what is written down and told."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta

from babel.dates import format_timedelta

from portal.actor import Actor
from portal.audit.services import record
from portal.clocks.models import ClockKind
from portal.clocks.services import start_clock, stop_clocks
from portal.database import session
from portal.errors import Conflict, NotAllowed
from portal.events import publish
from portal.i18n import babel_locale
from portal.i18n import gettext as _
from portal.ideas.lifecycle import Move, State
from portal.ideas.models import Idea
from portal.ideas.services import SUBJECT, move_idea
from portal.now import now
from portal.routing.queries import list_author_ids
from portal.routing.services import settle_transfer
from portal.triage import queries
from portal.triage.events import IdeaDecided
from portal.triage.models import Appeal, Decision, DecisionKind
from portal.triage.policies import can_hear, can_triage

DECISIONS = frozenset(
    {
        *(Move.ACCEPT, Move.ASK, Move.DECLINE, Move.DEFER, Move.ACCEPT_COST),
        *(Move.POINT_OUT, Move.TEST, Move.STOP, Move.MERGE),
    }
)
"""Moves that are somebody's decision."""

ON_THE_DESK = frozenset({State.TRIAGE, State.APPEALED})
"""Where an idea waits for a decision: an appealed one on the desk of the head's head."""

_FIRST_TOUCH = frozenset({ClockKind.FIRST_REPLY, ClockKind.ACCEPT_TRANSFER})


def begin(
    actor: Actor, idea: Idea, version: int | None, *, states: Collection[State] = ON_THE_DESK
) -> None:
    """Refuse who may not decide, and who was not the first; hear an appeal, if that is it.

    Raises
    ------
    NotAllowed
        Unless the actor answers for the department, had no part in the idea, and is not the
        one whose answer was appealed.
    Conflict
        If the idea is in none of the states, or not in that version, any more.
    """
    can_triage.require(actor, idea, list_author_ids(idea.id))
    if idea.state not in states or version not in (None, idea.version):
        raise Conflict(_who_was_faster(actor, idea))
    appeal = queries.find_appeal(idea.id)
    if appeal is None:
        return
    can_hear.require(actor, appeal)
    if idea.state is State.APPEALED:
        _hear(actor, idea, appeal)


def _hear(actor: Actor, idea: Idea, appeal: Appeal) -> None:
    """Lay an appealed idea on the desk of whoever hears it: they decide anew."""
    appeal.heard_by_id, appeal.heard_at = actor.id, now()
    stop_clocks(SUBJECT, idea.id)
    handler_id = handler_of(idea)
    due_at = start_clock(
        ClockKind.DECIDE,
        SUBJECT,
        idea.id,
        department_id=department_of(idea),
        accountable_id=handler_id,
        is_governing=True,
    )
    move_idea(actor, idea, Move.HEAR, handler_id=handler_id, due_at=due_at)


def _who_was_faster(actor: Actor, idea: Idea) -> str:
    last = queries.find_last_move(idea.id)
    if last is None or last.name is None:
        return _("This idea has moved on. What you wrote is kept below.")
    name = _("You") if last.actor_id == actor.id else last.name
    if last.verb in DECISIONS:
        return _(
            "%(name)s decided this %(ago)s. What you wrote is kept below.",
            name=name,
            ago=ago(last.at),
        )
    return _(
        "%(name)s changed this %(ago)s. What you wrote is kept below.",
        name=name,
        ago=ago(last.at),
    )


def ago(moment: datetime) -> str:
    """How long ago, in words: "2 minutes ago"."""
    passed = max(now() - moment, timedelta(seconds=1))
    return format_timedelta(
        -passed, granularity="minute", add_direction=True, locale=babel_locale()
    )


def find_same(
    actor: Actor, idea: Idea, kind: DecisionKind, words: str, version: int | None
) -> Decision | None:
    """This very decision, if it arrived before (a double click, Back and again)."""
    if version is None or version == idea.version:
        return None
    last = queries.find_last_decision(idea.id)
    if last is None or (last.kind, last.sentence, last.signed_by_id) != (kind, words, actor.id):
        return None
    return last


def sign(
    actor: Actor,
    idea: Idea,
    kind: DecisionKind,
    sentence: str,
    *,
    reason_code: str | None = None,
    would_change: str | None = None,
    review_on: date | None = None,
    yearly_minor: int | None = None,
    details: Mapping[str, object] | None = None,
) -> Decision:
    """Write the decision down; the first human touch, so a reply is no longer owed."""
    if actor.id is None:
        raise NotAllowed(_("A person has to sign a decision."))
    decision = Decision(
        idea_id=idea.id,
        kind=kind,
        reason_code=reason_code,
        sentence=sentence,
        would_change=would_change,
        review_on=review_on,
        yearly_minor=yearly_minor,
        details=dict(details or {}),
        department_id=department_of(idea),
        signed_by_id=actor.id,
        signed_at=now(),
    )
    session().add(decision)
    session().flush()
    settle_transfer(actor, idea)
    stop_clocks(SUBJECT, idea.id, _FIRST_TOUCH)
    return decision


def conclude(
    actor: Actor,
    idea: Idea,
    decision: Decision,
    move: Move,
    *,
    handler_id: int | None,
    due_at: datetime | None,
    is_paused: bool = False,
) -> None:
    """Take the step that the decision means, and tell."""
    move_idea(
        actor,
        idea,
        move,
        sentence=decision.sentence,
        handler_id=handler_id,
        due_at=due_at,
        is_paused=is_paused,
        details={"decision_id": decision.id},
    )
    record(
        actor,
        "decision.signed",
        SUBJECT,
        idea.id,
        decision_id=decision.id,
        kind=decision.kind.value,
        reason_code=decision.reason_code,
    )
    publish(IdeaDecided(idea.id, decision.id, decision.kind.value))


def department_of(idea: Idea) -> int:
    if idea.owner_department_id is None:
        raise Conflict(_("This idea has not reached a department yet."))
    return idea.owner_department_id


def handler_of(idea: Idea) -> int:
    if idea.handler_id is None:
        raise Conflict(_("This idea waits on nobody."))
    return idea.handler_id
