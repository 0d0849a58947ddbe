"""What earns how many points, and how they are shared: pure, versioned, whole numbers.

Points come from outcomes and named behaviour, never from signing in, supporting or commenting.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from portal.impact.money import MINOR_PER_POINT, award_points


class Rule(StrEnum):
    """Why something was posted in the ledger."""

    THANK_YOU = "thank_you"
    """A human took up the idea in triage for the first time."""
    ACCEPTED = "accepted"
    """The idea was accepted; provisional until it goes live."""
    IMPLEMENTED = "implemented"
    """The change is live."""
    HONEST_NULL = "honest_null"
    """It was measured honestly and did not work."""
    OUTCOME = "outcome"
    """First half of the award for a validated hard benefit."""
    SUSTAINED = "sustained"
    """Second half, ninety days later, if the benefit held."""
    REDEEMED = "redeemed"
    HANDED_OVER = "handed_over"
    REFUNDED = "refunded"
    RESTOCKED = "restocked"
    LAPSED = "lapsed"
    """Provisional points of an idea that was stopped or withdrawn."""
    VOUCHER_MADE = "voucher_made"
    """Points of a hidden author became a voucher."""
    VOUCHER_TAKEN = "voucher_taken"
    """Whoever showed the code took the points over."""
    CORRECTED = "corrected"
    """An administrator reversed an award, with a reason."""


SECOND_HALF = "rewards.second_half"
"""The task in the outbox that pays the second half of an outcome award."""


@dataclass(frozen=True, slots=True)
class RuleBook:
    """One version of the rules; postings note the version they were made under.

    ``weekly_caps`` limit a rule's points per person and week, which begins on Monday, UTC.
    ``two_people_from`` is the price in points from which somebody else than the approver must
    hand over; ``sustain_days`` pass between the two halves of an outcome award.
    """

    version: int
    points: Mapping[Rule, int]
    weekly_caps: Mapping[Rule, int]
    two_people_from: int
    sustain_days: int


DEFAULT_RULES = RuleBook(
    version=1,
    points=MappingProxyType(
        {
            Rule.THANK_YOU: 10,
            Rule.ACCEPTED: 50,
            Rule.IMPLEMENTED: 100,
            Rule.HONEST_NULL: 100,
        }
    ),
    weekly_caps=MappingProxyType({Rule.THANK_YOU: 30}),
    two_people_from=5_000,
    sustain_days=90,
)


def outcome_halves(lower_bound_minor: int) -> tuple[int, int]:
    """The two halves of the outcome award for a lower bound in minor units.

    The bands are those of :func:`portal.impact.money.award_points`; an odd point is paid first.
    """
    points = award_points(lower_bound_minor)
    return points - points // 2, points // 2


def worth_minor(points: int) -> int:
    """What points are worth in minor units: ten points are one whole unit of money."""
    return points * MINOR_PER_POINT


def split(amount: int, shares: Mapping[int, int]) -> dict[int, int]:
    """Share out whole points by weight so that nothing is lost (largest remainder, Hamilton).

    ``shares`` maps a person's id to a weight.  Ties go to the lower id; the parts come in the
    order of the ids and add up to ``amount``; nobody is listed with nothing.
    """
    total = sum(shares.values())
    if amount <= 0 or total <= 0:
        return {}
    parts = {person: amount * weight // total for person, weight in sorted(shares.items())}
    rest = amount - sum(parts.values())
    by_remainder = sorted(parts, key=lambda person: (-(amount * shares[person] % total), person))
    for person in by_remainder[:rest]:
        parts[person] += 1
    return {person: part for person, part in parts.items() if part}
