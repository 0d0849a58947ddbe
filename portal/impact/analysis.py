"""Did it work: one series, one date, one verdict.

Imports numpy through ``statistics``: for the worker and the command line, never for a page.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from statistics import fmean
from typing import Any, Final

from portal.i18n import gettext as _
from portal.impact.series import Series, SeriesError, comes_after
from portal.impact.statistics import Difference, before_after, drifts, seasonal_terms
from portal.impact.verdicts import (
    Better,
    Grade,
    Verdict,
    judge,
    no_baseline_sentence,
    not_proven_sentence,
    proven_sentence,
    too_early_sentence,
    weak_baseline_warning,
)
from portal.metrics.xmr import (
    D2,
    ControlChart,
    Label,
    Signal,
    chart_dict,
    control_chart,
    is_stable,
    signal_dicts,
    signals,
)

LEAST_BEFORE: Final = 6
NORMAL_BEFORE: Final = 12
PREFERRED_BEFORE: Final = 15
LEAST_AFTER: Final = 6
MOST_BEFORE: Final = 260
MOST_AFTER: Final = 130
"""Bounds of what the interval is computed from: a year of working days, and half of one."""

SHORT_SERIES: Final = 30
CASE_MIX_FALL: Final = 0.30

CONTROLLED: Final = "difference_in_differences"
UNCONTROLLED: Final = "before_after_placebo_calibrated"


@dataclass(frozen=True, slots=True)
class Effect:
    """The change with its 95 % interval in the unit of the series; None where it is unknown.

    ``relative`` is the estimate as a fraction of the baseline mean.
    """

    estimate: float | None
    ci_low: float | None
    ci_high: float | None
    relative: float | None
    method: str | None
    n_before: int
    n_after: int


@dataclass(frozen=True, slots=True)
class Analysis:
    """What a series says about a change, and how good that evidence is."""

    baseline: ControlChart | None
    signals: tuple[Signal, ...]
    effect: Effect
    minimum_detectable_effect: float | None
    grade: Grade
    verdict: Verdict
    sentence: str
    warnings: tuple[str, ...] = field(default=())

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON, under the names that other programs rely on."""
        return {
            "baseline": chart_dict(self.baseline),
            "signals": signal_dicts(self.signals),
            "effect": asdict(self.effect),
            "minimum_detectable_effect": self.minimum_detectable_effect,
            "grade": self.grade.value,
            "verdict": self.verdict.value,
            "sentence": self.sentence,
            "warnings": list(self.warnings),
        }


def analyse(
    series: Series,
    change_date: Label,
    *,
    comparison: Series | None = None,
    better: str = "lower",
    transition_periods: int = 0,
    frozen: ControlChart | None = None,
    things: str | None = None,
) -> Analysis:
    """Judge a change that went live on ``change_date``.

    Points before it are the baseline, those from it on are after, less the first
    ``transition_periods``.  ``frozen`` are the limits that were locked at go-live; without them
    they come from the baseline.  ``comparison`` is a series that the change did not touch.
    Raises SeriesError where dates and numbers are mixed.
    """
    split = _Split.at(series, change_date, transition_periods)
    chart = frozen or (control_chart(split.before) if len(split.before) > 1 else None)
    found = tuple(signals(chart, split.after_points)) if chart else ()
    direction = Better(better)
    measured = _measure(split, comparison)
    if measured is None:
        return _not_enough(split, chart, found)
    difference, method, warnings = measured
    verdict = judge(difference.low, difference.high, direction)
    mean = chart.mean if chart else 0.0
    relative = difference.estimate / mean if mean else None
    return Analysis(
        baseline=chart,
        signals=found,
        effect=Effect(
            estimate=difference.estimate,
            ci_low=difference.low,
            ci_high=difference.high,
            relative=relative,
            method=method,
            n_before=len(split.before),
            n_after=len(split.after),
        ),
        minimum_detectable_effect=difference.minimum_detectable,
        grade=_grade(split, chart, found, verdict, difference, method),
        verdict=verdict,
        sentence=_sentence(split, verdict, relative, difference, things),
        warnings=(*warnings, *_warnings(split, chart, direction)),
    )


@dataclass(frozen=True, slots=True)
class _Split:
    """A series cut at a change."""

    series: Series
    change: Label
    n_before: int
    after_from: int

    @classmethod
    def at(cls, series: Series, change: Label, transition_periods: int) -> "_Split":
        if any(type(label) is not type(change) for label in series.dates):
            raise SeriesError(_("The change and the points must both be dates, or both numbers."))
        n_before = sum(comes_after(change, label) for label in series.dates)
        return cls(series, change, n_before, min(len(series), n_before + transition_periods))

    @property
    def before(self) -> tuple[float, ...]:
        return self.series.values[: self.n_before]

    @property
    def after(self) -> tuple[float, ...]:
        return self.series.values[self.after_from :]

    @property
    def before_points(self) -> list[tuple[Label, float]]:
        return list(self.series.points())[: self.n_before]

    @property
    def after_points(self) -> list[tuple[Label, float]]:
        return list(self.series.points())[self.after_from :]

    def is_enough(self) -> bool:
        return len(self.before) >= LEAST_BEFORE and len(self.after) >= LEAST_AFTER

    def difference(self) -> Difference | None:
        """The change of this series alone, from the points nearest to it."""
        if not self.is_enough():
            return None
        before, after = self.before_points[-MOST_BEFORE:], self.after_points[:MOST_AFTER]
        labels = [label for label, _value in (*before, *after)]
        season = seasonal_terms(labels, self.series.period, len(before))
        before_values = [value for _label, value in before]
        after_values = [value for _label, value in after]
        seasonal = before_after(before_values, after_values, season)
        return seasonal or before_after(before_values, after_values)


def _measure(
    split: _Split, comparison: Series | None
) -> tuple[Difference, str, tuple[str, ...]] | None:
    """The change with its method, and what kept a comparison from being used."""
    warnings: tuple[str, ...] = ()
    if comparison is not None:
        against = _against(split, comparison)
        controlled = against.difference() if against else None
        if against is None or controlled is None:
            warnings = (_("The comparison shares too few dates with the series; it is not used."),)
        elif _drifts_before(against):
            warnings = (_("The comparison moved apart before the change; it is not used."),)
        else:
            return controlled, CONTROLLED, ()
    alone = split.difference()
    return (alone, UNCONTROLLED, warnings) if alone else None


def _against(split: _Split, comparison: Series) -> _Split | None:
    """The series less the comparison, which is first brought to the same baseline mean.

    Difference in differences of what both share (Card & Krueger, *AER* 84, 1994); scaling
    makes equal shares, not equal amounts, the parallel that is assumed.  None below the floors.
    """
    other = dict(comparison.points())
    kept = [(label, value) for label, value in split.series.points() if label in other]
    shared = {label for label, _value in kept}
    before = [label for label, _value in split.before_points if label in shared]
    after = [label for label, _value in split.after_points if label in shared]
    mean = fmean(other[label] for label in before) if before else 0.0
    if len(before) < NORMAL_BEFORE or len(after) < LEAST_AFTER or mean <= 0:
        return None
    factor = fmean(value for label, value in split.before_points if label in shared) / mean
    series = Series(
        dates=tuple(label for label, _value in kept),
        values=tuple(value - factor * other[label] for label, value in kept),
        period=split.series.period,
    )
    return _Split(series, split.change, len(before), len(kept) - len(after))


def _drifts_before(against: _Split) -> bool:
    before = against.before_points[-MOST_BEFORE:]
    labels = [label for label, _value in before]
    season = seasonal_terms(labels, against.series.period, len(before))
    return drifts([value for _label, value in before], season)


def _grade(
    split: _Split,
    chart: ControlChart | None,
    found: Sequence[Signal],
    verdict: Verdict,
    difference: Difference,
    method: str,
) -> Grade:
    if len(split.before) < NORMAL_BEFORE or chart is None:
        return Grade.C
    if method == CONTROLLED:
        return Grade.A
    values = dict(split.after_points)
    agrees = any((values[s.label] - chart.mean) * difference.estimate > 0 for s in found)
    proven = verdict in (Verdict.IMPROVED, Verdict.HARMED)
    stable = is_stable(chart, split.before_points)
    return Grade.B if proven and agrees and stable else Grade.C


def _sentence(
    split: _Split,
    verdict: Verdict,
    relative: float | None,
    difference: Difference,
    things: str | None,
) -> str:
    if verdict is Verdict.NOT_PROVEN:
        return not_proven_sentence(split.series.period)
    return proven_sentence(verdict, split.change, relative, difference.estimate, things)


def _not_enough(split: _Split, chart: ControlChart | None, found: tuple[Signal, ...]) -> Analysis:
    n_before, n_after = len(split.before), len(split.after)
    period = split.series.period
    if n_before < LEAST_BEFORE:
        sentence = no_baseline_sentence(n_before, LEAST_BEFORE, period)
    else:
        sentence = too_early_sentence(max(1, LEAST_AFTER - n_after), period)
    return Analysis(
        baseline=chart,
        signals=found,
        effect=Effect(None, None, None, None, None, n_before, n_after),
        minimum_detectable_effect=None,
        grade=Grade.E,
        verdict=Verdict.NOT_ENOUGH_DATA,
        sentence=sentence,
    )


def _warnings(split: _Split, chart: ControlChart | None, better: Better) -> list[str]:
    n_before, n_after = len(split.before), len(split.after)
    found = []
    if n_before < NORMAL_BEFORE:
        found.append(weak_baseline_warning(n_before, split.series.period))
    elif n_before < PREFERRED_BEFORE:
        found.append(
            _(
                "The baseline has %(n)s points; %(floor)s are better.",
                n=n_before,
                floor=PREFERRED_BEFORE,
            )
        )
    if n_before + n_after < SHORT_SERIES:
        found.append(_("The series is short, so the true interval may be wider than shown."))
    if chart and not is_stable(chart, split.before_points):
        found.append(_("The baseline was not stable, so its limits say little."))
    if chart and _began_at_a_bad_time(split, chart, better):
        found.append(
            _(
                "The change began when things were at their worst; "
                "some of the recovery would have come by itself."
            )
        )
    if _volume_fell(split):
        found.append(
            _("The volume fell by 30 % or more; the cases that are left may be the harder ones.")
        )
    if n_before > MOST_BEFORE or n_after > MOST_AFTER:
        found.append(
            _(
                "The interval uses the last %(before)s points before the change "
                "and the first %(after)s after it.",
                before=min(n_before, MOST_BEFORE),
                after=min(n_after, MOST_AFTER),
            )
        )
    return found


def _began_at_a_bad_time(split: _Split, chart: ControlChart, better: Better) -> bool:
    """Regression to the mean: the last three points lie a sigma or more on the bad side."""
    sigma = chart.moving_range_mean / D2
    excess = fmean(split.before[-3:]) - chart.mean
    return sigma > 0 and (excess if better is Better.LOWER else -excess) >= sigma


def _volume_fell(split: _Split) -> bool:
    volumes = split.series.denominators
    if volumes is None:
        return False
    before, after = volumes[: split.n_before], volumes[split.after_from :]
    return fmean(after) <= (1 - CASE_MIX_FALL) * fmean(before)
