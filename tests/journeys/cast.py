"""Who is in the story: an agent, a head, a validator from outside, and three metrics."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from portal.actor import PROGRAM, Role
from portal.database import writing
from portal.demand.services import add_reason
from portal.metrics.models import Direction, Metric, Perspective
from portal.metrics.services import add_metric, record_points
from portal.now import at
from portal.people.models import Department, Person
from portal.people.services import add_department, add_person, appoint, grant_role

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
"""A Monday morning."""
GO_LIVE = datetime(2026, 3, 23, 9, tzinfo=UTC)
"""Three Mondays later."""
WEEKS_AFTER = 13
JUDGED = GO_LIVE + timedelta(weeks=WEEKS_AFTER + 1)
WEEKS_BEFORE = 30
CUSTOMERS = 100_000
USUAL = 950
"""Contacts a week before the change."""
BETTER = 690
"""Contacts a week after it."""
AVOIDABLE_MINOR = 450


@dataclass(frozen=True)
class Cast:
    """Everybody and everything the story needs before it begins."""

    agent: Person
    colleague: Person
    head: Person
    deputy: Person
    validator: Person
    leader: Person
    admin: Person
    billing: Department
    primary: Metric
    customer: Metric
    employee: Metric

    @property
    def metrics(self) -> tuple[Metric, Metric, Metric]:
        """The one that shall move, and the two that must not get worse."""
        return self.primary, self.customer, self.employee


def gather() -> Cast:
    """Make the cast, with thirty weeks of every metric before the story."""
    with at(START - timedelta(days=300)), writing():
        company = add_department(PROGRAM, "company", name="Nordhafen", takes_orphans=True)
        billing, finance, front = (
            add_department(PROGRAM, name.lower(), name=name, parent=company)
            for name in ("Billing", "Finance", "Service")
        )
        people = _people(company, billing, finance, front)
        appoint(PROGRAM, company, head=people["leader"], deputy=None)
        appoint(PROGRAM, billing, head=people["head"], deputy=people["deputy"])
        reason = add_reason(
            PROGRAM,
            "estimated-reading",
            name="Estimated reading",
            owner=billing,
            avoidable_minor=AVOIDABLE_MINOR,
            full_minor=900,
        )
        metrics = [
            _metric(billing, "Calls about estimated readings", "calls", reason_id=reason.id),
            _metric(billing, "Customers who ring again", "again", Perspective.CUSTOMER),
            _metric(billing, "Minutes of work after a call", "after-call", Perspective.EMPLOYEE),
        ]
    with at(START), writing():
        for metric in metrics:
            record_points(PROGRAM, metric, weeks(metric, START, WEEKS_BEFORE, USUAL))
    return Cast(**people, billing=billing, **dict(zip(_ROLES, metrics, strict=True)))


_ROLES = ("primary", "customer", "employee")


def _people(
    company: Department, billing: Department, finance: Department, front: Department
) -> dict[str, Person]:
    def add(name: str, home: Department, role: Role | None = None) -> Person:
        address = f"{name.split()[0].lower()}@nordhafen.example"
        person = add_person(PROGRAM, address, name=name, home=home)
        if role is not None:
            grant_role(PROGRAM, person, role, None)
        return person

    return {
        "agent": add("Amina Yusuf", front),
        "colleague": add("Tomasz Wrona", front),
        "head": add("Lena Brandt", billing),
        "deputy": add("Marcus Adeyemi", billing),
        "validator": add("Priya Nair", finance, Role.VALIDATOR),
        "leader": add("Helen Whitcombe", company, Role.LEADER),
        "admin": add("Bram de Wit", company, Role.ADMINISTRATOR),
    }


def _metric(
    department: Department,
    name: str,
    key: str,
    perspective: Perspective = Perspective.OPERATIONS,
    reason_id: int | None = None,
) -> Metric:
    return add_metric(
        PROGRAM,
        key,
        name=name,
        unit="per 1,000 customers",
        numerator_name="contacts",
        denominator_name="customers",
        department=department,
        direction=Direction.LOWER,
        perspective=perspective,
        reason_id=reason_id,
    )


def weeks(
    metric: Metric, until: datetime, count: int, level: int
) -> list[tuple[object, float, float]]:
    """The last complete weeks before a day around a level, with a tenth of it as noise."""
    noise = Random(f"{metric.key}-{until}")
    last = until.date() - timedelta(days=until.weekday() + 7)
    return [
        (
            last - timedelta(weeks=back),
            float(round(level * noise.uniform(0.95, 1.05))),
            float(CUSTOMERS),
        )
        for back in reversed(range(count))
    ]


def write_weeks(path: Path, metric: Metric, until: datetime, count: int, level: int) -> Path:
    """The same weeks as a file for ``metrics import``."""
    rows = (
        f"{day},{counted:.0f},{out_of:.0f}"
        for day, counted, out_of in weeks(metric, until, count, level)
    )
    path.write_text("\n".join(["period_start,numerator,denominator", *rows]) + "\n")
    return path
