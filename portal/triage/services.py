"""Deciding what happens to an idea, and asking its author."""

from portal.actor import PROGRAM, Actor
from portal.clocks.models import ClockKind
from portal.clocks.queries import find_governing
from portal.clocks.services import pause_clock, resume_clock, start_clock, stop_clocks
from portal.errors import Conflict, NotFound, RuleBroken
from portal.i18n import gettext as _
from portal.ideas.lifecycle import Move, State
from portal.ideas.models import Idea
from portal.ideas.queries import get_visible_idea
from portal.ideas.services import SUBJECT, move_idea
from portal.now import now
from portal.routing.queries import list_author_ids
from portal.routing.words import signed_words
from portal.triage import queries
from portal.triage.asking import find_answer_due
from portal.triage.models import Decision, DecisionKind, DeclineReason
from portal.triage.policies import can_answer
from portal.triage.putting_off import require_no_price
from portal.triage.signing import (
    ON_THE_DESK,
    begin,
    conclude,
    find_same,
    handler_of,
    sign,
)

LEAST_NO = 20
"""A no takes at least this many characters: enough for a reason, too many for "no"."""


def accept_idea(actor: Actor, idea: Idea, *, sentence: str, version: int | None = None) -> Decision:
    """Say yes, to an idea on the desk or after its test.

    From now a person and a date are owed, within 15 business days.

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
    if same := find_same(actor, idea, DecisionKind.ACCEPT, words, version):
        return same
    begin(actor, idea, version, states=ON_THE_DESK | {State.TESTING})
    decision = sign(actor, idea, DecisionKind.ACCEPT, words)
    due_at = start_clock(
        ClockKind.COMMIT,
        SUBJECT,
        idea.id,
        department_id=decision.department_id,
        accountable_id=handler_of(idea),
        is_governing=True,
    )
    conclude(actor, idea, decision, Move.ACCEPT, handler_id=handler_of(idea), due_at=due_at)
    return decision


def ask_author(actor: Actor, idea: Idea, *, question: str, version: int | None = None) -> Decision:
    """Ask the author; the decision's clock stands still, for at most 10 business days.

    Days on which the author is away are not among them.

    Raises as :func:`accept_idea`.
    """
    words = signed_words(question, field="question")
    if same := find_same(actor, idea, DecisionKind.ASK, words, version):
        return same
    begin(actor, idea, version)
    decision = sign(actor, idea, DecisionKind.ASK, words)
    author_id = queries.get_first_author(idea)
    pause_clock(SUBJECT, idea.id)
    due_at = start_clock(
        ClockKind.ANSWER,
        SUBJECT,
        idea.id,
        department_id=decision.department_id,
        accountable_id=author_id,
        is_governing=False,
        due_at=find_answer_due(now(), department_id=decision.department_id, author_id=author_id),
    )
    conclude(actor, idea, decision, Move.ASK, handler_id=author_id, due_at=due_at, is_paused=True)
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

    Calls that cost much a year cannot be declined so: that they go on has to be signed, as
    :func:`portal.triage.putting_off.accept_cost` does.

    Raises as :func:`accept_idea`; RuleBroken also for a reason that is not in the list.
    """
    code = _reason(reason_code)
    words = signed_words(sentence, field="sentence", least=LEAST_NO)
    change = signed_words(would_change, field="would_change")
    if same := find_same(actor, idea, DecisionKind.DECLINE, words, version):
        return same
    begin(actor, idea, version)
    require_no_price(idea)
    decision = sign(
        actor, idea, DecisionKind.DECLINE, words, reason_code=code.value, would_change=change
    )
    stop_clocks(SUBJECT, idea.id)
    conclude(actor, idea, decision, Move.DECLINE, handler_id=None, due_at=None)
    return decision


def point_out(
    actor: Actor,
    idea: Idea,
    *,
    sentence: str,
    number: int | None = None,
    place: str = "",
    version: int | None = None,
) -> Decision:
    """Say that it exists already: as another idea (by its number), or at a place in words.

    Raises as :func:`accept_idea`; RuleBroken also on ``idea`` and ``place``.
    """
    words = signed_words(sentence, field="sentence")
    if same := find_same(actor, idea, DecisionKind.POINT_OUT, words, version):
        return same
    begin(actor, idea, version)
    details = {"exists": _where_it_is(actor, idea, number, place), "number": number}
    decision = sign(actor, idea, DecisionKind.POINT_OUT, words, details=details)
    stop_clocks(SUBJECT, idea.id)
    conclude(actor, idea, decision, Move.POINT_OUT, handler_id=None, due_at=None)
    return decision


def _where_it_is(actor: Actor, idea: Idea, number: int | None, place: str) -> str:
    if number is None:
        return signed_words(place, field="place")
    try:
        other = get_visible_idea(actor, number)
    except NotFound:
        raise RuleBroken(_("There is no idea with this number."), field="idea") from None
    if other.id == idea.id:
        raise RuleBroken(_("This is the idea itself."), field="idea")
    return other.title


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


def _reason(code: DeclineReason | str) -> DeclineReason:
    try:
        return DeclineReason(code)
    except ValueError:
        raise RuleBroken(_("Choose one of the reasons."), field="reason_code") from None
