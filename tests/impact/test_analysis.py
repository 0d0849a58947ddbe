"""Verdicts on made-up series with a known truth, and on real ones."""

import csv
import json
import os
import time
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from portal.impact.analysis import Analysis, analyse
from portal.impact.series import Period, Series, SeriesError, read_series
from portal.impact.verdicts import Grade, Verdict
from portal.metrics.xmr import control_chart

START = date(2026, 1, 5)

needs_data = pytest.mark.skipif(
    "PORTAL_TEST_DATA" not in os.environ, reason="PORTAL_TEST_DATA names no folder of real data"
)


def week(number: int) -> date:
    return START + timedelta(weeks=number)


def make_series(
    n_before: int, n_after: int, step: float = 0.0, *, seed: int = 1, shared: float = 0.0
) -> Series:
    """Weeks about 100 with noise of size 2 and a step; ``shared`` is a common wave's size."""
    count = n_before + n_after
    values = 100 + 2 * np.random.default_rng(seed).normal(size=count)
    values += shared * np.sin(np.arange(count) / 3)
    values[n_before:] += step
    return Series(tuple(week(n) for n in range(count)), tuple(values.tolist()), Period.WEEK)


def seat_belts(column: str) -> Series:
    path = Path(os.environ["PORTAL_TEST_DATA"]) / "impact_seatbelts.csv"
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    days = tuple(date.fromisoformat(row["date"]) for row in rows)
    return Series(days, tuple(float(row[column]) for row in rows), Period.MONTH)


def relative_interval(analysis: Analysis) -> tuple[float, float]:
    effect, baseline = analysis.effect, analysis.baseline
    assert baseline is not None
    assert effect.ci_low is not None
    assert effect.ci_high is not None
    return effect.ci_low / baseline.mean, effect.ci_high / baseline.mean


def test_a_clear_fall_is_improved_where_lower_is_better_and_harmed_where_higher_is():
    series = make_series(20, 12, -26)
    fall = analyse(series, week(20), things="these calls")
    assert (fall.verdict, fall.grade) == (Verdict.IMPROVED, Grade.B)
    assert fall.sentence == (
        "It worked. Since 25 May 2026, about 26 in 100 of these calls no longer come."
    )
    harm = analyse(series, week(20), better="higher")
    assert harm.verdict is Verdict.HARMED
    assert harm.sentence.startswith("It made things worse. Since 25 May 2026")


def test_no_change_is_not_proven_and_names_the_smallest_effect_it_could_have_seen():
    nothing = analyse(make_series(20, 12), week(20))
    assert nothing.verdict is Verdict.NOT_PROVEN
    assert nothing.sentence == (
        "We cannot tell yet. The weeks since go-live look like the weeks before."
    )
    assert nothing.minimum_detectable_effect is not None
    assert 0 < nothing.minimum_detectable_effect < 20


def test_too_few_points_after_say_when_there_will_be_enough():
    early = analyse(make_series(20, 4, -26), week(20))
    assert (early.verdict, early.grade) == (Verdict.NOT_ENOUGH_DATA, Grade.E)
    assert early.sentence == "Too early. There is enough to judge after 2 more weeks."
    assert early.effect.estimate is None


@pytest.mark.parametrize("n_before", range(6))
def test_under_six_points_before_there_is_no_verdict(n_before: int):
    refused = analyse(make_series(n_before, 20, -26), week(n_before))
    assert refused.verdict is Verdict.NOT_ENOUGH_DATA
    assert "6 are needed" in refused.sentence


@pytest.mark.parametrize("n_before", range(6, 12))
def test_a_weak_baseline_caps_the_grade_at_c_and_says_so(n_before: int):
    weak = analyse(make_series(n_before, 12, -40), week(n_before))
    assert weak.grade is Grade.C
    assert f"Only {n_before} weeks before the change." in weak.warnings[0]


def test_twelve_points_are_enough_but_fifteen_are_called_better():
    twelve, fifteen = (analyse(make_series(n, 20, -26), week(n)) for n in (12, 15))
    assert any("15 are better" in warning for warning in twelve.warnings)
    assert fifteen.warnings == ()


def test_a_transition_is_left_out():
    series = make_series(20, 14, -26)
    assert analyse(series, week(20), transition_periods=4).effect.n_after == 10


def test_frozen_limits_are_kept_even_where_the_points_would_give_others():
    frozen = control_chart([50.0, 52.0, 51.0])
    assert analyse(make_series(20, 12), week(20), frozen=frozen).baseline is frozen


def test_a_comparison_that_moves_along_gives_grade_a_and_removes_what_both_share():
    series, other = make_series(30, 12, -8, shared=15), make_series(30, 12, seed=2, shared=15)
    controlled = analyse(series, week(30), comparison=other)
    assert (controlled.grade, controlled.verdict) == (Grade.A, Verdict.IMPROVED)
    assert controlled.effect.method == "difference_in_differences"
    controlled_low, controlled_high = relative_interval(controlled)
    low, high = relative_interval(analyse(series, week(30)))
    assert controlled_high - controlled_low < high - low


def test_a_comparison_that_fell_as_much_leaves_nothing_proven():
    series, other = make_series(30, 12, -20), make_series(30, 12, -20, seed=2)
    assert analyse(series, week(30), comparison=other).verdict is Verdict.NOT_PROVEN


def test_a_comparison_that_drifted_apart_before_is_not_used():
    series, other = make_series(30, 12, -26), make_series(30, 12, seed=2)
    drifting = Series(
        other.dates, tuple(v + 2 * n for n, v in enumerate(other.values)), Period.WEEK
    )
    alone = analyse(series, week(30), comparison=drifting)
    assert alone.grade is not Grade.A
    assert any("moved apart before" in warning for warning in alone.warnings)


def test_a_comparison_of_other_dates_is_not_used():
    other = Series((week(1), week(2)), (1.0, 2.0), Period.WEEK)
    alone = analyse(make_series(20, 12, -26), week(20), comparison=other)
    assert any("too few dates" in warning for warning in alone.warnings)


def test_an_unstable_baseline_is_flagged_and_cannot_give_a_process_signal():
    series = make_series(20, 12, -60)
    values = tuple(v + (25 if n < 8 else 0) for n, v in enumerate(series.values))
    unstable = analyse(Series(series.dates, values, Period.WEEK), week(20))
    assert unstable.grade is Grade.C
    assert any("not stable" in warning for warning in unstable.warnings)


def test_a_change_made_at_the_worst_moment_warns_of_regression_to_the_mean():
    series = make_series(20, 12)
    values = tuple(v + (8 if 17 <= n < 20 else 0) for n, v in enumerate(series.values))
    analysis = analyse(Series(series.dates, values, Period.WEEK), week(20))
    assert any("come by itself" in warning for warning in analysis.warnings)


@pytest.mark.parametrize(("volume", "warned"), [(690.0, True), (750.0, False)])
def test_a_third_less_volume_warns_of_harder_cases(volume: float, warned: bool):
    plain = make_series(20, 12)
    volumes = (1000.0,) * 20 + (volume,) * 12
    counts = tuple(v * d for v, d in zip(plain.values, volumes, strict=True))
    series = Series(plain.dates, plain.values, Period.WEEK, counts, volumes)
    analysis = analyse(series, week(20))
    assert any("harder ones" in warning for warning in analysis.warnings) is warned


def test_dates_and_numbers_do_not_mix():
    with pytest.raises(SeriesError, match="both be dates"):
        analyse(make_series(20, 12), 20)


def test_a_baseline_of_zeros_has_no_relative_change():
    series = Series(tuple(range(1, 31)), (0.0,) * 20 + (1.0, 1.2) * 5, Period.WEEK)
    analysis = analyse(series, 21, better="higher")
    assert analysis.effect.relative is None
    assert analysis.sentence.startswith("It worked. Since point 21, it is 1")


def test_the_dictionary_has_the_names_that_other_programs_rely_on():
    for n_before, n_after in ((20, 12), (1, 2), (0, 3)):
        result = analyse(make_series(n_before, n_after), week(n_before)).as_dict()
        json.dumps(result, allow_nan=False)
        assert list(result) == [
            "baseline",
            "signals",
            "effect",
            "minimum_detectable_effect",
            "grade",
            "verdict",
            "sentence",
            "warnings",
        ]
        assert {"mean", "lower_limit", "upper_limit", "moving_range_mean", "points"} <= set(
            result["baseline"]
        )
        assert list(result["effect"]) == [
            "estimate",
            "ci_low",
            "ci_high",
            "relative",
            "method",
            "n_before",
            "n_after",
        ]


def test_a_hundred_points_take_less_than_a_second_and_a_half():
    series = make_series(70, 30)
    started = time.process_time()
    analyse(series, week(70))
    assert time.process_time() - started < 1.5


@needs_data
@pytest.mark.parametrize(("column", "published"), [("value", -0.23), ("front", -0.30)])
def test_the_seat_belt_law_helped_those_it_made_wear_one(column: str, published: float):
    """Harvey & Durbin 1986: drivers 23 % fewer, front seats 30 % fewer."""
    analysis = analyse(seat_belts(column), date(1983, 2, 1))
    assert analysis.verdict is Verdict.IMPROVED
    low, high = relative_interval(analysis)
    assert low < published < high


@needs_data
def test_the_rear_seats_that_the_law_left_out_did_not_change():
    analysis = analyse(seat_belts("rear"), date(1983, 2, 1))
    assert analysis.verdict is Verdict.NOT_PROVEN
    low, high = relative_interval(analysis)
    assert low < 0.03 < high


@needs_data
def test_against_the_rear_seats_the_drivers_evidence_is_controlled():
    analysis = analyse(seat_belts("value"), date(1983, 2, 1), comparison=seat_belts("rear"))
    assert (analysis.grade, analysis.verdict) == (Grade.A, Verdict.IMPROVED)


@needs_data
def test_on_calls_where_nothing_happened_at_most_one_date_in_twenty_says_otherwise():
    series = read_series(Path(os.environ["PORTAL_TEST_DATA"]) / "impact_bankcalls_daily.csv")
    dates = series.dates[12:-6:2]
    verdicts = [analyse(series, day).verdict for day in dates]
    alarms = sum(verdict is not Verdict.NOT_PROVEN for verdict in verdicts)
    assert alarms / len(dates) <= 0.05
