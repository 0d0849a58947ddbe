"""Changes that are measured, with weeks in which they worked, did nothing or did harm."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from portal.actor import PROGRAM, Role
from portal.database import reading, writing
from portal.delivery.models import Implementation
from portal.demand import services as demand
from portal.ideas.models import Idea
from portal.impact.models import AnalysisRun
from portal.impact.queries import list_latest
from portal.jobs.services import run_ready_tasks
from portal.metrics.models import Metric, Perspective
from portal.metrics.services import record_points
from portal.now import at
from portal.people.models import Department, Person
from tests.factories.delivery import Accepted, Measures, make_accepted, make_implemented
from tests.factories.metrics import make_metric, mondays
from tests.factories.people import make_department, make_person

GO_LIVE = datetime(2026, 6, 1, 9, tzinfo=UTC)
"""A Monday; its week is left out as transition."""
WEEKS_AFTER = 12
JUDGED = GO_LIVE + timedelta(weeks=WEEKS_AFTER + 1)
"""When that many weeks after the week of the go-live are complete."""

CUSTOMERS = 100_000.0
UNIT_COST_MINOR = 450


@dataclass(frozen=True)
class Measured:
    """A change that is live, everybody around it, and a validator from outside."""

    accepted: Accepted
    measures: Measures
    implementation: Implementation
    validator: Person
    finance: Department

    @property
    def idea(self) -> Idea:
        """The idea as it stands now, in the session in use."""
        return self.accepted.idea


def noisy(count: int, level: float, seed: int) -> list[float]:
    """Weekly counts around a level, with a tenth of it as noise."""
    rng = Random(seed)
    return [round(level * (1 + rng.uniform(-0.05, 0.05))) for _ in range(count)]


def make_measured(*, authors: Sequence[int] = (100,), primary: Metric | None = None) -> Measured:
    """A change that went live on ``GO_LIVE`` with locked baselines of 20 weeks; in its own unit.

    ``primary`` is a metric that another change is measured by too.
    """
    with at(GO_LIVE), writing():
        accepted = make_accepted(authors=authors)
        reason = demand.add_reason(
            PROGRAM,
            f"estimated-{accepted.idea.id}",
            name="Estimated reading",
            owner=accepted.department,
            avoidable_minor=UNIT_COST_MINOR,
            full_minor=900,
            valid_from=GO_LIVE.date() - timedelta(days=400),
        )
        primary = primary or make_metric(accepted.department, reason_id=reason.id)
        customer = make_metric(
            accepted.department, name="Customers who ring again", perspective=Perspective.CUSTOMER
        )
        employee = make_metric(
            accepted.department, name="After-call work", perspective=Perspective.EMPLOYEE
        )
        measures = Measures(primary, customer, employee)
        for seed, metric in enumerate((primary, customer, employee), start=1):
            record_level(metric, 950, seed=seed, weeks=20)
        implementation = make_implemented(accepted, measures=measures, go_live_on=GO_LIVE.date())
        finance = make_department("Finance")
        validator = make_person("Priya Nair", home=finance, role=Role.VALIDATOR)
    return Measured(accepted, measures, implementation, validator, finance)


def record_level(metric: Metric, level: float, *, seed: int, weeks: int) -> None:
    """Record the last complete weeks around a level; inside a writing unit."""
    rows = [
        (day, count, CUSTOMERS)
        for day, count in zip(mondays(weeks), noisy(weeks, level, seed), strict=True)
    ]
    record_points(PROGRAM, metric, rows)


def record_after(
    measured: Measured, *, primary: float, guardrails: float = 950, weeks: int = WEEKS_AFTER + 1
) -> None:
    """Record the weeks from the go-live on and let the worker analyse them, all at ``JUDGED``."""
    with at(GO_LIVE + timedelta(weeks=weeks)):
        with writing():
            record_level(measured.measures.primary, primary, seed=11, weeks=weeks)
            record_level(measured.measures.customer, guardrails, seed=12, weeks=weeks)
            record_level(measured.measures.employee, 950, seed=13, weeks=weeks)
        run_ready_tasks()


def make_judged(*, primary: float = 700, guardrails: float = 950, **changes: object) -> Measured:
    """A measured change with twelve weeks after it, analysed; 700 is an improvement by 26 %."""
    measured = make_measured(**changes)
    record_after(measured, primary=primary, guardrails=guardrails)
    return measured


def latest(measured: Measured) -> AnalysisRun:
    """The newest analysis of the primary metric."""
    with reading():
        return list_latest(measured.idea.id)[0]
