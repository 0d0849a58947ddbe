"""What an analysis reads: the frozen baseline and the weeks since go-live; pure.

Weeks after the locked baseline count only once they lie wholly after the go-live: the week of
the go-live itself is left out as transition.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.i18n import gettext as _
from portal.impact.series import Period, Series
from portal.metrics.baselines import WEEK, Point, complete_weeks
from portal.metrics.models import Baseline, Direction, Metric
from portal.metrics.xmr import D4, ControlChart

MEASURED_WEEKS = 26
"""How long a change is measured before the measuring ends."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One metric of a change, ready to be analysed; ``points_hash`` names the data in it."""

    metric_id: int
    baseline_id: int
    is_guardrail: bool
    series: Series
    frozen: ControlChart
    go_live_on: date
    better: Direction
    things: str | None
    points_hash: str


def read(
    metric: Metric,
    baseline: Baseline,
    points: Sequence[Point],
    *,
    go_live_on: date,
    today: date,
    is_guardrail: bool,
) -> Reading:
    """The reading of a metric from its baseline and its points as they stand ``today``."""
    before = frozen_points(baseline)
    after = [p for p in complete_weeks(points, today) if p.period_start > go_live_on]
    return Reading(
        metric_id=metric.id,
        baseline_id=baseline.id,
        is_guardrail=is_guardrail,
        series=_series([*before, *after]),
        frozen=frozen_chart(baseline),
        go_live_on=go_live_on,
        better=metric.direction,
        things=_("these contacts") if metric.reason_id is not None else None,
        points_hash=_digest(baseline.hash, go_live_on, after),
    )


def frozen_points(baseline: Baseline) -> list[Point]:
    """The points of a baseline as they were locked."""
    return [
        Point(date.fromisoformat(str(start)), float(value or 0.0), _figure(above), _figure(below))
        for start, value, above, below in baseline.points
    ]


def _figure(value: str | float | None) -> float | None:
    return None if value is None else float(value)


def frozen_chart(baseline: Baseline) -> ControlChart:
    """The limits of a baseline as they were locked."""
    return ControlChart(
        mean=baseline.mean,
        lower_limit=baseline.lower_limit,
        upper_limit=baseline.upper_limit,
        moving_range_mean=baseline.moving_range_mean,
        moving_range_limit=D4 * baseline.moving_range_mean,
        points=baseline.points_count,
    )


def ends_on(go_live_on: date) -> date:
    """The day on which the measuring of a change ends."""
    return go_live_on + MEASURED_WEEKS * WEEK


def _series(points: Sequence[Point]) -> Series:
    has_parts = all(p.numerator is not None and p.denominator is not None for p in points)
    return Series(
        dates=tuple(point.period_start for point in points),
        values=tuple(point.value for point in points),
        period=Period.WEEK,
        numerators=tuple(p.numerator or 0.0 for p in points) if has_parts else None,
        denominators=tuple(p.denominator or 0.0 for p in points) if has_parts else None,
    )


def _digest(baseline_hash: str, go_live_on: date, after: Sequence[Point]) -> str:
    body = [baseline_hash, go_live_on.isoformat(), [point.frozen() for point in after]]
    text = json.dumps(body, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
