"""Answers that open again by themselves: not yet, and we keep taking these calls."""

from datetime import date

from portal.actor import PROGRAM, Actor
from portal.clocks.models import ClockKind
from portal.clocks.queries import get_calendar
from portal.clocks.services import start_clock
from portal.errors import RuleBroken
from portal.i18n import format_day, format_money
from portal.i18n import gettext as _
from portal.ideas.lifecycle import Move, State
from portal.ideas.models import Idea
from portal.ideas.services import SUBJECT, move_idea
from portal.now import now, today
from portal.people.queries import get_department
from portal.routing.queries import get_handler, list_author_ids
from portal.routing.words import signed_words
from portal.triage import limits, prizes
from portal.triage.models import Decision, DecisionKind
from portal.triage.policies import can_sign_for_all
from portal.triage.signing import begin, conclude, department_of, find_same, handler_of, sign

LEAST_REASON = 20


def defer_idea(
    actor: Actor, idea: Idea, *, sentence: str, review_on: date, version: int | None = None
) -> Decision:
    """Put an idea off until a day on which it opens again by itself.

    Raises as :func:`portal.triage.services.accept_idea`; RuleBroken also on ``review_on``.
    """
    words = signed_words(sentence, field="sentence", least=LEAST_REASON)
    if same := find_same(actor, idea, DecisionKind.DEFER, words, version):
        return same
    begin(actor, idea, version)
    _check_review(idea, review_on)
    decision = sign(actor, idea, DecisionKind.DEFER, words, review_on=review_on)
    _wait(actor, idea, decision, Move.DEFER, review_on)
    return decision


def accept_cost(
    actor: Actor,
    idea: Idea,
    *,
    sentence: str,
    alternative: str,
    review_on: date,
    version: int | None = None,
) -> Decision:
    """Sign that the department keeps taking these calls, at their price of a year.

    The price is counted now and kept with the signature.  Above a limit only an executive
    (who decides for the whole tree) can sign.

    Raises as :func:`portal.triage.services.accept_idea`; RuleBroken also on ``review_on`` and
    ``alternative``, and where nothing is known that could be counted.
    """
    words = signed_words(sentence, field="sentence", least=LEAST_REASON)
    other = signed_words(alternative, field="alternative")
    if same := find_same(actor, idea, DecisionKind.ACCEPT_COST, words, version):
        return same
    begin(actor, idea, version)
    _check_review(idea, review_on)
    price = prizes.find_failure_price(idea.reason_id, today())
    if price is None:
        raise RuleBroken(
            _("Nothing was counted that this could cost. Decline it, or put it off, instead.")
        )
    require_executive(actor, idea, price.total_minor)
    decision = sign(
        actor,
        idea,
        DecisionKind.ACCEPT_COST,
        words,
        review_on=review_on,
        yearly_minor=price.total_minor,
        details={
            "alternative": other,
            "contacts": price.contacts,
            "cost_minor": price.cost_minor,
        },
    )
    _wait(actor, idea, decision, Move.ACCEPT_COST, review_on)
    return decision


def require_executive(actor: Actor, idea: Idea, yearly_minor: int) -> None:
    """Refuse whoever is not high enough to sign for so much a year."""
    if yearly_minor <= limits.EXECUTIVE_ABOVE_MINOR:
        return
    top = int(get_department(department_of(idea)).path.strip("/").split("/")[0])
    if not can_sign_for_all(actor, top):
        raise RuleBroken(
            _(
                "These calls cost %(price)s a year. Above %(limit)s the head of %(name)s signs: "
                "hand it on to them.",
                price=format_money(yearly_minor),
                limit=format_money(limits.EXECUTIVE_ABOVE_MINOR),
                name=get_department(top).name,
            )
        )


def require_no_price(idea: Idea) -> None:
    """Refuse a plain no to calls that cost so much that going on with them has to be signed."""
    price = prizes.find_failure_price(idea.reason_id, today())
    if price is not None and price.total_minor > limits.SIGNED_ABOVE_MINOR:
        raise RuleBroken(
            _(
                "These calls cost %(price)s a year, so a no alone is not enough. Say with "
                "“Accept the cost” that you keep taking them, or put it off to a day.",
                price=format_money(price.total_minor),
            )
        )


def reopen(idea: Idea) -> None:
    """Lay an idea back on the desk whose day to look again has come; the program does it."""
    if idea.state not in {State.DEFERRED, State.COST_ACCEPTED}:
        return
    if idea.due_at is None or idea.due_at > now():
        return
    department_id = department_of(idea)
    handler_id = get_handler(get_department(department_id), list_author_ids(idea.id))
    due_at = start_clock(
        ClockKind.DECIDE,
        SUBJECT,
        idea.id,
        department_id=department_id,
        accountable_id=handler_id,
        is_governing=True,
    )
    move_idea(PROGRAM, idea, Move.REOPEN, handler_id=handler_id, due_at=due_at)


def _check_review(idea: Idea, review_on: date) -> None:
    present = today(get_calendar(department_of(idea)).zone)
    latest = present + limits.LONGEST_REVIEW
    if not present < review_on <= latest:
        raise RuleBroken(
            _(
                "Choose a day after today, at the latest %(day)s.",
                day=format_day(latest, year=True),
            ),
            field="review_on",
        )


def _wait(actor: Actor, idea: Idea, decision: Decision, move: Move, review_on: date) -> None:
    """The day to look again governs from now, and whoever signed answers for it."""
    handler_id = handler_of(idea)
    due_at = start_clock(
        ClockKind.REVIEW,
        SUBJECT,
        idea.id,
        department_id=decision.department_id,
        accountable_id=handler_id,
        is_governing=True,
        until=review_on,
    )
    conclude(actor, idea, decision, move, handler_id=handler_id, due_at=due_at)
