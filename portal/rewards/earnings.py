"""Who earns what for a step in an idea's life, and how an award is corrected.

Whoever heads or deputises for the idea's department, or one above it, earns nothing for it:
they decide on it.  Their part lapses; it does not go to the others.  So does the part of whoever
was paid by the same rule for an idea that this one was joined to, or that is joined to it.
"""

from collections.abc import Mapping

from portal.actor import PROGRAM, Actor
from portal.audit.services import record
from portal.database import session
from portal.errors import Conflict, RuleBroken
from portal.i18n import gettext as _
from portal.ideas.models import Idea
from portal.impact.verdicts import Verdict
from portal.masking import mask
from portal.rewards import ledger, queries, shares
from portal.rewards.ledger import ISSUED, Place, Transfer
from portal.rewards.models import Account, AccountKind, Posting
from portal.rewards.policies import can_correct
from portal.rewards.rules import DEFAULT_RULES, Rule, outcome_halves, split
from portal.rewards.services import award
from portal.text import one_line

ONCE = "once"


def thank_authors(idea_id: int) -> None:
    """Every originator gets the thank-you: a human took the idea up."""
    idea = _idea(idea_id)
    amount = DEFAULT_RULES.points[Rule.THANK_YOU]
    people = shares.list_author_shares(idea_id)
    _pay(idea, Rule.THANK_YOU, dict.fromkeys(sorted(people), amount))


def promise_authors(idea_id: int) -> None:
    """The originators share the points for acceptance, provisional until it goes live."""
    parts = split(DEFAULT_RULES.points[Rule.ACCEPTED], shares.list_author_shares(idea_id))
    _pay(_idea(idea_id), Rule.ACCEPTED, parts, is_provisional=True)


def pay_implemented(idea_id: int) -> None:
    """Provisional points become spendable, and all with credit share those for going live."""
    vest_provisional(idea_id)
    _pay_shared(idea_id, Rule.IMPLEMENTED)


def pay_honest_null(idea_id: int) -> None:
    """All with credit share the points for an honest "it did not work"."""
    _pay_shared(idea_id, Rule.HONEST_NULL)


def _pay_shared(idea_id: int, rule: Rule) -> None:
    parts = split(DEFAULT_RULES.points[rule], shares.list_credit_shares(idea_id))
    _pay(_idea(idea_id), rule, parts)


def pay_outcome(validation_id: int) -> bool:
    """The first half of the outcome award; whether there is a second half to come."""
    proven = shares.get_proven(validation_id)
    first, second = outcome_halves(proven.lower_bound_minor)
    _pay_validation(validation_id, Rule.OUTCOME, split(first, proven.shares))
    return second > 0


def pay_sustained(validation_id: int) -> None:
    """The second half, unless the newest analysis no longer says that it improved."""
    idea_id = shares.get_validation(validation_id).idea_id
    if shares.find_latest_verdict(idea_id) != Verdict.IMPROVED:
        return
    proven = shares.get_proven(validation_id)
    _first, second = outcome_halves(proven.lower_bound_minor)
    _pay_validation(validation_id, Rule.SUSTAINED, split(second, proven.shares))


def _pay_validation(validation_id: int, rule: Rule, parts: Mapping[int, int]) -> None:
    idea = _idea(shares.get_validation(validation_id).idea_id)
    _pay(idea, rule, parts, event_key=f"validation-{validation_id}")


def _idea(idea_id: int) -> Idea:
    return session().get_one(Idea, idea_id)


def _pay(
    idea: Idea,
    rule: Rule,
    parts: Mapping[int, int],
    *,
    event_key: str = ONCE,
    is_provisional: bool = False,
) -> None:
    left_out = queries.list_superiors(idea.owner_department_id)
    left_out |= shares.list_paid_elsewhere(idea.id, rule, parts)
    for person_id, amount in parts.items():
        if person_id not in left_out:
            award(
                person_id,
                rule=rule,
                amount=amount,
                subject_kind="idea",
                subject_id=idea.id,
                event_key=event_key,
                memo=f"I-{idea.number}",
                is_provisional=is_provisional,
            )


def vest_provisional(idea_id: int) -> None:
    """Make an idea's provisional points spendable: it went live."""
    memo = f"I-{_idea(idea_id).number}"
    for person_id, amount in shares.list_provisional(idea_id):
        place = Place(AccountKind.PROVISIONAL, person_id)
        _close_provisional(place, Place(AccountKind.PERSON, person_id), amount, idea_id, memo)


def lapse_provisional(idea_id: int) -> None:
    """Take an idea's provisional points back: it was stopped or withdrawn."""
    memo = f"I-{_idea(idea_id).number}"
    for person_id, amount in shares.list_provisional(idea_id):
        place = Place(AccountKind.PROVISIONAL, person_id)
        _close_provisional(place, ISSUED, amount, idea_id, memo)


def _close_provisional(source: Place, target: Place, amount: int, idea_id: int, memo: str) -> None:
    rule = Rule.LAPSED if target == ISSUED else Rule.ACCEPTED
    key = f"{rule}:idea:{idea_id}:{source.person_id}:closed"
    posted = ledger.post([Transfer(key, source, target, amount, rule, "idea", idea_id, memo)])
    for posting_id in posted.values():
        record(PROGRAM, "points.closed", "posting", posting_id, rule=rule.value, amount=amount)


def reverse_award(actor: Actor, posting: Posting, *, reason: str) -> None:
    """Correct an award by its opposite.

    Raises
    ------
    NotAllowed
        Without the right to hand over rewards, or for one's own points.
    RuleBroken
        If the posting is not an award, or the reason is missing or too long.
    Conflict
        If it was reversed before or the points are spent: nobody goes below zero.
    """
    target = session().get_one(Account, posting.credit_account_id)
    can_correct.require(actor, target)
    if session().get_one(Account, posting.debit_account_id).kind is not AccountKind.ISSUED:
        raise RuleBroken(_("Only an award can be corrected."))
    memo = mask(one_line(reason)).text
    if not 3 <= len(memo) <= 240:
        raise RuleBroken(_("Say why in up to 240 characters."), field="reason")
    key = f"{Rule.CORRECTED}:{posting.id}"
    if ledger.find_posting(key) is not None:
        raise Conflict(_("This award was corrected before."))
    source = Place(target.kind, target.person_id)
    transfer = Transfer(
        key,
        source,
        ISSUED,
        posting.amount,
        Rule.CORRECTED,
        posting.subject_kind,
        posting.subject_id,
        memo,
        posting.id,
    )
    try:
        ledger.move([transfer])
    except ledger.Overdrawn:
        raise Conflict(_("The points are spent. What was paid is not taken back.")) from None
    record(actor, "points.corrected", "posting", posting.id, amount=posting.amount)
