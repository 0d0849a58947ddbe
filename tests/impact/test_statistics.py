"""The interval: it finds what is there, and seldom what is not."""

from datetime import date, timedelta

import numpy as np
import pytest

from portal.impact.series import Period
from portal.impact.statistics import Floats, before_after, drifts, seasonal_terms


def noise(seed: int, count: int, *, echo: float = 0.0, wander: float = 0.0) -> Floats:
    """Normal noise of size one about zero, that echoes or about a wandering level."""
    draws = np.random.default_rng(seed).normal(size=(2, count))
    echoed = draws[0].copy()
    for i in range(1, count):
        echoed[i] = echo * echoed[i - 1] + (1 - echo**2) ** 0.5 * draws[0, i]
    return echoed + wander * draws[1].cumsum()


def false_alarms(runs: int, n_before: int, n_after: int, **kind: float) -> float:
    alarms = 0
    for seed in range(runs):
        values = noise(seed, n_before + n_after, **kind)
        difference = before_after(values[:n_before].tolist(), values[n_before:].tolist())
        alarms += difference is not None and difference.excludes_zero
    return alarms / runs


@pytest.mark.parametrize(
    "kind", [{}, {"echo": 0.4}, {"echo": 0.7}, {"wander": 0.3}], ids=["plain", "0.4", "0.7", "walk"]
)
@pytest.mark.parametrize(("n_before", "n_after"), [(12, 6), (30, 12)])
def test_nothing_is_seldom_called_something(n_before: int, n_after: int, kind: dict[str, float]):
    """Nominal 5 %; the bound leaves room for the chance of 200 runs."""
    assert false_alarms(200, n_before, n_after, **kind) <= 0.09


def test_a_clear_step_is_found_with_its_size():
    values = 50 + noise(3, 40)
    difference = before_after(values[:25].tolist(), (values[25:] - 5).tolist())
    assert difference is not None
    assert difference.low < -5 < difference.high < 0
    assert difference.estimate == pytest.approx(-5, abs=1)


def test_the_interval_turns_with_sign_and_unit():
    before, after = noise(5, 20).tolist(), (noise(6, 10) + 2).tolist()
    plain = before_after(before, after)
    turned = before_after([-1000 * v for v in before], [-1000 * v for v in after])
    assert plain is not None
    assert turned is not None
    assert turned.low == pytest.approx(-1000 * plain.high)
    assert turned.minimum_detectable == pytest.approx(1000 * plain.minimum_detectable)


def test_placebo_dates_that_alarm_widen_the_interval():
    jumpy = noise(1, 40) + np.where(np.arange(40) % 20 < 10, 0, 4)
    difference = before_after(jumpy[:30].tolist(), jumpy[30:].tolist())
    assert difference is not None
    assert difference.placebo_dates > 10
    assert difference.widening > 1


def test_a_series_that_never_moves_has_no_effect():
    difference = before_after([7.0] * 12, [7.0] * 6)
    assert difference is not None
    assert difference.estimate == 0
    assert not difference.excludes_zero


def test_too_few_points_give_no_interval():
    assert before_after([1.0, 2.0], [1.0, 2.0]) is None


def test_longer_series_detect_smaller_changes():
    values = noise(2, 100)
    short = before_after(values[:12].tolist(), values[12:18].tolist())
    long = before_after(values[:70].tolist(), values[70:].tolist())
    assert short is not None
    assert long is not None
    assert long.minimum_detectable < short.minimum_detectable


def test_weekdays_are_not_mistaken_for_a_change():
    days = [date(2026, 1, 5) + timedelta(days=n) for n in range(47)]
    values = np.array([30.0 if day.weekday() == 0 else 10.0 for day in days]) + noise(4, 47)
    season = seasonal_terms(days, Period.DAY, 40)
    with_season = before_after(values[:40].tolist(), values[40:].tolist(), season)
    without = before_after(values[:40].tolist(), values[40:].tolist())
    assert with_season is not None
    assert without is not None
    assert with_season.high - with_season.low < (without.high - without.low) / 2


@pytest.mark.parametrize(
    ("period", "n_before", "columns"),
    [
        (Period.MONTH, 11, 0),
        (Period.MONTH, 12, 2),
        (Period.MONTH, 24, 11),
        (Period.WEEK, 51, 0),
        (Period.WEEK, 52, 2),
    ],
)
def test_a_season_is_modelled_only_from_a_year_on(period: Period, n_before: int, columns: int):
    assert seasonal_terms(range(1, 60), period, n_before).shape == (59, columns)


def test_a_line_and_a_jump_in_the_baseline_are_noticed_and_noise_is_not():
    assert drifts((noise(1, 30) + np.arange(30)).tolist())
    assert drifts((noise(1, 30) + 6 * (np.arange(30) >= 15)).tolist())
    assert not drifts(noise(1, 30).tolist())
