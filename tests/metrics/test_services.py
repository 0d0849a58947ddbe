"""Metrics, their versioned weeks, and baselines that never move."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from portal.actor import PROGRAM, Actor, Role
from portal.database import Database, session, writing
from portal.demand.services import add_reason, set_cost
from portal.errors import NotAllowed, RuleBroken
from portal.metrics import queries, services
from portal.metrics.models import Baseline, Direction, Metric, MetricPoint
from portal.now import now, today
from tests.factories.delivery import make_accepted
from tests.factories.metrics import make_metric, mondays, record_weeks
from tests.factories.people import actor_of, make_department, make_person

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def metric(database: Database) -> Metric:
    """A metric without points."""
    with writing():
        return make_metric(make_department())


def versions(metric: Metric) -> list[tuple[float, bool]]:
    rows = session().execute(
        select(MetricPoint.value, MetricPoint.superseded_at.is_(None))
        .where(MetricPoint.metric_id == metric.id)
        .order_by(MetricPoint.id)
    )
    return [(value, bool(is_current)) for value, is_current in rows]


def record(metric: Metric, *rows: services.PointRow, actor: Actor = PROGRAM) -> int:
    with writing():
        return services.record_points(actor, metric, rows)


def test_a_week_is_numerator_by_denominator_in_the_unit_of_the_metric(metric: Metric):
    (monday,) = mondays(1)
    assert record(metric, (monday, 95, 10_000)) == 1
    (point,) = queries.list_points(metric.id)
    assert (point.period_start, point.value) == (monday, 9.5)
    assert (point.numerator, point.denominator) == (95, 10_000)


def test_a_corrected_week_is_a_new_version_and_the_old_one_stays(metric: Metric):
    (monday,) = mondays(1)
    record(metric, (monday, 9.5))
    assert record(metric, (monday, 9.7)) == 1
    assert versions(metric) == [(9.5, False), (9.7, True)]
    assert [point.value for point in queries.list_points(metric.id)] == [9.7]


def test_the_same_week_with_the_same_figure_changes_nothing(metric: Metric):
    first, second = mondays(2)
    assert record(metric, (first, 9.5), (second, 9.6)) == 2
    assert record(metric, (first, 9.5), (second, 9.6)) == 0
    assert record(metric, (first, 9.5), (second, 9.8)) == 1
    assert len(versions(metric)) == 3


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ((float("nan"),), "value"),
        ((float("inf"),), "value"),
        ((1e16,), "value"),
        ((5.0, 0.0), "denominator"),
        ((5.0, -1.0), "denominator"),
        ((1e14, 1e-300), "denominator"),
    ],
)
def test_a_figure_that_is_no_number_is_refused(metric: Metric, row: tuple[float], field: str):
    (monday,) = mondays(1)
    with pytest.raises(RuleBroken) as refusal:
        record(metric, (monday, *row))
    assert refusal.value.field == field
    assert versions(metric) == []


def test_a_week_that_has_not_come_is_refused(metric: Metric):
    with pytest.raises(RuleBroken, match="has not come yet"):
        record(metric, (today() + timedelta(days=1), 9.5))


def test_a_week_given_twice_at_once_is_refused(metric: Metric):
    (monday,) = mondays(1)
    with pytest.raises(RuleBroken, match="twice"):
        record(metric, (monday, 9.5), (monday, 9.6))


def test_weeks_that_begin_on_different_days_are_refused(metric: Metric):
    first, second = mondays(2)
    record(metric, (first, 9.5))
    with pytest.raises(RuleBroken, match="weekday"):
        record(metric, (second + timedelta(days=1), 9.5))


def test_only_those_who_measure_for_the_department_record(metric: Metric):
    (monday,) = mondays(1)
    with writing():
        other = make_department("Metering")
        agent, stranger = make_person(), make_person(role=Role.HANDLER, scope=other)
    for person in (agent, stranger):
        with pytest.raises(NotAllowed):
            record(metric, (monday, 9.5), actor=actor_of(person))


def test_only_those_who_measure_for_the_department_add_a_metric(database: Database):
    with writing():
        department, agent = make_department(), make_person()
    with pytest.raises(NotAllowed), writing():
        services.add_metric(
            actor_of(agent),
            "calls",
            name="Calls",
            unit="per 1,000",
            numerator_name="calls",
            denominator_name="customers",
            department=department,
            direction=Direction.LOWER,
        )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"key": "  "}, "key"),
        ({"name": ""}, "name"),
        ({"unit": "x" * 81}, "unit"),
        ({"per": 0}, "per"),
        ({"decimals": 5}, "decimals"),
        ({"smallest_worthwhile": 0.0}, "smallest_worthwhile"),
        ({"smallest_worthwhile": float("nan")}, "smallest_worthwhile"),
    ],
)
def test_a_metric_out_of_range_is_refused(changes: dict[str, object], field: str):
    facts: dict[str, object] = {
        "key": "calls",
        "name": "Calls",
        "unit": "per 1,000",
        "numerator_name": "calls",
        "denominator_name": "customers",
        "direction": Direction.LOWER,
    }
    with writing():
        department = make_department()
    with pytest.raises(RuleBroken) as refusal, writing():
        services.add_metric(PROGRAM, department=department, **(facts | changes))
    assert refusal.value.field == field


def test_a_key_is_given_once_however_it_is_capitalised(metric: Metric):
    with writing():
        department = make_department()
    with pytest.raises(RuleBroken, match="taken"), writing():
        services.add_metric(
            PROGRAM,
            metric.key.upper(),
            name="Calls",
            unit="per 1,000",
            numerator_name="calls",
            denominator_name="customers",
            department=department,
            direction=Direction.LOWER,
        )


def lock(weeks: int, *, until: date | None = None, **changes: object) -> Baseline:
    with writing():
        accepted = make_accepted()
        metric = make_metric(accepted.department, weeks=weeks, **changes)
        return services.lock_baseline(
            actor_of(accepted.head), metric, accepted.idea, until=until or today()
        )


@pytest.mark.parametrize("weeks", [0, 1, 5])
def test_under_six_weeks_no_baseline_is_locked(weeks: int):
    with pytest.raises(RuleBroken, match=f"{weeks} complete week"):
        lock(weeks)
    assert session().scalar(select(func.count()).select_from(Baseline)) == 0


@pytest.mark.parametrize(
    ("weeks", "points", "is_weak"), [(6, 6, True), (11, 11, True), (12, 12, False), (40, 26, False)]
)
def test_a_baseline_takes_the_last_weeks_and_says_when_it_is_weak(
    weeks: int, points: int, is_weak: bool
):
    baseline = lock(weeks)
    assert (baseline.points_count, baseline.is_weak, baseline.is_stable) == (points, is_weak, True)
    assert baseline.window_from == mondays(points)[0]
    assert baseline.window_until < today()
    assert baseline.mean == pytest.approx(9.6, abs=0.06)


def test_weeks_after_the_day_of_the_lock_do_not_count():
    day = today() - timedelta(weeks=4)
    baseline = lock(20, until=day)
    assert baseline.window_until < day
    assert baseline.points_count == 16


def test_cost_and_exposure_are_frozen_with_the_baseline():
    with writing():
        department = make_department()
        reason = add_reason(
            PROGRAM, "estimated", name="Estimated reading", owner=department, avoidable_minor=290
        )
    baseline = lock(20, reason_id=reason.id)
    with writing():
        set_cost(PROGRAM, reason, valid_from=today(), avoidable_minor=900, full_minor=900)
    assert baseline.unit_cost_minor == 290
    assert baseline.yearly_exposure == pytest.approx(520.0)


def test_without_a_known_cost_none_is_frozen():
    assert lock(12).unit_cost_minor is None


@pytest.mark.parametrize("change", ["mean = mean + 1", "hash = ''", "points_count = 99"])
def test_the_database_refuses_to_change_a_baseline(change: str):
    baseline = lock(12)
    with pytest.raises(DatabaseError, match="append-only"), writing():
        session().execute(
            text(f"UPDATE baselines SET {change} WHERE id = :id"), {"id": baseline.id}
        )
    with pytest.raises(DatabaseError, match="append-only"), writing():
        session().execute(text("DELETE FROM baselines"))


def test_the_hash_holds_after_reading_back_and_breaks_with_any_figure():
    baseline_id = lock(15).id
    baseline = queries.get_baseline(baseline_id)
    assert services.verify_baseline(baseline)
    forged = Baseline(
        points=[*baseline.points[:-1], ["2026-01-01", 1.0, None, None]],
        mean=baseline.mean,
        lower_limit=baseline.lower_limit,
        upper_limit=baseline.upper_limit,
        moving_range_mean=baseline.moving_range_mean,
        method=baseline.method,
        hash=baseline.hash,
    )
    assert not services.verify_baseline(forged)


def test_a_correction_after_the_lock_leaves_the_baseline_as_it_was():
    baseline = lock(12)
    metric = session().get_one(Metric, baseline.metric_id)
    with writing():
        record_weeks(metric, 12, numerators=(50,))
    again = queries.get_baseline(baseline.id)
    assert again.mean == baseline.mean
    assert services.verify_baseline(again)


def test_only_those_who_deliver_or_measure_lock_a_baseline():
    with writing():
        accepted = make_accepted()
        metric = make_metric(accepted.department, weeks=12)
    with pytest.raises(NotAllowed), writing():
        services.lock_baseline(actor_of(accepted.author), metric, accepted.idea, until=today())


def test_points_name_who_recorded_them_and_when(metric: Metric):
    (monday,) = mondays(1)
    record(metric, (monday, 9.5))
    point = session().scalars(select(MetricPoint)).one()
    assert point.recorded_by_id is None
    assert point.recorded_at <= now()
