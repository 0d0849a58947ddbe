"""Control charts for single values (XmR), in plain Python so that a page may draw them.

Sources: Shewhart, *Economic Control of Quality of Manufactured Product* (1931); Wheeler,
*Understanding Variation* (2nd ed. 2000); NIST/SEMATECH e-Handbook of Statistical Methods,
section 6.3.2.2, "Individuals control charts".
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from statistics import fmean
from typing import Final

D2: Final = 1.128
"""Expected range of two normal values, in standard deviations (NIST 6.3.2.2)."""

LIMIT_FACTOR: Final = 3 / D2
"""Distance of the limits from the mean, in mean moving ranges; about 2.66."""

D4: Final = 3.267
"""Distance of the moving-range limit from zero, in mean moving ranges (NIST 6.3.2.2)."""

RUN_LENGTH: Final = 8

Label = date | int
"""What a point is called: the first day of its period, or its number."""


class Rule(StrEnum):
    """Why a point is a signal and not noise."""

    OUTSIDE_LIMITS = "outside_limits"
    EIGHT_ON_ONE_SIDE = "eight_on_one_side"
    THREE_OF_FOUR_NEAR_LIMIT = "three_of_four_near_limit"


@dataclass(frozen=True, slots=True)
class ControlChart:
    """Centre and limits of a process, in the unit of its values; ``points`` counts them."""

    mean: float
    lower_limit: float
    upper_limit: float
    moving_range_mean: float
    moving_range_limit: float
    points: int


@dataclass(frozen=True, slots=True)
class Signal:
    """A point that the process alone would hardly produce, and the rule that says so."""

    label: Label
    rule: Rule


def control_chart(values: Sequence[float]) -> ControlChart:
    """Centre and limits from at least two values in time order.

    The mean moving range, not the standard deviation, sets the limits, so that a drift inside
    the values does not widen them.  Raises ValueError below two values.
    """
    if len(values) < 2:
        raise ValueError("a control chart needs at least two values")
    mean = fmean(values)
    moving_range = fmean(abs(b - a) for a, b in pairwise(values))
    return ControlChart(
        mean=mean,
        lower_limit=mean - LIMIT_FACTOR * moving_range,
        upper_limit=mean + LIMIT_FACTOR * moving_range,
        moving_range_mean=moving_range,
        moving_range_limit=D4 * moving_range,
        points=len(values),
    )


def signals(chart: ControlChart, points: Iterable[tuple[Label, float]]) -> list[Signal]:
    """Every (point, rule) that stands out against the chart's limits, in time order.

    The rules, after Wheeler: a point strictly outside the limits; a point that completes or
    continues a run of eight or more strictly on one side of the mean; a point that is the third
    or fourth, of four in a row, to lie strictly nearer to the same limit than to the mean
    (more than 1.5 sigma out), itself included.  A point on the mean ends a run.
    """
    found: list[Signal] = []
    deviations: list[float] = []
    for label, value in points:
        deviations.append(value - chart.mean)
        found.extend(Signal(label, rule) for rule in _rules_at_end(chart, deviations))
    return found


def is_stable(chart: ControlChart, points: Iterable[tuple[Label, float]]) -> bool:
    """Whether no rule finds a signal among the points."""
    return not signals(chart, points)


def chart_dict(chart: ControlChart | None) -> dict[str, float | int | None]:
    """A chart as plain values; all None, and no points, where there is no chart."""
    if chart is None:
        names = ("mean", "lower_limit", "upper_limit", "moving_range_mean", "moving_range_limit")
        return {**dict.fromkeys(names), "points": 0}
    return asdict(chart)


def signal_dicts(found: Iterable[Signal]) -> list[dict[str, str]]:
    """Signals as plain values, each date in ISO form and a numbered point by its number."""
    return [{"date": str(signal.label), "rule": signal.rule.value} for signal in found]


def _rules_at_end(chart: ControlChart, deviations: Sequence[float]) -> list[Rule]:
    limit = chart.upper_limit - chart.mean
    side = 1.0 if deviations[-1] > 0 else -1.0
    run = [d * side for d in deviations[-RUN_LENGTH:]]
    rules = []
    if run[-1] > limit:
        rules.append(Rule.OUTSIDE_LIMITS)
    if len(run) == RUN_LENGTH and min(run) > 0:
        rules.append(Rule.EIGHT_ON_ONE_SIDE)
    if run[-1] > limit / 2 and len(run) >= 4 and sum(d > limit / 2 for d in run[-4:]) >= 3:
        rules.append(Rule.THREE_OF_FOUR_NEAR_LIMIT)
    return rules
