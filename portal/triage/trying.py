"""Trying an idea out before it is accepted: a test by the head, or an author's own small try."""

from portal.actor import PROGRAM, Actor
from portal.audit.services import record
from portal.clocks.models import ClockKind
from portal.clocks.queries import find_due
from portal.clocks.services import restart_clock, start_clock, stop_clocks
from portal.errors import Conflict, RuleBroken
from portal.i18n import format_money
from portal.i18n import gettext as _
from portal.ideas.lifecycle import Move, State
from portal.ideas.models import Idea
from portal.ideas.services import SUBJECT, move_idea
from portal.now import now
from portal.people.queries import get_department
from portal.routing.queries import find_open_transfer, get_handler, list_author_ids
from portal.routing.words import signed_words
from portal.triage import limits
from portal.triage.models import Decision, DecisionKind
from portal.triage.policies import can_try_out
from portal.triage.signing import begin, conclude, department_of, find_same, handler_of, sign

LEAST_SCOPE = 10


def begin_test(
    actor: Actor,
    idea: Idea,
    *,
    sentence: str,
    scope: str,
    stop_rule: str,
    days: int,
    version: int | None = None,
) -> Decision:
    """Have an idea tried out: where and by whom, for how many business days, ended by what.

    Raises as :func:`portal.triage.services.accept_idea`; RuleBroken also on ``scope``,
    ``stop_rule`` and ``days``.
    """
    words = signed_words(sentence, field="sentence")
    plan = {
        "scope": signed_words(scope, field="scope", least=LEAST_SCOPE),
        "stop_rule": signed_words(stop_rule, field="stop_rule", least=LEAST_SCOPE),
    }
    if not 1 <= days <= limits.LONGEST_TEST_DAYS:
        raise RuleBroken(
            _("A test takes from 1 to %(n)s business days.", n=limits.LONGEST_TEST_DAYS),
            field="days",
        )
    if same := find_same(actor, idea, DecisionKind.TEST, words, version):
        return same
    begin(actor, idea, version)
    decision = sign(actor, idea, DecisionKind.TEST, words, details={**plan, "days": days})
    handler_id = handler_of(idea)
    due_at = start_clock(
        ClockKind.TEST,
        SUBJECT,
        idea.id,
        department_id=decision.department_id,
        accountable_id=handler_id,
        is_governing=True,
        days=days,
    )
    conclude(actor, idea, decision, Move.TEST, handler_id=handler_id, due_at=due_at)
    return decision


def stop_test(actor: Actor, idea: Idea, *, sentence: str, version: int | None = None) -> Decision:
    """End a test without going on, and say what was learned.

    Raises as :func:`portal.triage.services.accept_idea`.
    """
    words = signed_words(sentence, field="sentence", least=LEAST_SCOPE)
    if same := find_same(actor, idea, DecisionKind.STOP, words, version):
        return same
    begin(actor, idea, version, states={State.TESTING})
    decision = sign(actor, idea, DecisionKind.STOP, words)
    stop_clocks(SUBJECT, idea.id)
    conclude(actor, idea, decision, Move.STOP, handler_id=None, due_at=None)
    return decision


def try_out(
    actor: Actor,
    idea: Idea,
    *,
    plan: str,
    undo: str,
    days: int,
    money_minor: int,
    is_harmless: bool,
) -> None:
    """Begin an author's own try in one team, unless the head vetoes within two business days.

    ``is_harmless`` is the author's word that it touches no prices, legal texts, personal data
    or systems; ``undo`` says how everything is as before within a day.

    Raises
    ------
    NotAllowed
        Unless an author asks.
    Conflict
        If the idea is not in triage, or was just handed on.
    RuleBroken
        On the field at fault.
    """
    authors = list_author_ids(idea.id)
    can_try_out.require(actor, authors)
    words = signed_words(plan, field="plan", least=LEAST_SCOPE)
    back = signed_words(undo, field="undo", least=LEAST_SCOPE)
    _check_limits(days, money_minor, is_harmless=is_harmless)
    if idea.state is not State.TRIAGE or find_open_transfer(idea.id) is not None:
        raise Conflict(_("This cannot be tried out now: the idea has moved on."))
    department_id = department_of(idea)
    head_id = get_handler(get_department(department_id), authors)
    stop_clocks(SUBJECT, idea.id)
    veto_by = start_clock(
        ClockKind.VETO,
        SUBJECT,
        idea.id,
        department_id=department_id,
        accountable_id=head_id,
        is_governing=False,
    )
    due_at = start_clock(
        ClockKind.TEST,
        SUBJECT,
        idea.id,
        department_id=department_id,
        accountable_id=actor.id or head_id,
        is_governing=True,
        days=days,
    )
    details = {"undo": back, "days": days, "money_minor": money_minor, "head_id": head_id}
    move_idea(
        actor,
        idea,
        Move.TRY_OUT,
        sentence=words,
        handler_id=actor.id,
        due_at=due_at,
        details={**details, "veto_by": veto_by.isoformat()},
    )


def veto(actor: Actor, idea: Idea, *, sentence: str, version: int | None = None) -> Decision:
    """Stop an author's try before it began; the idea is back on the desk with the time it had.

    Raises as :func:`portal.triage.services.accept_idea`; Conflict also once the two business
    days are over.
    """
    words = signed_words(sentence, field="sentence", least=LEAST_SCOPE)
    if same := find_same(actor, idea, DecisionKind.VETO, words, version):
        return same
    begin(actor, idea, version, states={State.TESTING})
    if not can_still_veto(idea):
        raise Conflict(_("The time for a veto is over: the try runs."))
    decision = sign(actor, idea, DecisionKind.VETO, words)
    stop_clocks(SUBJECT, idea.id)
    head_id = get_handler(get_department(department_of(idea)), list_author_ids(idea.id))
    due_at = restart_clock(
        ClockKind.DECIDE,
        SUBJECT,
        idea.id,
        department_id=department_of(idea),
        accountable_id=head_id,
    )
    conclude(actor, idea, decision, Move.VETO, handler_id=head_id, due_at=due_at)
    return decision


def can_still_veto(idea: Idea) -> bool:
    """Whether an author's try can still be vetoed: its two business days are not over."""
    due_at = find_due(SUBJECT, idea.id, ClockKind.VETO)
    return idea.state is State.TESTING and due_at is not None and now() < due_at


def end_veto(idea: Idea) -> None:
    """Let a try begin that nobody vetoed in time; the program does it."""
    due_at = find_due(SUBJECT, idea.id, ClockKind.VETO)
    if due_at is not None and due_at <= now():
        stop_clocks(SUBJECT, idea.id, {ClockKind.VETO})
        record(PROGRAM, "idea.try_begun", SUBJECT, idea.id)


def _check_limits(days: int, money_minor: int, *, is_harmless: bool) -> None:
    if not 1 <= days <= limits.TRY_DAYS:
        raise RuleBroken(
            _("Your own try takes from 1 to %(n)s business days.", n=limits.TRY_DAYS), field="days"
        )
    if not 0 <= money_minor <= limits.TRY_MONEY_MINOR:
        raise RuleBroken(
            _(
                "Your own try costs at most %(amount)s.",
                amount=format_money(limits.TRY_MONEY_MINOR),
            ),
            field="money",
        )
    if not is_harmless:
        raise RuleBroken(
            _("What touches prices, legal texts, personal data or systems is for the head."),
            field="is_harmless",
        )
