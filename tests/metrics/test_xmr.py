"""Control charts, against the published tables."""

import os
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.impact.series import read_series
from portal.metrics.xmr import ControlChart, Rule, control_chart, is_stable, signals

NIST_FLOW_RATE = (49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1)
CHART = ControlChart(100, 70, 130, 11.28, 36.85, 20)

needs_data = pytest.mark.skipif(
    "PORTAL_TEST_DATA" not in os.environ, reason="PORTAL_TEST_DATA names no folder of real data"
)


def found(*values: float) -> list[tuple[int, Rule]]:
    return [
        (s.label, s.rule) for s in signals(CHART, enumerate(values)) if isinstance(s.label, int)
    ]


def test_the_nist_handbook_limits_are_reproduced_to_the_digits_published():
    chart = control_chart(NIST_FLOW_RATE)
    assert round(chart.mean, 2) == 50.81
    assert round(chart.lower_limit, 4) == 45.8159
    assert round(chart.upper_limit, 4) == 55.8041
    assert is_stable(chart, enumerate(NIST_FLOW_RATE))


@needs_data
def test_montgomerys_loan_cost_limits_are_reproduced_from_the_first_twenty_weeks():
    folder = Path(os.environ["PORTAL_TEST_DATA"])
    series = read_series(folder / "impact_xmr_montgomery_loancost.csv")
    chart = control_chart(series.values[:20])
    assert (round(chart.mean, 1), round(chart.lower_limit, 2)) == (300.5, 279.78)
    assert round(chart.upper_limit, 2) == 321.22
    assert [s.label for s in signals(chart, series.points())] == [39, 40]


def test_the_moving_range_limit_is_3_267_mean_moving_ranges():
    chart = control_chart([1.0, 3.0, 1.0])
    assert chart.moving_range_mean == 2
    assert chart.moving_range_limit == pytest.approx(6.534)


def test_a_point_outside_a_limit_is_a_signal_and_a_point_on_it_is_not():
    assert found(130, 131, 70, 69) == [(1, Rule.OUTSIDE_LIMITS), (3, Rule.OUTSIDE_LIMITS)]


def test_the_eighth_point_on_one_side_of_the_mean_is_a_signal():
    assert found(*[101] * 9) == [(7, Rule.EIGHT_ON_ONE_SIDE), (8, Rule.EIGHT_ON_ONE_SIDE)]


def test_a_point_on_the_mean_ends_a_run():
    assert found(*[101] * 7, 100, *[101] * 7) == []


def test_three_of_four_nearer_the_limit_than_the_mean_are_a_signal():
    assert found(100, 116, 116, 99, 116) == [(4, Rule.THREE_OF_FOUR_NEAR_LIMIT)]


def test_three_of_four_do_not_count_across_the_mean_or_on_the_half_way_line():
    assert found(116, 84, 116, 100, 116, 84) == []
    assert found(115, 115, 115, 115) == []


def test_a_signal_names_the_day_of_its_point():
    days = [date(2026, 1, 5) + timedelta(weeks=week) for week in range(2)]
    (signal,) = signals(CHART, zip(days, (100, 140), strict=True))
    assert signal.label == date(2026, 1, 12)


def test_one_value_makes_no_chart():
    with pytest.raises(ValueError, match="two values"):
        control_chart([1.0])


@given(
    st.lists(st.integers(-1000, 1000).map(float), min_size=2, max_size=30),
    st.integers(-100, 100),
)
def test_moving_all_values_moves_mean_and_limits_alike(values: list[float], by: int):
    chart, moved = control_chart(values), control_chart([value + by for value in values])
    assert moved.mean == pytest.approx(chart.mean + by)
    assert moved.upper_limit == pytest.approx(chart.upper_limit + by)
    assert moved.lower_limit <= moved.mean <= moved.upper_limit
