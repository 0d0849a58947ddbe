"""How much a series moved at a date, with an interval that nothing-dates would not beat.

A step is estimated by generalised least squares.  What lies around the step may be plain noise
on a level that wanders (Harvey & Durbin, *The effects of seat belt legislation on British road
casualties*, JRSS A 149, 1986), noise that echoes (first-order autoregression), or noise on a
straight drift, which takes the place of the slope in a segmented regression (Wagner et al., *J
Clin Pharm Ther* 27, 2002).  No short series tells which, so the estimates are averaged by their
restricted likelihood (Harville, *JASA* 72, 1977; averaging after Hoeting et al., *Statistical
Science* 14, 1999), and what the models disagree on widens the interval.  Independent noise is
not among them on purpose: it is the assumption that makes intervals too narrow.

The interval is then calibrated: the same method is run on dates inside the baseline, where
nothing happened, and is widened until 95 % of those say nothing (split-conformal rank: Vovk et
al., *Algorithmic Learning in a Random World*, 2005; placebos in time: Abadie et al., *AJPS* 59,
2015).

numpy and scipy are imported here alone; a page must not import this module.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import ceil, tau
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from portal.impact.series import Period
from portal.metrics.xmr import Label

Floats = NDArray[np.float64]

CONFIDENCE: Final = 0.95
POWER: Final = 0.80
MIN_DEGREES_OF_FREEDOM: Final = 4
MAX_PLACEBO_DATES: Final = 120

Model = tuple[str, float]

STATIONARY: Final[tuple[Model, ...]] = (("echoing", 0.4), ("echoing", 0.6), ("echoing", 0.8))
"""Noise in which neighbouring points correlate this much."""

WANDERING_OR_NOT: Final[tuple[Model, ...]] = (
    *STATIONARY,
    *(("wandering", variance) for variance in (0.03, 0.1, 0.3, 1.0, 3.0)),
    *(("drifting", variance) for variance in (0.01, 0.1)),
)
"""Also: the variance of the level's step, or of a constant slope, a point, in variances of the
noise."""


@dataclass(frozen=True, slots=True)
class Step:
    """An estimated step: its size and standard error in the unit of the series."""

    size: float
    standard_error: float
    degrees_of_freedom: int

    @property
    def margin(self) -> float:
        """Half the 95 % interval of Student's t, before calibration."""
        return _quantile((1 + CONFIDENCE) / 2, self.degrees_of_freedom) * self.standard_error


@dataclass(frozen=True, slots=True)
class Difference:
    """A calibrated change: estimate, 95 % interval and smallest detectable size.

    ``widening`` is the factor by which the placebo dates widened the interval (1 or more);
    ``placebo_dates`` counts them.
    """

    estimate: float
    low: float
    high: float
    minimum_detectable: float
    widening: float
    placebo_dates: int

    @property
    def excludes_zero(self) -> bool:
        """Whether the whole interval lies on one side of no change."""
        return self.low > 0 or self.high < 0


def before_after(
    before: Sequence[float], after: Sequence[float], season: Floats | None = None
) -> Difference | None:
    """The step from ``before`` to ``after``, both in time order, calibrated on ``before``.

    ``season`` holds one row of seasonal terms a point (see ``seasonal_terms``).  None where
    the points do not suffice for the terms.
    """
    values, scale = _scaled([*before, *after])
    whitened = _whiten(values, season, WANDERING_OR_NOT)
    step = _step(whitened, len(before), len(values))
    if step is None:
        return None
    ratios = _placebo_ratios(whitened, len(before), len(after))
    widening = max(1.0, _conformal_quantile(ratios))
    margin = widening * step.margin * scale
    power = _quantile(POWER, step.degrees_of_freedom) * step.standard_error * scale
    return Difference(
        estimate=step.size * scale,
        low=step.size * scale - margin,
        high=step.size * scale + margin,
        minimum_detectable=margin + widening * power,
        widening=widening,
        placebo_dates=len(ratios),
    )


def drifts(values: Sequence[float], season: Floats | None = None) -> bool:
    """Whether values without a change run away in a line or step at their middle.

    The pre-trend check and the placebo date of a controlled comparison, on the differences
    between the two series before the change.
    """
    scaled, _ = _scaled(values)
    line = np.arange(len(scaled)) / len(scaled)
    stationary = _whiten(scaled, season, STATIONARY)
    slope = _fit(stationary, stationary.whitening @ line, len(scaled))
    middle = _step(_whiten(scaled, season, WANDERING_OR_NOT), len(scaled) // 2, len(scaled))
    return any(found is not None and abs(found.size) > found.margin for found in (slope, middle))


def seasonal_terms(labels: Sequence[Label], period: Period, n_before: int) -> Floats:
    """One row a point, one column a term: weekdays of daily points, months or a yearly wave.

    A season is only modelled where the baseline holds enough of it: weekdays from 14 points,
    the year from a whole one (a single wave below two years of months, and for weeks and days).
    """
    if period is Period.DAY:
        weekdays = [label.weekday() if isinstance(label, date) else 0 for label in labels]
        terms = _indicators(weekdays) if n_before >= 14 else _none(labels)
        yearly = _wave(labels, 365.25) if n_before >= 365 else _none(labels)
        return np.hstack([terms, yearly])
    if period is Period.WEEK:
        return _wave(labels, 365.25 / 7) if n_before >= 52 else _none(labels)
    if n_before >= 24:
        return _indicators([_month(label) for label in labels])
    return _wave(labels, 12.0) if n_before >= 12 else _none(labels)


def _none(labels: Sequence[Label]) -> Floats:
    return np.empty((len(labels), 0))


def _month(label: Label) -> int:
    return label.month if isinstance(label, date) else label % 12


def _indicators(kinds: Sequence[int]) -> Floats:
    """A column for each kind but the first."""
    return np.array([[float(kind == k) for k in sorted(set(kinds))[1:]] for kind in kinds])


def _wave(labels: Sequence[Label], points_a_year: float) -> Floats:
    turns = np.array(
        [
            label.timetuple().tm_yday / 365.25 if isinstance(label, date) else label / points_a_year
            for label in labels
        ]
    )
    return np.column_stack([np.sin(tau * turns), np.cos(tau * turns)])


def _scaled(values: Sequence[float]) -> tuple[Floats, float]:
    """Values about zero and of size one, and the factor that leads back to their unit."""
    array = np.asarray(values, dtype=np.float64)
    array = array - array.mean()
    scale = float(np.abs(array).max()) or 1.0
    return array / scale, scale


@dataclass(frozen=True, slots=True)
class _Whitened:
    """A series seen through each model, so that its noise is independent and of one size.

    First axis: models; second: points.  ``steps[:, :, k]`` is a step at index ``k``.  The
    first rows of all of it are what whitening a shorter series would give, since the factors
    are triangular; every placebo date is served from one whitening.
    """

    whitening: Floats
    values: Floats
    terms: Floats
    steps: Floats


def _whiten(values: Floats, season: Floats | None, models: tuple[Model, ...]) -> _Whitened:
    whitening = _whitening(models, len(values))
    level = np.ones((len(values), 1))
    terms = level if season is None else np.hstack([level, season])
    steps = whitening[:, :, ::-1].cumsum(axis=2)[:, :, ::-1]
    return _Whitened(whitening, whitening @ values, whitening @ terms, steps)


def _step(whitened: _Whitened, at: int, end: int) -> Step | None:
    """The step at index ``at`` of the points before index ``end``."""
    return _fit(whitened, whitened.steps[:, :, at], end)


def _fit(whitened: _Whitened, change: Floats, end: int) -> Step | None:
    """The coefficient of a whitened change, averaged over the models by restricted likelihood."""
    design = np.concatenate([whitened.terms, change[:, :, None]], axis=2)[:, :end]
    rows = whitened.values[:, :end]
    freedom = end - design.shape[2]
    if freedom < MIN_DEGREES_OF_FREEDOM:
        return None
    q, r = np.linalg.qr(design)
    diagonal = np.abs(np.diagonal(r, axis1=1, axis2=2))
    if diagonal.min() < 1e-8:
        return None
    fitted = (q * rows[:, :, None]).sum(axis=1)
    residual = np.maximum((rows**2).sum(axis=1) - (fitted**2).sum(axis=1), 1e-18)
    sizes = fitted[:, -1] / r[:, -1, -1]
    variances = residual / freedom / diagonal[:, -1] ** 2
    determinants = np.diagonal(whitened.whitening, axis1=1, axis2=2)[:, :end]
    likelihood = (
        np.log(determinants).sum(axis=1)
        - np.log(diagonal).sum(axis=1)
        - freedom / 2 * np.log(residual)
    )
    weights = np.exp(likelihood - likelihood.max())
    weights /= weights.sum()
    size = float(weights @ sizes)
    variance = float(weights @ (variances + (sizes - size) ** 2))
    return Step(size, variance**0.5, freedom)


@lru_cache(maxsize=4)
def _whitening(models: tuple[Model, ...], count: int) -> Floats:
    """Inverse Cholesky factors, one a model; their leading parts serve shorter series."""
    factors = [np.linalg.cholesky(_covariance(kind, strength, count)) for kind, strength in models]
    return np.linalg.inv(np.stack(factors))


def _covariance(kind: str, strength: float, count: int) -> Floats:
    index = np.arange(1.0, count + 1)
    if kind == "echoing":
        return strength ** np.abs(index[:, None] - index)
    shared = np.minimum.outer(index, index) if kind == "wandering" else np.outer(index, index)
    return np.eye(count) + strength * shared


def _placebo_ratios(whitened: _Whitened, n_before: int, n_after: int) -> list[float]:
    """|step| over its margin at every admissible date of the baseline.

    Each date sees the points before it and as many after it as the real one has, at most to
    the end of the baseline.
    """
    least_before, least_after = (6, 4) if n_before >= 12 else (4, 2)
    dates = np.arange(least_before, n_before - least_after + 1)
    if len(dates) > MAX_PLACEBO_DATES:
        dates = dates[np.linspace(0, len(dates) - 1, MAX_PLACEBO_DATES).astype(int)]
    steps = (_step(whitened, int(at), min(n_before, int(at) + n_after)) for at in dates)
    return [abs(step.size) / step.margin for step in steps if step is not None]


def _conformal_quantile(ratios: Sequence[float]) -> float:
    """The ceil(0.95 (m + 1))-th smallest of m ratios, or the largest where there are fewer."""
    if not ratios:
        return 1.0
    rank = min(ceil(CONFIDENCE * (len(ratios) + 1)), len(ratios))
    return sorted(ratios)[rank - 1]


def _quantile(probability: float, freedom: int) -> float:
    return float(stdtrit(freedom, probability))
