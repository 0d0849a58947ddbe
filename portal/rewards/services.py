"""Awards, the catalogue, and orders from request to receipt."""

import re
from datetime import timedelta
from uuid import uuid4

from portal.actor import PROGRAM, Actor
from portal.audit.services import record
from portal.database import session
from portal.errors import Conflict, NotFound, RuleBroken
from portal.events import publish
from portal.i18n import format_number, ngettext
from portal.i18n import gettext as _
from portal.masking import mask
from portal.now import midnight, now, today
from portal.numbers import next_number
from portal.rewards import ledger, orders, policies, queries, shares
from portal.rewards.events import PointsAwarded, RedemptionMoved, RedemptionRequested
from portal.rewards.ledger import ISSUED, Place, Transfer
from portal.rewards.models import (
    AccountKind,
    Redemption,
    RedemptionState,
    RewardItem,
    TaxClass,
)
from portal.rewards.rules import DEFAULT_RULES, Rule
from portal.text import normalise, one_line

MAX_AMOUNT = 1_000_000
_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def award(
    person_id: int,
    *,
    rule: Rule,
    amount: int,
    subject_kind: str,
    subject_id: int,
    event_key: str,
    memo: str,
    is_provisional: bool = False,
) -> bool:
    """Give a person points, once per rule, subject, person and event; whether they are new.

    A rule with a weekly cap gives what is left of it, or nothing.  ``memo`` is a reference such
    as ``I-1042``, never personal text: postings cannot be changed.  One unit that thanks several
    people does so in the order of their ids (see :mod:`portal.rewards.ledger`).
    """
    kind = AccountKind.PROVISIONAL if is_provisional else AccountKind.PERSON
    place = Place(kind, person_id)
    amount = min(amount, _room(place, rule))
    if amount <= 0:
        return False
    key = f"{rule}:{subject_kind}:{subject_id}:{person_id}:{event_key}"
    transfer = Transfer(key, ISSUED, place, amount, rule, subject_kind, subject_id, memo)
    posted = ledger.post([transfer])
    if not posted:
        return False
    record(PROGRAM, "points.awarded", "posting", posted[key], rule=rule.value, amount=amount)
    publish(PointsAwarded(posted[key], person_id, rule.value, amount, is_provisional))
    return True


def _room(place: Place, rule: Rule) -> int:
    """What the rule's cap leaves for this person this week; the account stays locked."""
    cap = DEFAULT_RULES.weekly_caps.get(rule)
    if cap is None or place.person_id is None:
        return MAX_AMOUNT
    ledger.lock_balance(place)
    monday = today() - timedelta(days=today().weekday())
    return cap - shares.sum_awarded(place.person_id, rule, midnight(monday))


def add_item(
    actor: Actor,
    key: str,
    *,
    name: str,
    description: str,
    icon: str,
    price_points: int,
    tax_class: TaxClass,
    stock: int | None,
) -> RewardItem:
    """Offer something in the catalogue.

    ``icon`` names a picture of ``static/icons.svg``; ``stock`` counts pieces, None means that
    there is always one more.
    """
    policies.can_add_item.require(actor)
    if not _KEY.fullmatch(key) or len(key) > 64:
        raise RuleBroken(_("A key is small letters, digits and hyphens."), field="key")
    if queries.find_item(key) is not None:
        raise RuleBroken(_("The key %(key)s is taken.", key=key), field="key")
    name = mask(one_line(name)).text
    if not 1 <= len(name) <= 120:
        raise RuleBroken(_("Give it a name of up to 120 characters."), field="name")
    if not 1 <= price_points <= MAX_AMOUNT:
        raise RuleBroken(_("A price is between 1 and 1,000,000 points."), field="price_points")
    item = RewardItem(
        key=key,
        name=name,
        description=mask(normalise(description)).text,
        icon=icon,
        price_points=price_points,
        tax_class=tax_class,
        is_active=True,
    )
    session().add(item)
    session().flush()
    record(actor, "item.added", "reward_item", item.id, key=key, price_points=price_points)
    if stock is None:
        ledger.open_endless_stock(item.id)
    elif stock:
        restock(actor, item, stock)
    return item


def restock(actor: Actor, item: RewardItem, pieces: int, *, nonce: str | None = None) -> None:
    """Add pieces to an item's stock, once per nonce."""
    policies.can_restock.require(actor)
    if not 1 <= pieces <= MAX_AMOUNT:
        raise RuleBroken(_("Add between 1 and 1,000,000 pieces."), field="pieces")
    transfer = Transfer(
        f"{Rule.RESTOCKED}:{item.id}:{nonce or uuid4()}",
        Place(AccountKind.SUPPLIER),
        Place(AccountKind.STOCK, item_id=item.id),
        pieces,
        Rule.RESTOCKED,
        "reward_item",
        item.id,
        item.key,
    )
    if ledger.post([transfer]):
        record(actor, "item.restocked", "reward_item", item.id, pieces=pieces)


def redeem(actor: Actor, item: RewardItem, *, nonce: str) -> Redemption:
    """Order an item: its price is held and a piece reserved.  The same nonce orders once.

    Raises
    ------
    RuleBroken
        If the points do not suffice.
    Conflict
        If no piece is left; in both cases nothing is kept.
    """
    policies.can_order.require(actor)
    person_id = actor.id or 0
    balance = ledger.lock_balance(Place(AccountKind.PERSON, person_id))
    known = queries.find_redemption_by_nonce(nonce)
    if known is not None:
        return _own(actor, known)
    if not item.is_active:
        raise NotFound(_("This is not in the catalogue."))
    if balance < item.price_points:
        raise RuleBroken(points_to_go(item.price_points - balance))
    redemption = _add_redemption(person_id, item, nonce)
    try:
        ledger.move(orders.hold(redemption))
    except ledger.Overdrawn as error:
        raise Conflict(_("The last one has just gone. Your points are untouched.")) from error
    record(actor, "redemption.requested", "redemption", redemption.id, item_id=item.id)
    publish(RedemptionRequested(redemption.id))
    return redemption


def points_to_go(missing: int) -> str:
    """How many points are missing, in words."""
    return ngettext(
        "%(points)s point to go.",
        "%(points)s points to go.",
        missing,
        points=format_number(missing),
    )


def _own(actor: Actor, redemption: Redemption) -> Redemption:
    if redemption.person_id != actor.id:
        raise Conflict(_("This form was sent before. Open the catalogue again."))
    return redemption


def _add_redemption(person_id: int, item: RewardItem, nonce: str) -> Redemption:
    moment = now()
    redemption = Redemption(
        number=next_number("R"),
        person_id=person_id,
        item_id=item.id,
        price_points=item.price_points,
        state=RedemptionState.REQUESTED,
        requested_at=moment,
        changed_at=moment,
        nonce=nonce,
    )
    session().add(redemption)
    session().flush()
    return redemption


def approve(actor: Actor, redemption: Redemption) -> None:
    """Say yes to an order; never to one's own or that of somebody above oneself."""
    superiors = queries.list_superiors(actor.home_department_id)
    policies.can_approve.require(actor, redemption, superiors)
    _step(actor, redemption, RedemptionState.APPROVED, RedemptionState.REQUESTED)


def fulfil(actor: Actor, redemption: Redemption) -> None:
    """Hand an approved order over; from 5,000 points not by its approver."""
    policies.can_hand_over.require(actor, redemption)
    _step(actor, redemption, RedemptionState.FULFILLED, RedemptionState.APPROVED)
    ledger.move(orders.hand_over(redemption))


def receive(actor: Actor, redemption: Redemption) -> None:
    """Say that it arrived."""
    policies.can_receive.require(actor, redemption)
    _step(actor, redemption, RedemptionState.RECEIVED, RedemptionState.FULFILLED)


def refund(actor: Actor, redemption: Redemption) -> None:
    """Give points and piece back; whoever ordered may do so until it is approved."""
    policies.can_refund.require(actor, redemption)
    _step(actor, redemption, RedemptionState.REFUNDED, *queries.OPEN_STATES)
    ledger.move(orders.give_back(redemption))


def _step(
    actor: Actor, redemption: Redemption, to: RedemptionState, *allowed: RedemptionState
) -> None:
    if redemption.state not in allowed:
        raise Conflict(_("This cannot be done any more: the order has moved on."))
    redemption.state = to
    redemption.changed_at = now()
    redemption.changed_by_id = actor.id
    session().flush()
    record(actor, f"redemption.{to}", "redemption", redemption.id)
    publish(RedemptionMoved(redemption.id, to.value, actor.id))
