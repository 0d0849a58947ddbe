"""The whole demo year, told before it happens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from portal.demo import insights as heard
from portal.demo.days import Workdays
from portal.demo.ideas import Idea, ideas
from portal.demo.insights import Insight
from portal.demo.metrics import Metric, metrics
from portal.demo.people import DEPARTMENTS, PEOPLE, Department, Person
from portal.demo.reasons import REASONS, Reason
from portal.demo.rewards import CATALOGUE, Redemption, RewardItem, redemptions
from portal.demo.stories import SHOWCASE

INSIGHT_COUNTS = {"small": 6_000, "medium": 100_000}


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that is to happen until midnight before `today`, local time.

    Keys name things across the lists: a person's key, a reason's key, a metric's key.
    `executive` gets what no department owns; `showcase` is the key of the idea to look at first.
    """

    seed: int
    size: str
    today: date
    departments: tuple[Department, ...]
    people: tuple[Person, ...]
    reasons: tuple[Reason, ...]
    metrics: tuple[Metric, ...]
    ideas: tuple[Idea, ...]
    rewards: tuple[RewardItem, ...]
    redemptions: tuple[Redemption, ...]
    executive: str = "helen-whitcombe"
    showcase: str = SHOWCASE

    @property
    def insight_count(self) -> int:
        """How many insights there will be."""
        return INSIGHT_COUNTS[self.size]

    def insights(self) -> Iterator[Insight]:
        """What was heard, oldest first, made while one reads."""
        return heard.insights(self.seed, self.insight_count, self.today)


def plan(seed: int, size: str, today: date) -> Plan:
    """A believable year before `today`; `size` is small or medium, equal seeds tell equal years.

    Raises
    ------
    KeyError
        If there is no such size.
    """
    workdays = Workdays.before(today)
    told = ideas(seed, size, workdays)
    return Plan(
        seed=seed,
        size=size,
        today=today,
        departments=DEPARTMENTS,
        people=PEOPLE,
        reasons=REASONS,
        metrics=metrics(seed, today),
        ideas=told,
        rewards=CATALOGUE,
        redemptions=redemptions(seed, told, workdays),
    )
