"""Setting the stage: departments, people, reasons, metrics and the catalogue of the demo."""

from dataclasses import dataclass, field
from datetime import date, time

from portal.actor import PROGRAM, Actor, Role
from portal.clocks.setting import add_calendar, give_calendar
from portal.database import session
from portal.demand.models import ContactReason
from portal.demand.services import add_reason, set_cost
from portal.demo.days import ZONE, holidays
from portal.demo.metrics import Metric as PlannedMetric
from portal.demo.people import OWNERS
from portal.demo.people import Department as PlannedDepartment
from portal.demo.people import Person as PlannedPerson
from portal.demo.plan import Plan
from portal.demo.rewards import APPROVER
from portal.demo.rewards import RewardItem as PlannedItem
from portal.metrics.models import Direction, Metric, Perspective
from portal.metrics.services import add_metric
from portal.people.models import Department, Person
from portal.people.queries import get_actor
from portal.people.services import add_department, add_person, appoint, set_fact
from portal.rewards.models import RewardItem, TaxClass
from portal.rewards.services import add_item
from portal.triage.reviewing import set_rule

FIRST_DAY = date(2024, 1, 1)
UNLIMITED_STOCK = 1000
"""What the catalogue holds of rewards that never run out."""

_ROLES = {
    "agent": Role.AGENT,
    "handler": Role.HANDLER,
    "validator": Role.VALIDATOR,
    "leader": Role.LEADER,
    "admin": Role.ADMINISTRATOR,
}


@dataclass(slots=True)
class Stage:
    """Who and what is on the stage: keys of the plan to keys of the database."""

    departments: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)
    metrics: dict[str, int] = field(default_factory=dict)
    items: dict[str, int] = field(default_factory=dict)
    ideas: dict[str, int] = field(default_factory=dict)
    _actors: dict[str, Actor] = field(default_factory=dict)

    def actor(self, key: str | None) -> Actor:
        """The actor of a person of the plan; the program for None."""
        if key is None:
            return PROGRAM
        if key not in self._actors:
            self._actors[key] = get_actor(self.people[key])
        return self._actors[key]


def set_stage(plan: Plan, password: str, password_hash: str) -> Stage:
    """Build everything that was there before the year began; inside a writing unit."""
    stage = Stage()
    set_fact("demo_password", password)
    units = {planned.key: _add_department(planned, stage) for planned in plan.departments}
    people = {one.key: _add_person(one, units, password_hash) for one in plan.people}
    stage.people = {key: person.id for key, person in people.items()}
    _appoint(plan, units, people)
    _add_calendars(plan, stage)
    _add_reasons(plan, units, stage)
    for metric in plan.metrics:
        stage.metrics[metric.key] = _add_metric(metric, units, stage).id
    for item in plan.rewards:
        stage.items[item.key] = _add_item(item).id
    for planned in plan.departments:
        if planned.key in OWNERS:
            head = stage.actor(planned.head)
            set_rule(head, stage.departments[planned.key], is_blind=False, shows_spread=True)
    return stage


def _add_department(planned: PlannedDepartment, stage: Stage) -> Department:
    parent = session().get(Department, stage.departments.get(planned.parent or "", 0))
    made = add_department(
        PROGRAM,
        planned.key,
        name=planned.name,
        parent=parent,
        takes_orphans=planned.kind == "company",
        is_team=planned.kind == "team",
        valid_from=FIRST_DAY,
    )
    stage.departments[planned.key] = made.id
    return made


def _add_person(planned: PlannedPerson, units: dict[str, Department], password_hash: str) -> Person:
    home = units[planned.department]
    roles: list[tuple[Role, Department | None]] = [(Role.AGENT, None)]
    role = _ROLES.get(planned.role, Role.AGENT)
    if role is not Role.AGENT:
        roles.append((role, home if role is Role.HANDLER else None))
    if planned.key == APPROVER:
        roles.append((Role.ADMINISTRATOR, None))
    made = add_person(
        PROGRAM,
        planned.email,
        name=planned.name,
        home=home,
        roles=roles,
        password_hash=password_hash,
    )
    made.named_on_boards = planned.on_boards
    return made


def _appoint(plan: Plan, units: dict[str, Department], people: dict[str, Person]) -> None:
    for planned in plan.departments:
        deputy = people[planned.deputy] if planned.deputy else None
        appoint(PROGRAM, units[planned.key], head=people[planned.head], deputy=deputy)


def _add_calendars(plan: Plan, stage: Stage) -> None:
    free = {
        day: "Public holiday"
        for year in range(plan.today.year - 1, plan.today.year + 2)
        for day in holidays(year)
    }
    made = {}
    for planned in plan.departments:
        hours = planned.opens, planned.closes
        if hours not in made:
            opens, closes = (time(minutes // 60, minutes % 60) for minutes in hours)
            key = f"{opens:%H%M}-{closes:%H%M}"
            made[hours] = add_calendar(
                PROGRAM, key, time_zone=ZONE.key, opens=opens, closes=closes, holidays=free
            )
        give_calendar(PROGRAM, stage.departments[planned.key], made[hours])


def _add_reasons(plan: Plan, units: dict[str, Department], stage: Stage) -> None:
    for planned in plan.reasons:
        parent = session().get(ContactReason, stage.reasons.get(planned.parent or "", 0))
        made = add_reason(
            PROGRAM, planned.key, name=planned.label, owner=units[planned.owner], parent=parent
        )
        for cost in planned.costs:
            set_cost(
                PROGRAM,
                made,
                valid_from=cost.valid_from,
                avoidable_minor=cost.avoidable_minor,
                full_minor=cost.full_minor,
            )
        stage.reasons[planned.key] = made.id


def _add_metric(planned: PlannedMetric, units: dict[str, Department], stage: Stage) -> Metric:
    return add_metric(
        PROGRAM,
        planned.key,
        name=planned.name,
        unit=planned.unit,
        numerator_name=planned.numerator_name,
        denominator_name=planned.denominator_name,
        department=units[planned.department],
        direction=Direction(planned.direction),
        perspective=Perspective(planned.perspective),
        per=planned.per,
        decimals=planned.decimals,
        smallest_worthwhile=planned.smallest_worthwhile,
        reason_id=stage.reasons[planned.reason] if planned.reason else None,
    )


def _add_item(planned: PlannedItem) -> RewardItem:
    return add_item(
        PROGRAM,
        planned.key,
        name=planned.name,
        description=planned.description,
        icon=planned.icon,
        price_points=planned.price_points,
        tax_class=TaxClass(planned.tax_class),
        stock=UNLIMITED_STOCK if planned.stock is None else planned.stock,
    )
