"""Dividing a benefit among those who have the credit, to the last minor unit; pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.impact.money import Benefit


@dataclass(frozen=True, slots=True)
class Part:
    """One person's part of a benefit in minor units, ``low`` ≤ ``mid`` ≤ ``high``."""

    percent: int
    low: int
    mid: int
    high: int


def divide(benefit: Benefit, percents: Mapping[int, int]) -> dict[int, Part]:
    """The part of each person whose whole percent is given; the parts add up exactly.

    The low end is divided by largest remainder (Hamilton's method), and so are the distances
    from low to mid and from mid to high: dividing each bound by itself could give somebody
    less at a higher bound.  Raises ValueError unless the percents sum to 100.
    """
    if sum(percents.values()) != 100:
        raise ValueError("parts sum to 100 percent")
    low = _apportion(benefit.low, percents)
    to_mid = _apportion(benefit.mid - benefit.low, percents)
    to_high = _apportion(benefit.high - benefit.mid, percents)
    return {
        person_id: Part(
            percent=percent,
            low=low[person_id],
            mid=low[person_id] + to_mid[person_id],
            high=low[person_id] + to_mid[person_id] + to_high[person_id],
        )
        for person_id, percent in percents.items()
    }


def _apportion(amount: int, percents: Mapping[int, int]) -> dict[int, int]:
    parts = {person_id: amount * percent // 100 for person_id, percent in percents.items()}
    rest = amount - sum(parts.values())
    by_remainder = sorted(percents, key=lambda one: (-(amount * percents[one] % 100), one))
    for person_id in by_remainder[:rest]:
        parts[person_id] += 1
    return parts


def part_of(amount: int, percent: int) -> int:
    """A percentage of an amount in minor units, rounded down, so that bounds keep their order."""
    return amount * percent // 100
