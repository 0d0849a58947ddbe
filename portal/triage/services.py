"""Deciding what happens to an idea, and asking its author."""

from datetime import datetime, timedelta

from babel.dates import format_timedelta

from portal.actor import PROGRAM, Actor
from portal.audit.services import record
from portal.clocks.models import ClockKind
from portal.clocks.queries import find_governing
from portal.clocks.services import (
    pause_clock,
    resume_clock,
    start_clock,
    stop_clocks,
)
from portal.database import session
from portal.errors import Conflict, NotAllowed, RuleBroken
from portal.events import publish
from portal.i18n import babel_locale
from portal.i18n import gettext as _
from portal.ideas.lifecycle import Move, State
from portal.ideas.models import Idea
from portal.ideas.services import SUBJECT, move_idea
from portal.now import now
from portal.routing.queries import list_author_ids
from portal.routing.services import settle_transfer
from portal.routing.words import signed_words
from portal.triage import queries
from portal.triage.events import IdeaDecided
from portal.triage.models import Decision, DecisionKind, DeclineReason
from portal.triage.policies import can_answer, can_triage

LEAST_NO = 20
"""A no takes at least this many characters: enough for a reason, too many for "no"."""

_FIRST_TOUCH = frozenset({ClockKind.FIRST_REPLY, ClockKind.ACCEPT_TRANSFER})


def accept_idea(actor: Actor, idea: Idea, *, sentence: str, version: int | None = None) -> Decision:
    """Say yes.  From now a person and a date are owed, within 15 business days.

    ``version`` is the idea's version that the decision was made on.  Sent a second time, the
    same decision is returned and nothing happens.

    Raises
    ------
    NotAllowed
        Unless the actor answers for the department and had no part in the idea.
    Conflict
        If the idea is not in triage, or not in that version, any more.
    RuleBroken
        Without a sentence.
    """
    words = signed_words(sentence, field="sentence")
    if same := _find_same(actor, idea, DecisionKind.ACCEPT, words, version):
        return same
    _begin(actor, idea, version)
    decision = _sign(actor, idea, DecisionKind.ACCEPT, words)
    due_at = start_clock(
        ClockKind.COMMIT,
        SUBJECT,
        idea.id,
        department_id=decision.department_id,
        accountable_id=_handler(idea),
        is_governing=True,
    )
    _conclude(actor, idea, decision, Move.ACCEPT, handler_id=_handler(idea), due_at=due_at)
    return decision


def ask_author(actor: Actor, idea: Idea, *, question: str, version: int | None = None) -> Decision:
    """Ask the author; the decision's clock stands still, for at most 10 business days.

    Raises as :func:`accept_idea`.
    """
    words = signed_words(question, field="question")
    if same := _find_same(actor, idea, DecisionKind.ASK, words, version):
        return same
    _begin(actor, idea, version)
    decision = _sign(actor, idea, DecisionKind.ASK, words)
    author_id = queries.get_first_author(idea)
    pause_clock(SUBJECT, idea.id)
    due_at = start_clock(
        ClockKind.ANSWER,
        SUBJECT,
        idea.id,
        department_id=decision.department_id,
        accountable_id=author_id,
        is_governing=False,
    )
    _conclude(actor, idea, decision, Move.ASK, handler_id=author_id, due_at=due_at, is_paused=True)
    return decision


def decline_idea(
    actor: Actor,
    idea: Idea,
    *,
    reason_code: DeclineReason | str,
    sentence: str,
    would_change: str,
    version: int | None = None,
) -> Decision:
    """Say no, with a reason to count, a whole sentence, and what would change the answer.

    Raises as :func:`accept_idea`; RuleBroken also for a reason that is not in the list.
    """
    code = _reason(reason_code)
    words = signed_words(sentence, field="sentence", least=LEAST_NO)
    change = signed_words(would_change, field="would_change")
    if same := _find_same(actor, idea, DecisionKind.DECLINE, words, version):
        return same
    _begin(actor, idea, version)
    decision = _sign(
        actor, idea, DecisionKind.DECLINE, words, reason_code=code.value, would_change=change
    )
    stop_clocks(SUBJECT, idea.id)
    _conclude(actor, idea, decision, Move.DECLINE, handler_id=None, due_at=None)
    return decision


def answer_question(actor: Actor, idea: Idea, *, answer: str) -> Decision:
    """Answer the open question; the idea is back on the desk and its clock runs on.

    Raises
    ------
    NotAllowed
        Unless the actor is an author or says that they meet the same.
    Conflict
        If nothing is asked (any more).
    RuleBroken
        Without an answer.
    """
    supporters = queries.list_supporter_ids(idea.id)
    can_answer.require(actor, list_author_ids(idea.id), supporters)
    words = signed_words(answer, field="answer")
    question = queries.find_open_question(idea.id)
    if idea.state is not State.NEEDS_INFO or question is None:
        raise Conflict(_("This question was answered already."))
    question.answer = words
    question.answered_by_id = actor.id
    question.answered_at = now()
    _bring_back(actor, idea, Move.ANSWER, sentence=words)
    return question


def return_unanswered(idea: Idea) -> None:
    """Bring an idea back whose question nobody answered in time; the program does it."""
    if idea.state is State.NEEDS_INFO and idea.due_at is not None and idea.due_at <= now():
        _bring_back(PROGRAM, idea, Move.RETURN_UNANSWERED)


def _bring_back(actor: Actor, idea: Idea, move: Move, sentence: str | None = None) -> None:
    """Lay the idea back on the desk of who asked, with the time that was left."""
    stop_clocks(SUBJECT, idea.id, {ClockKind.ANSWER})
    governing = find_governing(SUBJECT, idea.id)
    move_idea(
        actor,
        idea,
        move,
        sentence=sentence,
        handler_id=governing.accountable_id if governing else None,
        due_at=resume_clock(SUBJECT, idea.id),
    )


def _begin(actor: Actor, idea: Idea, version: int | None) -> None:
    """Refuse who may not decide, and who was not the first."""
    can_triage.require(actor, idea, list_author_ids(idea.id))
    if idea.state is not State.TRIAGE or version not in (None, idea.version):
        raise Conflict(_who_was_faster(actor, idea))


def _who_was_faster(actor: Actor, idea: Idea) -> str:
    last = queries.find_last_move(idea.id)
    if last is None or last.name is None:
        return _("This idea has moved on. What you wrote is kept below.")
    name = _("You") if last.actor_id == actor.id else last.name
    if last.verb in {Move.ACCEPT, Move.ASK, Move.DECLINE}:
        return _(
            "%(name)s decided this %(ago)s. What you wrote is kept below.",
            name=name,
            ago=_ago(last.at),
        )
    return _(
        "%(name)s changed this %(ago)s. What you wrote is kept below.",
        name=name,
        ago=_ago(last.at),
    )


def _ago(moment: datetime) -> str:
    """How long ago, in words: "2 minutes ago"."""
    passed = max(now() - moment, timedelta(seconds=1))
    return format_timedelta(
        -passed, granularity="minute", add_direction=True, locale=babel_locale()
    )


def _find_same(
    actor: Actor, idea: Idea, kind: DecisionKind, words: str, version: int | None
) -> Decision | None:
    """This very decision, if it arrived before (a double click, Back and again)."""
    if version is None or version == idea.version:
        return None
    last = queries.find_last_decision(idea.id)
    if last is None or (last.kind, last.sentence, last.signed_by_id) != (kind, words, actor.id):
        return None
    return last


def _sign(
    actor: Actor,
    idea: Idea,
    kind: DecisionKind,
    sentence: str,
    *,
    reason_code: str | None = None,
    would_change: str | None = None,
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
        department_id=_department(idea),
        signed_by_id=actor.id,
        signed_at=now(),
    )
    session().add(decision)
    session().flush()
    settle_transfer(actor, idea)
    stop_clocks(SUBJECT, idea.id, _FIRST_TOUCH)
    return decision


def _conclude(
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


def _reason(code: DeclineReason | str) -> DeclineReason:
    try:
        return DeclineReason(code)
    except ValueError:
        raise RuleBroken(_("Choose one of the reasons."), field="reason_code") from None


def _department(idea: Idea) -> int:
    if idea.owner_department_id is None:
        raise Conflict(_("This idea has not reached a department yet."))
    return idea.owner_department_id


def _handler(idea: Idea) -> int:
    if idea.handler_id is None:
        raise Conflict(_("This idea waits on nobody."))
    return idea.handler_id
