"""What a change is worth in a year, and what its authors are awarded for it.

All money is whole minor units (cents) of one currency.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class BenefitKind(StrEnum):
    """How certain the money is; kinds are never added together.

    *Hard*: a budget, invoice, volume or headcount line moved.  *Soft*: released time.
    *Estimate*: not measured.
    """

    HARD = "hard"
    SOFT = "soft"
    ESTIMATE = "estimate"


@dataclass(frozen=True, slots=True)
class Benefit:
    """Net benefit of one year in minor units, ``low`` ≤ ``mid`` ≤ ``high``; a loss is negative."""

    kind: BenefitKind
    low: int
    mid: int
    high: int

    def __post_init__(self) -> None:
        if not self.low <= self.mid <= self.high:
            raise ValueError("a benefit needs low ≤ mid ≤ high")

    def __add__(self, other: "Benefit") -> "Benefit":
        """The sum; raises ValueError where the kinds differ."""
        if self.kind is not other.kind:
            raise ValueError(f"{self.kind} and {other.kind} benefits are never added together")
        return Benefit(
            self.kind, self.low + other.low, self.mid + other.mid, self.high + other.high
        )


@dataclass(frozen=True, slots=True)
class RateChange:
    """A change of a rate with its 95 % interval, after minus before: a fall is negative."""

    estimate: float
    ci_low: float
    ci_high: float


def yearly_benefit(
    change: RateChange,
    *,
    kind: BenefitKind,
    exposure: float,
    unit_cost_minor: int,
    better: str = "lower",
    investment_minor: int = 0,
    running_cost_minor: int = 0,
) -> Benefit:
    """Change of rate × exposure × avoidable unit cost − investment − running cost of a year.

    ``exposure`` is how often the rate applies in a year, in the unit of its denominator;
    ``unit_cost_minor`` is what one avoided event saves or, where higher is ``better``, what one
    more event earns.  Raises ValueError for another direction or a negative exposure or cost.
    """
    if better not in ("lower", "higher"):
        raise ValueError("better is either lower or higher")
    if min(exposure, unit_cost_minor, investment_minor, running_cost_minor) < 0:
        raise ValueError("exposure and costs cannot be negative")
    sign = -1 if better == "lower" else 1
    costs = investment_minor + running_cost_minor
    low, mid, high = sorted(
        round(sign * rate * exposure * unit_cost_minor) - costs
        for rate in (change.ci_low, change.estimate, change.ci_high)
    )
    return Benefit(kind, low, mid, high)


def totals(benefits: Iterable[Benefit]) -> dict[BenefitKind, Benefit]:
    """The sum of each kind that occurs, side by side."""
    sums: dict[BenefitKind, Benefit] = {}
    for benefit in benefits:
        known = sums.get(benefit.kind)
        sums[benefit.kind] = benefit if known is None else known + benefit
    return sums


@dataclass(frozen=True, slots=True)
class AwardBand:
    """A marginal band: ``per_mille`` of the benefit up to ``up_to_minor`` (None: without end)."""

    up_to_minor: int | None
    per_mille: int


DEFAULT_BANDS: Final = (
    AwardBand(1_000_000, 100),
    AwardBand(10_000_000, 30),
    AwardBand(None, 5),
)
"""10 % up to 10,000, 3 % from there to 100,000, 0.5 % above."""

AWARD_CAP_POINTS: Final = 100_000
MINOR_PER_POINT: Final = 10
"""Ten points are worth one whole unit of money, which is a hundred minor units."""


def award_points(
    lower_bound_minor: int,
    bands: tuple[AwardBand, ...] = DEFAULT_BANDS,
    cap_points: int = AWARD_CAP_POINTS,
) -> int:
    """Whole points for the lower bound of a hard first-year net benefit, rounded down.

    Nothing for zero and below.  84,000.00 pays 3,220.00, which is 32,200 points.
    """
    thousandths = 0
    floor = 0
    for band in bands:
        ceiling = lower_bound_minor if band.up_to_minor is None else band.up_to_minor
        thousandths += max(0, min(lower_bound_minor, ceiling) - floor) * band.per_mille
        floor = ceiling
    return min(cap_points, thousandths // (1000 * MINOR_PER_POINT))
