"""What a baseline freezes, computed from points alone.

The hash is SHA-256 (FIPS 180-4) over canonical JSON: keys sorted, no spaces, every figure as
the shortest text that reads back as the same IEEE 754 double.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean

from portal.metrics.xmr import ControlChart, control_chart, is_stable

LEAST = 6
NORMAL = 12
PREFERRED = 15
MOST = 26
WEEK = timedelta(days=7)
WEEKS_A_YEAR = 52

Frozen = list[str | float | None]
"""One frozen point: ``[period_start, value, numerator, denominator]``."""


@dataclass(frozen=True, slots=True)
class Point:
    """One week of a metric; ``value`` is in the metric's unit, the parts may be unknown."""

    period_start: date
    value: float
    numerator: float | None = None
    denominator: float | None = None

    def frozen(self) -> Frozen:
        """The point as a baseline stores it."""
        return [
            self.period_start.isoformat(),
            _plain(self.value),
            None if self.numerator is None else _plain(self.numerator),
            None if self.denominator is None else _plain(self.denominator),
        ]


@dataclass(frozen=True, slots=True)
class Window:
    """The weeks a baseline stands on, with their limits."""

    points: Sequence[Point]
    chart: ControlChart
    is_weak: bool
    is_stable: bool

    @property
    def begins_on(self) -> date:
        """The first day that counts."""
        return self.points[0].period_start

    @property
    def ends_on(self) -> date:
        """The last day that counts."""
        return self.points[-1].period_start + WEEK - timedelta(days=1)


def complete_weeks(points: Sequence[Point], until: date) -> list[Point]:
    """The points whose week was over when the day ``until`` began."""
    return [point for point in points if point.period_start + WEEK <= until]


def window_of(points: Sequence[Point]) -> Window:
    """Limits of at least two points in time order; under 12 weeks the window is weak."""
    chart = control_chart([point.value for point in points])
    labelled = [(point.period_start, point.value) for point in points]
    return Window(points, chart, len(points) < NORMAL, is_stable(chart, labelled))


def yearly_exposure(points: Sequence[Point], per: int) -> float | None:
    """How often the rate applies in a year: denominators of 52 weeks, divided by ``per``.

    From fewer weeks it is their mean times 52; None where no point has a denominator.
    """
    known = [point.denominator for point in points if point.denominator is not None]
    if not known:
        return None
    return fmean(known[-WEEKS_A_YEAR:]) * WEEKS_A_YEAR / per


def digest(
    points: Sequence[Frozen], *, mean: float, lower: float, upper: float, ranges: float, method: str
) -> str:
    """The hex SHA-256 over frozen points, limits (``ranges``: mean moving range) and method."""
    body = {
        "points": [
            [figure if figure is None else _canonical(figure) for figure in row] for row in points
        ],
        "limits": [_plain(figure) for figure in (mean, lower, upper, ranges)],
        "method": method,
    }
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _canonical(figure: str | float) -> str | float:
    return figure if isinstance(figure, str) else _plain(figure)


def _plain(figure: float) -> float:
    """The figure as both databases give it back: always a float, and never minus zero."""
    return float(figure) + 0.0
