"""Ranks that do not read noise as news; pure.

Somebody stands below only those whose low end lies above their own high end.  Entries whose
intervals overlap therefore share a rank, as with medals that nobody can tell apart.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Interval:
    """A benefit with its bounds, in minor units."""

    low: int
    mid: int
    high: int

    def __add__(self, other: "Interval") -> "Interval":
        """Bounds add up as if all were wrong the same way, which is the careful reading."""
        return Interval(self.low + other.low, self.mid + other.mid, self.high + other.high)

    def per(self, heads: int) -> "Interval":
        """The same per head."""
        return Interval(self.low // heads, self.mid // heads, self.high // heads)


NOTHING = Interval(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Place(Generic[T]):
    """An entry with its rank; ``is_shared`` when somebody else has the same one.

    ``rank`` is None while the low end is not above zero: not proven enough to be ranked.
    """

    rank: int | None
    is_shared: bool
    entry: T


def rank(entries: Sequence[T], interval_of: Callable[[T], Interval]) -> list[Place[T]]:
    """Entries by rank, then by falling low end; 1 + how many have a low end above my high end."""
    ordered = sorted(entries, key=lambda entry: interval_of(entry).low, reverse=True)
    proven = [interval_of(entry) for entry in ordered if interval_of(entry).low > 0]
    rising = sorted(interval.low for interval in proven)
    ranks = [1 + len(rising) - bisect_right(rising, interval.high) for interval in proven]
    places = [
        Place(place, ranks.count(place) > 1, entry)
        for place, entry in zip(ranks, ordered, strict=False)
    ]
    places.sort(key=lambda place: place.rank or 0)
    return places + [Place(None, False, entry) for entry in ordered[len(ranks) :]]
