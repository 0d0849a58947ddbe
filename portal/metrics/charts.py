"""A metric's weeks as its chart and its table show them."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.i18n import format_day, format_number
from portal.i18n import gettext as _
from portal.metrics.baselines import LEAST, Point
from portal.metrics.labels import rule_label
from portal.metrics.models import Metric
from portal.metrics.xmr import ControlChart, control_chart, signals

MOST_WEEKS = 104


@dataclass(frozen=True, slots=True)
class ShownPoint:
    """One row of the table twin; the names are those that ``points_table`` reads."""

    label: str
    kind: str
    value: float
    shown: str
    moving_range: str | None
    signal: str


@dataclass(frozen=True, slots=True)
class ShownSeries:
    """A series with its natural limits, if it has enough weeks for them."""

    points: tuple[ShownPoint, ...]
    chart: ControlChart | None
    caption: str
    alt: str


def show_series(metric: Metric, points: Sequence[Point]) -> ShownSeries:
    """The last two years of a metric; limits from six weeks on."""
    points = points[-MOST_WEEKS:]
    chart = control_chart([point.value for point in points]) if len(points) >= LEAST else None
    return ShownSeries(
        points=tuple(_shown(metric, points, chart)),
        chart=chart,
        caption=_caption(metric, chart),
        alt=_alt(metric, points),
    )


def _shown(metric: Metric, points: Sequence[Point], chart: ControlChart | None) -> list[ShownPoint]:
    labelled = [(point.period_start, point.value) for point in points]
    found = signals(chart, labelled) if chart else []
    words: dict[object, str] = {signal.label: rule_label(signal.rule) for signal in found}
    before: float | None = None
    rows = []
    for point in points:
        rows.append(
            ShownPoint(
                label=format_day(point.period_start, weekday=False),
                kind="baseline",
                value=point.value,
                shown=format_number(point.value, metric.decimals),
                moving_range=None
                if before is None
                else format_number(abs(point.value - before), metric.decimals),
                signal=words.get(point.period_start, ""),
            )
        )
        before = point.value
    return rows


def _caption(metric: Metric, chart: ControlChart | None) -> str:
    if chart is None:
        return _("Limits show from %(least)s weeks on.", least=LEAST)
    return _(
        "Mean %(mean)s; between %(low)s and %(high)s a week is noise, not news.",
        mean=format_number(chart.mean, metric.decimals),
        low=format_number(chart.lower_limit, metric.decimals),
        high=format_number(chart.upper_limit, metric.decimals),
    )


def _alt(metric: Metric, points: Sequence[Point]) -> str:
    return _(
        "%(name)s, %(n)s weeks, from %(first)s to %(last)s.",
        name=metric.name,
        n=len(points),
        first=format_number(points[0].value, metric.decimals) if points else "–",
        last=format_number(points[-1].value, metric.decimals) if points else "–",
    )
