"""Which way an idea goes and how long each stretch takes, in workdays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from portal.demo.days import Workdays
from portal.demo.metrics import EFFECT_OF, first_week
from portal.demo.stories import Story

YEAR = 246
BASELINE_WEEKS = 20
_WEEKS_TO_SIGN = 16

# How many of 350 ideas end in each state; medium has 20,000 and most of them are decided.
SMALL = {
    "draft": 14,
    "submitted": 6,
    "routed": 8,
    "triage": 38,
    "needs_info": 10,
    "declined": 60,
    "deferred": 8,
    "cost_accepted": 4,
    "already_exists": 6,
    "merged": 4,
    "testing": 5,
    "appealed": 3,
    "withdrawn": 15,
    "accepted": 28,
    "committed": 16,
    "in_progress": 18,
    "implemented": 12,
    "stopped": 8,
    "measuring": 3,
    "validated": 8,
    "not_proven": 3,
    "harmful": 3,
    "rolled_back": 1,
    "closed": 69,
}
MEDIUM = SMALL | {
    "draft": 300,
    "submitted": 20,
    "routed": 30,
    "triage": 110,
    "needs_info": 40,
    "declined": 11_680,
    "deferred": 800,
    "cost_accepted": 400,
    "already_exists": 600,
    "merged": 60,
    "testing": 40,
    "appealed": 20,
    "withdrawn": 1_350,
    "accepted": 170,
    "committed": 110,
    "in_progress": 160,
    "implemented": 120,
    "stopped": 772,
    "closed": 3_200,
}
FUNNELS = {"small": SMALL, "medium": MEDIUM}

Beats = tuple[tuple[str, int, int], ...]

_SENT: Beats = (("submit", 0, 0), ("route", 0, 0))
_READ: Beats = (*_SENT, ("receive", 0, 1), ("reply", 0, 2))
_ACCEPTED: Beats = (*_READ, ("accept", 2, 6))
_COMMITTED: Beats = (*_ACCEPTED, ("commit", 3, 12))
_STARTED: Beats = (*_COMMITTED, ("start", 1, 5), ("note", 3, 8))
_LIVE: Beats = (*_STARTED, ("implement", 5, 10), ("confirm", 1, 3))
_MEASURED: Beats = (*_STARTED, ("implement", 5, 10), ("measure", 0, 0))
_PATHS: dict[str, Beats] = {
    "draft": (("draft", 0, 0),),
    "submitted": (("submit", 0, 0),),
    "routed": _SENT,
    "triage": _READ,
    "needs_info": (*_READ, ("ask", 1, 3)),
    "declined": (*_READ, ("decline", 2, 7)),
    "deferred": (*_READ, ("defer", 2, 7)),
    "cost_accepted": (*_READ, ("keep_calls", 2, 7)),
    "already_exists": (*_READ, ("point_out", 1, 5)),
    "merged": (*_READ, ("join", 1, 4)),
    "testing": (*_READ, ("test", 2, 6)),
    "appealed": (*_READ, ("decline", 2, 7), ("appeal", 1, 6)),
    "withdrawn": (*_READ, ("withdraw", 1, 6)),
    "accepted": _ACCEPTED,
    "committed": _COMMITTED,
    "stopped": (*_COMMITTED, ("stop", 8, 25)),
    "in_progress": _STARTED,
    "implemented": _LIVE,
    "closed": (*_LIVE, ("confirm", 1, 3), ("close", 2, 6)),
    "measuring": _MEASURED,
    "validated": (*_MEASURED, ("claim", 1, 1), ("sign", 1, 1)),
    "not_proven": (*_MEASURED, ("sign", 1, 1)),
    "harmful": (*_MEASURED, ("sign", 1, 1)),
    "rolled_back": (*_MEASURED, ("sign", 1, 1), ("roll_back", 5, 5)),
}
# How many workdays an open idea may already have waited; the last days are past the clock.
_WAITING = {
    "draft": (0, 60),
    "submitted": (0, 2),
    "routed": (0, 1),
    "triage": (0, 12),
    "needs_info": (0, 8),
    "testing": (0, 9),
    "appealed": (0, 9),
    "deferred": (0, 50),
    "cost_accepted": (0, 50),
    "accepted": (0, 16),
    "committed": (0, 14),
    "in_progress": (0, 22),
    "implemented": (0, 8),
}
_SINCE_SUBMITTED = {"triage", "routed", "submitted"}


@dataclass(frozen=True, slots=True)
class Beat:
    """Something that happens `age` workdays before the last one."""

    verb: str
    age: int


def _with_detours(rng: Random, state: str, path: Beats, story: Story) -> Iterator[tuple[str, int]]:
    """The path with drawn lengths, some questions, transfers and later dates put in."""
    asks = "answer" in story.says or (not story.authors and rng.random() < 0.15)
    moves = "moved" in story.says or rng.random() < 0.12
    for verb, least, most in path:
        if verb == "reply" and rng.random() < 0.3 and state != "triage":
            continue
        yield verb, rng.randint(least, most)
        if verb == "receive" and not story.authors and rng.random() < 0.05:
            yield "transfer", rng.randint(0, 1)
            yield "accept_transfer", rng.randint(0, 1)
        if verb == "reply" and asks and state not in {"needs_info", "triage"}:
            yield "ask", rng.randint(0, 1)
            yield "answer", rng.randint(0, 2)
        if verb == "note" and moves and state in {"in_progress", "implemented", "closed"}:
            yield "move_date", 1
            yield "note", rng.randint(1, 5)


def _wait(rng: Random, state: str, story: Story, length: int) -> int:
    """How many workdays ago the last step was."""
    if state in _SINCE_SUBMITTED:
        least, most = _WAITING[state]
        return max(0, (rng.randint(least, most) if story.age is None else story.age) - length)
    if story.age is not None:
        return story.age
    least, most = _WAITING.get(state, (0, YEAR - length))
    return rng.randint(least, most)


def beats(rng: Random, state: str, story: Story, workdays: Workdays) -> tuple[Beat, ...]:
    """What happens to a story that ends in a state, oldest first."""
    stretches = tuple(_with_detours(rng, state, _PATHS[state], story))
    if story.key in EFFECT_OF:
        return _around_go_live(stretches, story.key, workdays)
    age = sum(length for _, length in stretches)
    age += _wait(rng, state, story, age)
    found = []
    for verb, length in stretches:
        age -= length
        found.append(Beat(verb, age))
    return tuple(found)


def _around_go_live(
    stretches: tuple[tuple[str, int], ...], key: str, workdays: Workdays
) -> tuple[Beat, ...]:
    """The go-live has its day by the metric; signatures wait for sixteen weeks of data."""
    effect = EFFECT_OF[key]
    go_live_on = first_week(workdays.today) + timedelta(weeks=effect.go_live_week)
    live = workdays.age_of(go_live_on)
    signed = workdays.age_of(go_live_on + timedelta(weeks=_WEEKS_TO_SIGN, days=2))
    verbs = [verb for verb, _ in stretches]
    before = stretches[: verbs.index("implement") + 1]
    age = live + sum(length for _, length in before)
    found = []
    for verb, length in stretches:
        if verb == "claim":
            age = signed + 2
        elif verb == "sign":
            age = signed
        else:
            age -= length
        found.append(Beat(verb, max(0, age)))
    return tuple(found)
