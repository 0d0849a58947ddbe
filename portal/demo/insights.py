"""What agents heard, one short text after the other, in the order in which it happened."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from random import Random
from typing import TypeVar

from portal.demo import vocabulary as words
from portal.demo.days import at_local, holidays
from portal.demo.people import AGENTS
from portal.demo.reasons import LEAVES, Reason
from portal.demo.voices_accounts import VOICES as ACCOUNT_VOICES
from portal.demo.voices_bills import VOICES as BILL_VOICES
from portal.demo.voices_meters import VOICES as METER_VOICES

T = TypeVar("T")

_WEEKDAYS = (1.25, 1.1, 1.0, 1.0, 0.95, 0.3, 0.05)
_OPEN_HOURS = (8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19)
_HOUR_WEIGHTS = (0.8, 1.2, 1.4, 1.3, 0.9, 0.9, 1.1, 1.1, 1.2, 1.1, 0.7, 0.4)
_CHANNELS = (("phone", "chat", "email", "letter"), (42, 74, 95, 100))
_SEVERITIES = {
    "failure": (15, 60, 91, 100),
    "value": (85, 97, 100, 100),
    "unsure": (50, 85, 98, 100),
}


@dataclass(frozen=True, slots=True)
class Voices:
    """What is said about one contact reason, as templates with slots."""

    quotes: tuple[str, ...]
    notes: tuple[str, ...]
    values: tuple[str, ...]
    expectations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Insight:
    """One reported contact. `demand` is value, failure or unsure; `minutes` is talk time."""

    external_id: str
    text: str
    reason: str
    channel: str
    expected: str | None
    demand: str
    severity: int
    friction: tuple[str, ...]
    minutes: int | None
    occurred_at: datetime
    author: str


def read_voices(text: str) -> dict[str, Voices]:
    """The voices of each reason in a text of keys and marked lines."""
    found: dict[str, dict[str, list[str]]] = {}
    for line in text.strip().splitlines():
        mark, _, rest = line.partition(" ")
        if line and not rest:
            marked = found[line] = {sign: [] for sign in ">-+?"}
        elif rest:
            marked[mark].append(rest)
    return {key: Voices(*(tuple(marked[sign]) for sign in ">-+?")) for key, marked in found.items()}


VOICES = read_voices(BILL_VOICES) | read_voices(METER_VOICES) | read_voices(ACCOUNT_VOICES)


def pick(rng: Random, choices: Sequence[T]) -> T:
    """One of the choices, each as likely; quicker than `rng.choice`."""
    return choices[int(rng.random() * len(choices))]


def slots(rng: Random) -> dict[str, str]:
    """A value for every slot a template may name, about one customer and one story."""
    who, is_woman = pick(rng, words.CUSTOMERS)
    amount = 18 + int(rng.random() * 420)
    first = int(rng.random() * 6)
    return {
        "Who": who[0].upper() + who[1:],
        "who": who,
        "She": "She" if is_woman else "He",
        "she": "she" if is_woman else "he",
        "obj": "her" if is_woman else "him",
        "poss": "her" if is_woman else "his",
        "Her": "Her" if is_woman else "His",
        "amount": f"€ {amount}",
        "other": f"€ {amount + 25 + int(rng.random() * 300)}",
        "day": words.DAYS[first],
        "day2": words.DAYS[(first + 1 + int(rng.random() * 4)) % 6],
        "month": pick(rng, words.MONTHS),
        "ordinal": pick(rng, words.ORDINALS),
        "weeks": pick(rng, words.WEEKS),
        "often": pick(rng, words.OFTEN),
        "nth": pick(rng, words.NTH),
        "hour": pick(rng, words.HOURS),
        "minutes": str(3 + int(rng.random() * 17)),
        "long": str(11 + int(rng.random() * 35)),
        "years": str(3 + int(rng.random() * 25)),
    }


def _spoken(rng: Random, voices: Voices) -> str:
    """A template in the customer's words, plain or between quotation marks with a note."""
    quote = pick(rng, voices.quotes)
    if rng.random() < 0.4:
        return f"{{Who}}: “{quote}” {pick(rng, words.AGENT_TAILS)}"
    opening = pick(rng, words.OPENINGS) if rng.random() < 0.45 else ""
    tail = f" {pick(rng, words.CUSTOMER_TAILS)}" if rng.random() < 0.85 else ""
    return f"{opening}{quote}{tail}"


def _noted(rng: Random, notes: Sequence[str], tails: Sequence[str]) -> str:
    """A template in the agent's words; the customer is introduced somewhere."""
    note = pick(rng, notes)
    opening = "" if "{Who}" in note or "{who}" in note else pick(rng, words.NOTE_OPENINGS)
    tail = f" {pick(rng, tails)}" if rng.random() < 0.85 else ""
    return f"{opening}{note}{tail}"


def _template(rng: Random, voices: Voices, demand: str) -> tuple[str, str]:
    """What is written down, and through which channel it came."""
    if demand == "value":
        return _noted(rng, voices.values, words.VALUE_TAILS), "phone"
    if rng.random() < 0.55:
        return _spoken(rng, voices), _weighted(rng, *_CHANNELS)
    return _noted(rng, voices.notes, words.AGENT_TAILS), "phone"


def _weighted(rng: Random, choices: Sequence[T], cumulated: Sequence[float]) -> T:
    return choices[bisect(cumulated, rng.random() * cumulated[-1])]


def failure_text(rng: Random, reason: str) -> str:
    """A failure as an agent would report it about that contact reason."""
    return _template(rng, VOICES[reason], "failure")[0].format_map(slots(rng))


def _friction(rng: Random, reason: Reason, demand: str) -> tuple[str, ...]:
    if demand == "value" or rng.random() < 0.35:
        return ()
    tags = {pick(rng, reason.friction)}
    if rng.random() < 0.15:
        tags.add(pick(rng, words.FRICTION))
    return tuple(sorted(tags))


def _insight(rng: Random, number: int, occurred_at: datetime, author: str) -> Insight:
    reason = _weighted(rng, LEAVES, _REASON_WEIGHTS)
    demand = _weighted(rng, ("value", "failure", "unsure"), tuple(accumulate(reason.tendency)))
    voices = VOICES[reason.key]
    template, channel = _template(rng, voices, demand)
    has_expectation = demand != "value" and rng.random() < 0.4
    return Insight(
        external_id=f"demo-{number:07d}",
        text=template.format_map(slots(rng)),
        reason=reason.key,
        channel=channel,
        expected=pick(rng, voices.expectations) if has_expectation else None,
        demand=demand,
        severity=_weighted(rng, (1, 2, 3, 4), _SEVERITIES[demand]),
        friction=_friction(rng, reason, demand),
        minutes=None if rng.random() < 0.25 else 2 + int(rng.gammavariate(2.4, 2.6)),
        occurred_at=occurred_at,
        author=author,
    )


_REASON_WEIGHTS = tuple(accumulate(reason.weekly_contacts**0.75 for reason in LEAVES))


def _rhythm(first: date, days: int) -> tuple[list[datetime], list[float]]:
    """The opening hours of a year, and how many contacts each gets, cumulated."""
    starts: list[datetime] = []
    weights: list[float] = []
    for day in (first + timedelta(days=offset) for offset in range(days)):
        busy = _WEEKDAYS[6 if day in holidays(day.year) else day.weekday()]
        starts.extend(at_local(day, hour * 60) for hour in _OPEN_HOURS)
        weights.extend(busy * weight for weight in _HOUR_WEIGHTS)
    return starts, list(accumulate(weights))


def insights(seed: int, count: int, today: date) -> Iterator[Insight]:
    """So many insights of the 364 days before `today`, oldest first, one at a time."""
    rng = Random(f"{seed}-insights")
    starts, cumulated = _rhythm(today - timedelta(days=364), 364)
    eager = tuple(accumulate(rng.paretovariate(1.6) for _ in AGENTS))
    slot, last = -1, 0.0
    for number in range(count):
        share = (number + rng.random()) / count * cumulated[-1]
        while share >= last:
            slot += 1
            base, last = last, cumulated[slot]
        part = (share - base) / (last - base)
        occurred_at = starts[slot] + timedelta(seconds=int(part * 3599))
        yield _insight(rng, number + 1, occurred_at, _weighted(rng, AGENTS, eager))
