"""What is measured every week, with the effects that ideas had put in on purpose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import prod
from random import Random

WEEKS = 70
_AUTOCORRELATION = 0.2
_SPREAD = {"first-contact": 0.012, "wrap-up-time": 0.02}
_HIGHER_IS_BETTER = {"first-contact"}
_PERSPECTIVES = {"first-contact": "customer", "wrap-up-time": "employee"}


@dataclass(frozen=True, slots=True)
class Effect:
    """A change of level from a go-live on: `percent` of the level before it.

    `weeks_after` counts the complete weeks of data since the go-live. The effect holds for
    `lasting` weeks and then fades over as many as `fading`; zero means at once.
    """

    story: str
    metric: str
    weeks_after: int
    percent: float
    lasting: int = WEEKS
    fading: int = 0

    @property
    def go_live_week(self) -> int:
        """The number of the first week with the change, counted from the first point."""
        return WEEKS - self.weeks_after

    def at(self, week: int) -> float:
        """The factor on the level in a week: 1 without an effect."""
        age = week - self.go_live_week
        if age < 0:
            return 1.0
        left = 1.0 - max(0, age - self.lasting + 1) / (self.fading + 1)
        return 1.0 + self.percent / 100 * max(0.0, min(1.0, left))


@dataclass(frozen=True, slots=True)
class Point:
    """One week: the rate is `numerator / denominator × per` of its metric."""

    period_start: date
    numerator: int
    denominator: int


@dataclass(frozen=True, slots=True)
class Metric:
    """A weekly rate. `perspective` is operations, customer or employee; `per` scales it.

    `level` is the rate before any effect, `exposure` the denominators a week, and
    `unit_cost_minor` what one unit of the numerator costs, where that is avoidable.
    """

    key: str
    name: str
    unit: str
    numerator_name: str
    denominator_name: str
    per: int
    decimals: int
    direction: str
    perspective: str
    smallest_worthwhile: float
    department: str
    reason: str | None
    level: float
    exposure: int
    unit_cost_minor: int
    points: tuple[Point, ...]

    def rate(self, point: Point) -> float:
        """The value of a point in the unit of the metric."""
        return point.numerator / point.denominator * self.per


# key | name | unit | numerator | denominator | per | smallest worthwhile | reason | department
# | level | denominators a week | avoidable cents a numerator
_OPERATIONS = """
estimated-calls | Calls about estimated readings | per 1,000 customers | calls | customers | 1000
  0.5 | estimated-reading | billing | 9.5 | 186000 | 290
letter-calls | Calls about letters without a date | per 1,000 letters | calls | letters | 1000
  1.5 | unclear-letter | billing | 21.0 | 25700 | 540
first-bill-calls | Calls about the first bill | per 1,000 first bills | calls | first bills | 1000
  8 | first-bill | billing | 96.0 | 9200 | 560
meter-text-calls | Contacts about the meter text | per 1,000 texts | contacts | texts sent | 1000
  2 | meter-text | metering | 31.0 | 16800 | 430
visit-card-calls | Calls about the reading visit | per 1,000 visit cards | calls | cards | 1000
  4 | meter-access | metering | 52.0 | 9100 | 610
payment-calls | Calls about payments not shown | per 1,000 payments | calls | payments | 1000
  0.5 | payment-missing | payments | 6.8 | 101000 | 620
instalment-calls | Calls after a changed instalment | per 1,000 changes | calls | changes | 1000
  8 | instalment-change | payments | 118.0 | 8300 | 470
where-calls | “Where is my engineer” calls | per 1,000 appointments | calls | appointments | 1000
  9 | where-engineer | field-service | 91.5 | 5900 | 580
missed-visit-calls | Repeat calls after a missed visit | per 100 visits | calls | visits | 100
  10 | missed-visit | field-service | 134.0 | 260 | 940
code-calls | Contacts about login codes | per 1,000 sign-ins | contacts | sign-ins | 1000
  1 | login-code | digital | 11.8 | 64000 | 430
chat-calls | Calls within a day of a broken chat | per 100 broken chats | calls | broken chats | 100
  4 | chat-dropped | digital | 44.0 | 900 | 500
move-calls | Follow-up calls after a move in | per 100 moves | calls | moves | 100
  6 | move-in | moves | 73.0 | 620 | 700
"""
_GUARDS = """
first-contact | Customers helped at the first contact | percent | helped | customers | 100
  1.5 | | digital | 81.0 | 21000 | 0
wrap-up-time | After-call work | seconds a call | seconds | calls | 1
  4 | | digital | 74.0 | 19500 | 0
"""
GUARDRAILS = ("first-contact", "wrap-up-time")

EFFECTS = (
    Effect("estimated-on-the-bill", "estimated-calls", 17, -26),
    Effect("date-on-letters", "letter-calls", 20, -40),
    Effect("meter-text-name", "meter-text-calls", 19, -30),
    Effect("find-payment", "payment-calls", 28, -22),
    Effect("missed-visit-call", "missed-visit-calls", 22, -28),
    Effect("code-by-mail", "code-calls", 33, -24),
    Effect("meter-number-picture", "move-calls", 26, -25),
    Effect("chat-stays-open", "chat-calls", 32, -30, lasting=15, fading=8),
    Effect("instalment-message", "instalment-calls", 30, 0),
    Effect("first-bill-date", "first-bill-calls", 24, 0),
    Effect("call-back-by-text", "first-contact", 27, 0),
    Effect("visit-card-short", "visit-card-calls", 18, 20),
    Effect("visit-card-number", "visit-card-calls", 18, 0),
    Effect("visit-card-window", "visit-card-calls", 18, 0),
    Effect("engineer-announcement", "where-calls", 44, 22, lasting=18),
    Effect("first-bill-part-month", "first-bill-calls", 5, 0),
    Effect("instalment-screen", "instalment-calls", 7, 0),
    Effect("wrap-up-codes", "wrap-up-time", 4, 0),
)
EFFECT_OF = {effect.story: effect for effect in EFFECTS}


def _noise(rng: Random, spread: float) -> list[float]:
    """A factor around 1 for each week, first-order autocorrelated, without a trend."""
    shocks: list[float] = []
    last = 0.0
    for _ in range(WEEKS):
        last = _AUTOCORRELATION * last + rng.gauss(0, spread)
        shocks.append(1.0 + max(-2.4 * spread, min(2.4 * spread, last)))
    return shocks


def _points(seed: int, metric: Metric, first: date) -> Iterator[Point]:
    """A point a week, with the effects of all ideas that were to move this metric."""
    rng = Random(f"{seed}-metric-{metric.key}")
    for week, shock in enumerate(_noise(rng, _SPREAD.get(metric.key, 0.032))):
        denominator = round(metric.exposure * rng.uniform(0.985, 1.015))
        effects = (effect.at(week) for effect in EFFECTS if effect.metric == metric.key)
        expected = metric.level * shock * denominator / metric.per
        numerator = round(prod(effects, start=expected))
        yield Point(first + timedelta(weeks=week), numerator, denominator)


def _definition(row: str) -> Metric:
    key, name, unit, counted, among, per, worthwhile, reason, owner, level, exposure, cost = (
        cell.strip() for cell in row.split("|")
    )
    return Metric(
        key=key,
        name=name,
        unit=unit,
        numerator_name=counted,
        denominator_name=among,
        per=int(per),
        decimals=1,
        direction="higher" if key in _HIGHER_IS_BETTER else "lower",
        perspective=_PERSPECTIVES.get(key, "operations"),
        smallest_worthwhile=float(worthwhile),
        department=owner,
        reason=reason or None,
        level=float(level),
        exposure=int(exposure),
        unit_cost_minor=int(cost),
        points=(),
    )


DEFINITIONS = tuple(
    _definition(row)
    for row in f"{_OPERATIONS.strip()}{_GUARDS}".replace("\n  ", " | ").strip().splitlines()
)
BY_KEY = {metric.key: metric for metric in DEFINITIONS}


def first_week(today: date) -> date:
    """The Monday of the first of seventy complete weeks before a day."""
    return today - timedelta(days=today.weekday(), weeks=WEEKS)


def metrics(seed: int, today: date) -> tuple[Metric, ...]:
    """Fourteen metrics with a point for each complete week before `today`."""
    first = first_week(today)
    return tuple(
        replace(metric, points=tuple(_points(seed, metric, first))) for metric in DEFINITIONS
    )
