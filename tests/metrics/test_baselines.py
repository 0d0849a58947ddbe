"""What a baseline freezes, as pure arithmetic."""

import math
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.metrics import baselines
from portal.metrics.baselines import Point

MONDAY = date(2026, 3, 2)
FIGURES = st.floats(allow_nan=False, allow_infinity=False)


def weeks(*values: float) -> list[Point]:
    return [Point(MONDAY + timedelta(weeks=n), value) for n, value in enumerate(values)]


def digest_of(points: list[baselines.Frozen], **changes: float | str) -> str:
    facts: dict[str, float | str] = {
        "mean": 9.0,
        "lower": 7.0,
        "upper": 11.0,
        "ranges": 0.75,
        "method": "segmented",
    }
    return baselines.digest(points, **(facts | changes))


def test_a_week_counts_once_it_is_over():
    points = weeks(1, 2, 3)
    third_ends = MONDAY + timedelta(weeks=3)
    assert baselines.complete_weeks(points, third_ends) == points
    assert baselines.complete_weeks(points, third_ends - timedelta(days=1)) == points[:2]


@pytest.mark.parametrize(("count", "is_weak"), [(6, True), (11, True), (12, False), (15, False)])
def test_a_baseline_under_twelve_weeks_is_weak(count: int, is_weak: bool):
    assert baselines.window_of(weeks(*[9.0, 9.5] * 8)[:count]).is_weak is is_weak


def test_a_window_lasts_until_the_sunday_of_its_last_week():
    window = baselines.window_of(weeks(9, 10, 11))
    assert (window.begins_on, window.ends_on) == (MONDAY, date(2026, 3, 22))


def test_a_jump_inside_the_window_makes_it_unstable():
    calm = [9.0, 9.2, 8.9, 9.1, 9.0, 8.8, 9.1]
    assert baselines.window_of(weeks(*calm)).is_stable
    assert not baselines.window_of(weeks(*calm, 14.0)).is_stable


def test_a_year_of_exposure_is_the_sum_of_52_weeks_or_their_mean_times_52():
    points = [Point(MONDAY + timedelta(weeks=n), 9.0, 1.0, 1000.0 + n) for n in range(60)]
    assert baselines.yearly_exposure(points, 1000) == pytest.approx(
        sum(1000 + n for n in range(8, 60)) / 1000
    )
    assert baselines.yearly_exposure(points[:4], 100) == pytest.approx(52 * 1001.5 / 100)
    assert baselines.yearly_exposure(weeks(9, 10), 100) is None


def test_the_hash_notices_every_figure():
    points = [point.frozen() for point in weeks(9.0, 9.5, 8.5)]
    original = digest_of(points)
    moved = [*points[:2], ["2026-03-16", 8.500000000000002, None, None]]
    assert len({original, digest_of(moved), digest_of(points[:2])}) == 3
    assert all(
        digest_of(points, **change) != original
        for change in ({"mean": 9.1}, {"lower": 7.1}, {"ranges": 0.7}, {"method": "comparison"})
    )


@given(FIGURES)
def test_the_hash_is_the_same_for_a_figure_however_a_database_writes_it(figure: float):
    as_written = [["2026-03-02", figure, None, None]]
    whole = int(figure) if figure.is_integer() else figure
    assert digest_of(as_written) == digest_of([["2026-03-02", whole, None, None]])
    assert math.copysign(1, Point(MONDAY, -0.0).frozen()[1]) == 1
