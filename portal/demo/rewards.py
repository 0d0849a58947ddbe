"""What points buy, and who bought what with the points their ideas had brought."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from portal.demo import steps as step
from portal.demo.days import Workdays
from portal.demo.ideas import Idea
from portal.demo.insights import pick

RECEIVED_POINTS = 10
IMPLEMENTED_POINTS = 100
_WEEKLY_CAP = 30
APPROVER = "stefan-aldinger"
"""The second administrator: dear rewards take two people."""
_FULFILLER = "bram-de-wit"


@dataclass(frozen=True, slots=True)
class RewardItem:
    """Something in the catalogue. `stock` is None where there is always some.

    `tax_class` is untaxed or taxed.
    """

    key: str
    name: str
    description: str
    icon: str
    price_points: int
    stock: int | None
    tax_class: str


@dataclass(frozen=True, slots=True)
class RedemptionMove:
    """A step of an order. `verb` is approve, fulfil, receive or refund."""

    at: datetime
    actor: str
    verb: str


@dataclass(frozen=True, slots=True)
class Redemption:
    """An order of a person, and what became of it.

    `state` is requested, approved, fulfilled, received or refunded.
    """

    person: str
    item: str
    requested_at: datetime
    moves: tuple[RedemptionMove, ...]
    state: str


_CATALOGUE = """
half-day | Half a day off | Any weekday, planned with your team lead | sun | 800 | 12 | untaxed
lunch | Lunch with the COO | Helen comes to your site and asks you things | utensils-crossed
  300 | 6 | untaxed
analysts | A day with the analysts | Learn how the impact charts are made | chart-line
  450 | | untaxed
headset | Better headset | Yours to keep, noise-cancelling | headphones | 900 | 15 | taxed
coffee | Coffee bar card | Ten drinks at either site | coffee | 180 | | untaxed
cinema | Two cinema tickets | Taxed as a gift, we pay the tax | ticket | 260 | 30 | taxed
breakfast | Breakfast for your team | Fresh rolls for all of you on a Friday | users
  400 | 10 | untaxed
gift-card | Bookshop gift card | Thirty euros, at the shop by the harbour | gift | 300 | 40 | taxed
course | A course of your choice | One evening a week for a term, we pay | graduation-cap
  1200 | 5 | untaxed
donation | Donation to the food bank | Ten euros in the name of the front line | hand-heart
  100 | | untaxed
transit | Month ticket for bus and ferry | All zones, for the coming month | bus | 490 | 20 | taxed
parking | Month of free parking | Site Harbour, level 1, by the door | map-pin | 1600 | 1 | taxed
"""


def _item(row: str) -> RewardItem:
    key, name, text, icon, price, stock, tax = (cell.strip() for cell in row.split("|"))
    return RewardItem(key, name, text, icon, int(price), int(stock) if stock else None, tax)


CATALOGUE = tuple(_item(row) for row in _CATALOGUE.strip().replace("\n  ", " | ").splitlines())
_NEW = ("requested", "approved", "fulfilled", "received")
_OLD = ("received",) * 8 + ("refunded",)
_FRESH_WORKDAYS = 15
_VERBS: dict[str, tuple[str, ...]] = {
    "requested": (),
    "approved": ("approve",),
    "fulfilled": ("approve", "fulfil"),
    "received": ("approve", "fulfil", "receive"),
    "refunded": ("approve", "refund"),
}


def _earned(ideas: tuple[Idea, ...]) -> list[tuple[datetime, str, int]]:
    """When whom which points are sure to have reached, counted on the low side."""
    found: list[tuple[datetime, str, int]] = []
    weekly: dict[tuple[str, date], int] = {}
    for idea in ideas:
        sender = idea.authors[0].person
        for happened in idea.steps:
            if isinstance(happened, step.Receive):
                week = happened.at.date() - timedelta(days=happened.at.weekday())
                weekly[sender, week] = weekly.get((sender, week), 0) + RECEIVED_POINTS
                if weekly[sender, week] <= _WEEKLY_CAP:
                    points = RECEIVED_POINTS * idea.authors[0].percent // 100
                    found.append((happened.at, sender, points))
            elif isinstance(happened, step.Implement):
                found.extend(
                    (happened.at, share.person, IMPLEMENTED_POINTS * share.percent // 100 // 2)
                    for share in idea.authors
                )
    return sorted(found)


def redemptions(seed: int, ideas: tuple[Idea, ...], workdays: Workdays) -> tuple[Redemption, ...]:
    """Orders that people can afford when they place them, oldest first."""
    rng = Random(f"{seed}-redemptions")
    balances: dict[str, int] = {}
    stock = {item.key: item.stock for item in CATALOGUE}
    orders: list[Redemption] = []
    for at, person, points in _earned(ideas):
        balances[person] = balances.get(person, 0) + points
        item = _wish(rng, balances[person], stock)
        if item is not None and len(orders) < 60:
            order = _order(rng, person, item, at, workdays)
            balances[person] -= item.price_points
            left = stock[item.key]
            stock[item.key] = None if left is None else left - 1
            orders.append(order)
    return tuple(sorted(orders, key=lambda order: order.requested_at))


def _wish(rng: Random, balance: int, stock: dict[str, int | None]) -> RewardItem | None:
    """Something affordable that is left, or the patience to save for more."""
    if rng.random() < 0.45:
        return None
    choices = [
        item
        for item in CATALOGUE
        if item.price_points <= balance and (item.stock is None or (stock[item.key] or 0) > 0)
    ]
    return pick(rng, choices) if choices else None


def _order(
    rng: Random, person: str, item: RewardItem, earned_at: datetime, workdays: Workdays
) -> Redemption:
    """An order soon after the points came, carried as far as time allows."""
    age = max(0, workdays.age_of(earned_at.date()) - rng.randint(1, 6))
    requested_at = max(workdays.at(age, rng), earned_at + timedelta(minutes=5))
    state = pick(rng, _NEW if age < _FRESH_WORKDAYS else _OLD)
    moves = tuple(_moves(rng, person, _VERBS[state], requested_at, age, workdays))
    reached = "requested" if not moves else _STATES[moves[-1].verb]
    return Redemption(person, item.key, requested_at, moves, reached)


_STATES = {
    "approve": "approved",
    "fulfil": "fulfilled",
    "receive": "received",
    "refund": "refunded",
}


def _moves(
    rng: Random, person: str, verbs: tuple[str, ...], last: datetime, age: int, workdays: Workdays
) -> Iterator[RedemptionMove]:
    actors = {"approve": APPROVER, "fulfil": _FULFILLER, "receive": person, "refund": _FULFILLER}
    for verb in verbs:
        age -= rng.randint(1, 4)
        if age < 0:
            return
        last = max(workdays.at(age, rng), last + timedelta(minutes=5))
        yield RedemptionMove(last, actors[verb], verb)
