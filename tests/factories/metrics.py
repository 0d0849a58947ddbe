"""Metrics and their weeks."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import count

from portal.actor import PROGRAM
from portal.metrics import services
from portal.metrics.models import Direction, Metric, Perspective
from portal.now import today
from portal.people.models import Department

_serial = count(1)


def make_metric(
    department: Department,
    *,
    name: str = "Calls about estimated readings",
    perspective: Perspective = Perspective.OPERATIONS,
    direction: Direction = Direction.LOWER,
    per: int = 1000,
    reason_id: int | None = None,
    weeks: int = 0,
) -> Metric:
    """A metric per 1,000 customers, with its last complete weeks; inside a writing unit."""
    metric = services.add_metric(
        PROGRAM,
        f"metric-{next(_serial)}",
        name=name,
        unit="per 1,000 customers",
        numerator_name="calls",
        denominator_name="customers",
        department=department,
        direction=direction,
        perspective=perspective,
        per=per,
        reason_id=reason_id,
    )
    if weeks:
        record_weeks(metric, weeks)
    return metric


def mondays(count: int, *, before: date | None = None) -> list[date]:
    """The first days of the last complete weeks before a day (today), oldest first."""
    end = before or today()
    last = end - timedelta(days=end.weekday() + 7)
    return [last - timedelta(weeks=weeks) for weeks in reversed(range(count))]


def record_weeks(
    metric: Metric,
    weeks: int,
    *,
    numerators: Sequence[float] = (95, 99, 93, 97),
    denominator: float = 10_000,
    before: date | None = None,
) -> None:
    """The last complete weeks of a metric, its numerators in turn; inside a writing unit."""
    rows = [
        (day, float(numerators[place % len(numerators)]), denominator)
        for place, day in enumerate(mondays(weeks, before=before))
    ]
    services.record_points(PROGRAM, metric, rows)
