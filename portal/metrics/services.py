"""Metrics: defining them, recording their weeks, locking baselines."""

import math
from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import insert, select, update

from portal.actor import Actor
from portal.audit.services import record
from portal.database import lock_row, session
from portal.demand.queries import get_cost
from portal.errors import RuleBroken
from portal.events import publish
from portal.i18n import format_day, ngettext
from portal.i18n import gettext as _
from portal.ideas.models import Idea
from portal.masking import mask
from portal.metrics import baselines
from portal.metrics.baselines import Point, Window
from portal.metrics.events import PointsRecorded
from portal.metrics.models import (
    Baseline,
    Direction,
    Method,
    Metric,
    MetricPoint,
    Perspective,
)
from portal.metrics.policies import can_lock, can_measure, can_record
from portal.metrics.queries import find_metric, list_points
from portal.now import now, today
from portal.numbers import next_number
from portal.people.models import Department
from portal.text import compare_key, one_line

LARGEST = 1e15
"""Figures beyond this are refused: doubles count whole units exactly up to about 9e15."""

PointRow = tuple[date, float] | tuple[date, float, float]
"""``(period_start, value)`` or ``(period_start, numerator, denominator)``."""


def add_metric(
    actor: Actor,
    key: str,
    *,
    name: str,
    unit: str,
    numerator_name: str,
    denominator_name: str,
    department: Department,
    direction: Direction,
    perspective: Perspective = Perspective.OPERATIONS,
    per: int = 1000,
    decimals: int = 1,
    smallest_worthwhile: float | None = None,
    reason_id: int | None = None,
) -> Metric:
    """Define a metric of a department; ``key`` is its short name in imports.

    Raises NotAllowed without MEASURE in the department, RuleBroken for a key that is taken or
    a figure out of range.
    """
    can_measure.require(actor, department)
    metric = Metric(
        number=0,
        key=_checked_key(key),
        name=_checked_text(name, 160, "name"),
        unit=_checked_text(unit, 80, "unit"),
        numerator_name=_checked_text(numerator_name, 80, "numerator_name"),
        denominator_name=_checked_text(denominator_name, 80, "denominator_name"),
        per=_within(per, 1, 1_000_000, "per"),
        decimals=_within(decimals, 0, 4, "decimals"),
        direction=direction,
        perspective=perspective,
        smallest_worthwhile=_checked_smallest(smallest_worthwhile),
        department_id=department.id,
        reason_id=reason_id,
        created_at=now(),
        created_by_id=actor.id,
    )
    metric.number = next_number("M")
    session().add(metric)
    session().flush()
    record(actor, "metric.added", "metric", metric.id, key=metric.key)
    return metric


def _checked_key(key: str) -> str:
    key = compare_key(mask(one_line(key)).text)
    if not key or len(key) > 64:
        raise RuleBroken(_("A key has 1 to %(n)s characters.", n=64), field="key")
    if find_metric(key) is not None:
        raise RuleBroken(_("The key %(key)s is taken.", key=key), field="key")
    return key


def _checked_text(text: str, most: int, field: str) -> str:
    text = mask(one_line(text)).text
    if not text or len(text) > most:
        raise RuleBroken(_("This needs 1 to %(n)s characters.", n=most), field=field)
    return text


def _within(figure: int, least: int, most: int, field: str) -> int:
    if not least <= figure <= most:
        raise RuleBroken(
            _("This is a whole number from %(least)s to %(most)s.", least=least, most=most),
            field=field,
        )
    return figure


def _checked_smallest(figure: float | None) -> float | None:
    if figure is not None and not 0 < figure <= LARGEST:
        raise RuleBroken(
            _("The smallest change worth having is more than zero."), field="smallest_worthwhile"
        )
    return figure


def record_points(actor: Actor, metric: Metric, rows: Iterable[PointRow]) -> int:
    """Record weeks of a metric; how many of them are new or corrected.

    A week that is recorded again with another figure gets a new version; the old row stays,
    marked as superseded.  The same figure again changes nothing, so a file may come twice.

    Raises RuleBroken for a future week, a week given twice, one that does not begin on the
    weekday of the others, or a figure that is no number.
    """
    can_record.require(actor, metric)
    points = [_checked_point(metric, row) for row in rows]
    session().execute(lock_row(select(Metric.id).where(Metric.id == metric.id)))
    known = _known(metric)
    _check_weeks(points, known)
    changed = [point for point in points if _differs(point, known)]
    if not changed:
        return 0
    _supersede([known[point.period_start].id for point in changed if point.period_start in known])
    _insert(actor, metric, changed)
    record(actor, "metric.points", "metric", metric.id, count=len(changed))
    publish(PointsRecorded(metric.id))
    return len(changed)


def _checked_point(metric: Metric, row: PointRow) -> Point:
    if len(row) == 2:
        return Point(row[0], _finite(row[1], "value"))
    numerator, denominator = _finite(row[1], "numerator"), _finite(row[2], "denominator")
    if denominator <= 0:
        raise RuleBroken(_("The denominator must be more than zero."), field="denominator")
    value = _finite(numerator * metric.per / denominator, "denominator")
    return Point(row[0], value, numerator, denominator)


def _finite(figure: float, field: str) -> float:
    if not math.isfinite(figure) or abs(figure) > LARGEST:
        raise RuleBroken(_("This is not a number that can be kept."), field=field)
    return float(figure)


def _known(metric: Metric) -> dict[date, MetricPoint]:
    statement = select(MetricPoint).where(
        MetricPoint.metric_id == metric.id, MetricPoint.superseded_at.is_(None)
    )
    return {point.period_start: point for point in session().scalars(statement)}


def _check_weeks(points: Sequence[Point], known: dict[date, MetricPoint]) -> None:
    days = [point.period_start for point in points]
    if len(set(days)) < len(days):
        raise RuleBroken(_("The same week stands there twice."), field="period_start")
    first = min(known, default=min(days, default=None))
    for day in days:
        if day > today():
            raise RuleBroken(
                _("%(day)s has not come yet.", day=format_day(day, year=True)),
                field="period_start",
            )
        if first is not None and (day - first).days % 7:
            raise RuleBroken(
                _(
                    "The weeks of this metric begin on the weekday of %(first)s, not %(day)s.",
                    first=format_day(first, year=True),
                    day=format_day(day, year=True),
                ),
                field="period_start",
            )


def _differs(point: Point, known: dict[date, MetricPoint]) -> bool:
    old = known.get(point.period_start)
    return old is None or (old.value, old.numerator, old.denominator) != (
        point.value,
        point.numerator,
        point.denominator,
    )


def _supersede(ids: Sequence[int]) -> None:
    if ids:
        session().execute(
            update(MetricPoint)
            .where(MetricPoint.id.in_(ids))
            .values(superseded_at=now())
            .execution_options(synchronize_session=False)
        )


def _insert(actor: Actor, metric: Metric, points: Sequence[Point]) -> None:
    shared = {"metric_id": metric.id, "recorded_at": now(), "recorded_by_id": actor.id}
    rows = [
        {
            **shared,
            "period_start": point.period_start,
            "value": point.value,
            "numerator": point.numerator,
            "denominator": point.denominator,
        }
        for point in points
    ]
    session().execute(insert(MetricPoint), rows)


def lock_baseline(
    actor: Actor,
    metric: Metric,
    idea: Idea,
    *,
    until: date,
    max_points: int = baselines.MOST,
    method: Method = Method.SEGMENTED,
) -> Baseline:
    """Freeze the last complete weeks before ``until``, at most ``max_points``, for an idea.

    With them stand their limits, the avoidable cost of a contact on that day and how often
    the rate applies in a year.  15 weeks are preferred and 12 normal; from 6 to 11 the
    baseline is weak.  The hash proves later that nothing moved.

    Raises RuleBroken below 6 weeks, NotAllowed for somebody who neither delivers the idea nor
    measures for the metric's department.
    """
    can_lock.require(actor, metric, idea)
    points = baselines.complete_weeks(list_points(metric.id, until=until), until)
    if len(points) < baselines.LEAST:
        raise RuleBroken(_too_few(metric, len(points)))
    window = baselines.window_of(points[-max_points:])
    baseline = _frozen(metric, window, method)
    baseline.idea_id = idea.id
    baseline.unit_cost_minor = _unit_cost(metric, until)
    baseline.yearly_exposure = baselines.yearly_exposure(points, metric.per)
    baseline.locked_by_id = actor.id
    session().add(baseline)
    session().flush()
    record(actor, "baseline.locked", "baseline", baseline.id, idea_id=idea.id, hash=baseline.hash)
    return baseline


def _too_few(metric: Metric, count: int) -> str:
    return ngettext(
        "“%(name)s” has %(n)s complete week so far; a baseline needs at least %(least)s.",
        "“%(name)s” has %(n)s complete weeks so far; a baseline needs at least %(least)s.",
        count,
        name=metric.name,
        least=baselines.LEAST,
    )


def _frozen(metric: Metric, window: Window, method: Method) -> Baseline:
    points, chart = [point.frozen() for point in window.points], window.chart
    return Baseline(
        metric_id=metric.id,
        points=points,
        points_count=len(points),
        window_from=window.begins_on,
        window_until=window.ends_on,
        mean=chart.mean,
        lower_limit=chart.lower_limit,
        upper_limit=chart.upper_limit,
        moving_range_mean=chart.moving_range_mean,
        is_weak=window.is_weak,
        is_stable=window.is_stable,
        method=method.value,
        hash=baselines.digest(
            points,
            mean=chart.mean,
            lower=chart.lower_limit,
            upper=chart.upper_limit,
            ranges=chart.moving_range_mean,
            method=method.value,
        ),
        locked_at=now(),
    )


def _unit_cost(metric: Metric, on: date) -> int | None:
    """The avoidable cost of a contact for the metric's reason; None where it is unknown."""
    return (get_cost(metric.reason_id, on)[0] or None) if metric.reason_id else None


def verify_baseline(baseline: Baseline) -> bool:
    """Whether points, limits and method still are what was locked."""
    return baseline.hash == baselines.digest(
        baseline.points,
        mean=baseline.mean,
        lower=baseline.lower_limit,
        upper=baseline.upper_limit,
        ranges=baseline.moving_range_mean,
        method=baseline.method,
    )
