"""The weeks of a measured change as its chart, its table and its CSV show them; pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from portal.columns import JsonObject
from portal.i18n import format_day, format_number
from portal.i18n import gettext as _
from portal.impact.readings import frozen_chart, frozen_points
from portal.metrics.baselines import Point, complete_weeks
from portal.metrics.labels import rule_label
from portal.metrics.models import Baseline, Metric
from portal.metrics.xmr import ControlChart, Rule

BASELINE, BETWEEN, TRANSITION, AFTER = "baseline", "between", "transition", "after"


@dataclass(frozen=True, slots=True)
class Week:
    """One week: ``kind`` says its phase; the figures are written as the metric writes them."""

    point: Point
    kind: str
    label: str
    shown: str
    moving_range: str | None
    signal: str

    @property
    def value(self) -> float:
        """The figure itself."""
        return self.point.value


@dataclass(frozen=True, slots=True)
class ImpactChart:
    """The weeks before and after a change with the limits that were locked before it."""

    weeks: tuple[Week, ...]
    limits: ControlChart
    caption: str
    alt: str
    live: str
    live_short: str


def draw(
    metric: Metric,
    baseline: Baseline,
    points: Sequence[Point],
    *,
    go_live_on: date,
    today: date,
    result: JsonObject | None,
) -> ImpactChart:
    """The frozen weeks, then the complete weeks since; signals are those of the analysis.

    Weeks between the locking and the go-live are shown, but neither phase counts them.
    """
    since = [p for p in complete_weeks(points, today) if p.period_start > baseline.window_until]
    weeks = tuple(_weeks(metric, [*frozen_points(baseline), *since], baseline, go_live_on, result))
    live = format_day(go_live_on, weekday=False)
    return ImpactChart(
        weeks=weeks,
        limits=frozen_chart(baseline),
        caption=_caption(metric, baseline, baseline.locked_at),
        alt=_alt(metric, baseline, weeks, live),
        live=_("Live %(day)s, its week left out", day=live),
        live_short=_("Live %(day)s", day=live),
    )


def _weeks(
    metric: Metric,
    points: Sequence[Point],
    baseline: Baseline,
    go_live_on: date,
    result: JsonObject | None,
) -> Iterator[Week]:
    signals = _signal_words(result)
    before: Point | None = None
    for point in points:
        moved = None if before is None else abs(point.value - before.value)
        yield Week(
            point=point,
            kind=_phase(point.period_start, baseline, go_live_on),
            label=format_day(point.period_start, weekday=False),
            shown=format_number(point.value, metric.decimals),
            moving_range=None if moved is None else format_number(moved, metric.decimals),
            signal=signals.get(point.period_start.isoformat(), ""),
        )
        before = point


def _phase(starts_on: date, baseline: Baseline, go_live_on: date) -> str:
    if starts_on <= baseline.window_until:
        return BASELINE
    if starts_on > go_live_on:
        return AFTER
    return TRANSITION if (go_live_on - starts_on).days < 7 else BETWEEN


def _signal_words(result: JsonObject | None) -> dict[str, str]:
    words: dict[str, str] = {}
    for signal in result["signals"] if result else ():
        word = rule_label(Rule(signal["rule"]))
        words[signal["date"]] = ", ".join(filter(None, (words.get(signal["date"]), word)))
    return words


def _caption(metric: Metric, baseline: Baseline, locked_at: datetime) -> str:
    return _(
        "Baseline locked %(day)s, %(n)s points, hash %(hash)s. Mean %(mean)s, limits %(low)s and "
        "%(high)s.",
        day=format_day(locked_at, year=True),
        n=baseline.points_count,
        hash=f"{baseline.hash[:4]} {baseline.hash[4:8]}",
        mean=format_number(baseline.mean, metric.decimals + 1),
        low=format_number(baseline.lower_limit, metric.decimals + 1),
        high=format_number(baseline.upper_limit, metric.decimals + 1),
    )


def _alt(metric: Metric, baseline: Baseline, weeks: Sequence[Week], live: str) -> str:
    after = [week for week in weeks if week.kind == AFTER]
    return _(
        "XmR chart of %(name)s. %(before)s baseline weeks around %(mean)s with limits %(low)s and "
        "%(high)s. %(after)s weeks after the go-live on %(live)s, %(signals)s of them signals.",
        name=metric.name,
        before=baseline.points_count,
        mean=format_number(baseline.mean, metric.decimals),
        low=format_number(baseline.lower_limit, metric.decimals),
        high=format_number(baseline.upper_limit, metric.decimals),
        after=len(after),
        live=live,
        signals=sum(bool(week.signal) for week in after),
    )
