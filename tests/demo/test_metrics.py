"""What was measured in the demo year, and what the analysis says about it."""

from datetime import date, timedelta

import pytest

from portal.demo.metrics import EFFECTS, WEEKS, Effect, Metric, first_week, metrics
from portal.impact.analysis import Analysis, analyse
from portal.impact.series import Period, Series

TODAY = date(2026, 11, 22)
BEFORE, AFTER = 20, 16


@pytest.fixture(scope="module", params=[1, 2, 42])
def measured(request: pytest.FixtureRequest) -> dict[str, Metric]:
    return {metric.key: metric for metric in metrics(request.param, TODAY)}


def analysis(measured: dict[str, Metric], effect: Effect) -> Analysis:
    metric, live = measured[effect.metric], effect.go_live_week
    points = metric.points[live - BEFORE : live + AFTER]
    series = Series(
        tuple(point.period_start for point in points),
        tuple(metric.rate(point) for point in points),
        Period.WEEK,
        tuple(float(point.numerator) for point in points),
        tuple(float(point.denominator) for point in points),
    )
    return analyse(series, metric.points[live].period_start, better=metric.direction)


def test_points_are_the_complete_weeks_before_today(measured: dict[str, Metric]) -> None:
    for metric in measured.values():
        assert metric.points[0].period_start == first_week(TODAY)
        assert metric.points[-1].period_start == date(2026, 11, 9)
        assert len({point.period_start.weekday() for point in metric.points}) == 1
        assert all(point.numerator > 0 for point in metric.points)
    assert {metric.direction for metric in measured.values()} == {"lower", "higher"}
    assert {m.perspective for m in measured.values()} == {"operations", "customer", "employee"}


def test_gains_are_seen_as_gains_and_harm_as_harm(measured: dict[str, Metric]) -> None:
    for effect in EFFECTS:
        if effect.percent and effect.weeks_after >= AFTER:
            found = analysis(measured, effect)
            assert found.verdict == ("improved" if effect.percent < 0 else "harmed"), effect
            assert found.effect.relative == pytest.approx(effect.percent / 100, abs=0.06)


@pytest.mark.parametrize("story", ["instalment-message", "first-bill-date", "call-back-by-text"])
def test_nothing_is_seen_where_nothing_was_put_in(measured: dict[str, Metric], story: str) -> None:
    (effect,) = [effect for effect in EFFECTS if effect.story == story]
    assert analysis(measured, effect).verdict == "not_proven"


def test_every_change_has_twenty_weeks_before_it() -> None:
    assert all(effect.go_live_week >= BEFORE + 4 for effect in EFFECTS)


def test_an_effect_fades_after_its_time() -> None:
    effect = Effect("story", "metric", 30, -30, lasting=12, fading=4)
    live = effect.go_live_week
    assert effect.at(live - 1) == 1
    assert effect.at(live) == effect.at(live + 11) == pytest.approx(0.7)
    assert 0.7 < effect.at(live + 13) < effect.at(live + 14) < 1
    assert effect.at(live + 16) == effect.at(WEEKS - 1) == 1


def test_the_first_week_is_a_monday_on_any_day() -> None:
    for offset in range(7):
        today = date(2026, 11, 16) + timedelta(days=offset)
        assert first_week(today) == date(2025, 7, 14)
