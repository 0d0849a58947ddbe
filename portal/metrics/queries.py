"""Reading metrics, their points and their baselines."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, func, select

from portal.database import session
from portal.errors import NotFound
from portal.i18n import gettext as _
from portal.ideas.models import Idea
from portal.metrics.baselines import WEEK, Point
from portal.metrics.models import Baseline, Direction, Metric, MetricPoint, Perspective
from portal.people.models import Department, Person

SHOWN_WEEKS = 26

_BY_NUMBER = select(Metric).where(Metric.number == bindparam("number"))
_BY_KEY = select(Metric).where(Metric.key == bindparam("key"))


def get_metric(number: int) -> Metric:
    """A metric by its number; raises NotFound."""
    metric = session().scalar(_BY_NUMBER, {"number": number})
    if metric is None:
        raise NotFound(_("There is no such metric."))
    return metric


def find_metric(key: str) -> Metric | None:
    """The metric with this key, which is its name in imports."""
    return session().scalar(_BY_KEY, {"key": key})


_POINTS = (
    select(
        MetricPoint.period_start,
        MetricPoint.value,
        MetricPoint.numerator,
        MetricPoint.denominator,
    )
    .where(
        MetricPoint.metric_id == bindparam("metric_id"),
        MetricPoint.superseded_at.is_(None),
        MetricPoint.period_start < bindparam("until"),
    )
    .order_by(MetricPoint.period_start)
)


def list_points(metric_id: int, *, until: date = date.max) -> list[Point]:
    """The points as they stand now, oldest first; those that begin before ``until``."""
    rows = session().execute(_POINTS, {"metric_id": metric_id, "until": until})
    return [Point(row.period_start, row.value, row.numerator, row.denominator) for row in rows]


@dataclass(frozen=True, slots=True)
class MetricRow:
    """A metric as the list shows it; ``values`` are those of its last half year, oldest first."""

    id: int
    number: int
    name: str
    unit: str
    decimals: int
    direction: Direction
    perspective: Perspective
    department: str
    values: tuple[float, ...]
    last_on: date | None


_METRICS = (
    select(
        Metric.id,
        Metric.number,
        Metric.name,
        Metric.unit,
        Metric.decimals,
        Metric.direction,
        Metric.perspective,
        Department.name.label("department"),
    )
    .join(Department, Department.id == Metric.department_id)
    .order_by(Metric.name, Metric.id)
)
_RECENT = (
    select(MetricPoint.metric_id, MetricPoint.period_start, MetricPoint.value)
    .where(
        MetricPoint.superseded_at.is_(None),
        MetricPoint.period_start > bindparam("since"),
    )
    .order_by(MetricPoint.metric_id, MetricPoint.period_start)
)


def list_metrics(today: date) -> list[MetricRow]:
    """Every metric by name, with its points of the half year before ``today``; two statements."""
    since = today - SHOWN_WEEKS * WEEK
    points: dict[int, list[Any]] = defaultdict(list)
    for point in session().execute(_RECENT, {"since": since}):
        points[point.metric_id].append(point)
    return [
        MetricRow(
            **row._mapping,
            values=tuple(point.value for point in points[row.id]),
            last_on=points[row.id][-1].period_start if points[row.id] else None,
        )
        for row in session().execute(_METRICS)
    ]


@dataclass(frozen=True, slots=True)
class MetricChoice:
    """A metric as a form offers it; ``weeks`` counts its complete ones."""

    id: int
    name: str
    unit: str
    direction: Direction
    perspective: Perspective
    weeks: int


_CHOICES = (
    select(
        Metric.id,
        Metric.name,
        Metric.unit,
        Metric.direction,
        Metric.perspective,
        func.count(MetricPoint.id).label("weeks"),
    )
    .outerjoin(
        MetricPoint,
        (MetricPoint.metric_id == Metric.id)
        & MetricPoint.superseded_at.is_(None)
        & (MetricPoint.period_start <= bindparam("last_start")),
    )
    .group_by(Metric.id)
    .order_by(Metric.name, Metric.id)
)


def list_choices(today: date) -> list[MetricChoice]:
    """Every metric by name, with how many weeks a baseline locked today could stand on."""
    rows = session().execute(_CHOICES, {"last_start": today - WEEK})
    return [MetricChoice(**row._mapping) for row in rows]


@dataclass(frozen=True, slots=True)
class BaselineRow:
    """A locked baseline as the page of its metric shows it."""

    id: int
    idea_number: int
    idea_title: str
    points_count: int
    window_from: date
    window_until: date
    mean: float
    lower_limit: float
    upper_limit: float
    is_weak: bool
    is_stable: bool
    hash: str
    locked_at: datetime
    locked_by: str | None


_BASELINES = (
    select(
        Baseline.id,
        Idea.number.label("idea_number"),
        Idea.title.label("idea_title"),
        Baseline.points_count,
        Baseline.window_from,
        Baseline.window_until,
        Baseline.mean,
        Baseline.lower_limit,
        Baseline.upper_limit,
        Baseline.is_weak,
        Baseline.is_stable,
        Baseline.hash,
        Baseline.locked_at,
        Person.name.label("locked_by"),
    )
    .join(Idea, Idea.id == Baseline.idea_id)
    .outerjoin(Person, Person.id == Baseline.locked_by_id)
    .where(Baseline.metric_id == bindparam("metric_id"))
    .order_by(Baseline.id.desc())
    .limit(50)
)


def list_baselines(metric_id: int) -> list[BaselineRow]:
    """The baselines locked on a metric, newest first, at most 50."""
    rows = session().execute(_BASELINES, {"metric_id": metric_id})
    return [BaselineRow(**row._mapping) for row in rows]


def get_baseline(baseline_id: int) -> Baseline:
    """A baseline by id; raises NotFound."""
    baseline = session().get(Baseline, baseline_id)
    if baseline is None:
        raise NotFound(_("There is no such baseline."))
    return baseline


_BY_IDS = select(Metric).where(Metric.id.in_(bindparam("ids", expanding=True)))


def get_metrics(ids: Sequence[int]) -> dict[int, Metric]:
    """Several metrics by id, in one statement; unknown ids are left out."""
    return {row.id: row for row in session().scalars(_BY_IDS, {"ids": list(ids)})}
