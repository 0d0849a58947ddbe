"""What the boards show; every number can be opened and adds up to its list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, select

from portal.boards.ranking import NOTHING, Interval, Place, rank
from portal.database import session
from portal.i18n import gettext as _
from portal.ideas.models import Idea
from portal.impact.models import (
    AnalysisRun,
    BenefitKind,
    BenefitLine,
    ImpactCredit,
    Outcome,
    Validation,
)
from portal.metrics.models import Metric, Perspective
from portal.people.models import Department, Person
from portal.people.queries import DepartmentRow, list_departments

SMALLEST_GROUP = 5
"""Fewer people than this are not shown as a group of their own (product page, privacy)."""


class Level(StrEnum):
    """Whose impact is compared."""

    DEPARTMENTS = "departments"
    TEAMS = "teams"
    PEOPLE = "people"


@dataclass(frozen=True, slots=True)
class Period:
    """Days from ``start`` to ``end``, both included."""

    start: date
    end: date

    def as_values(self) -> dict[str, date]:
        """Values for the statements' bind parameters."""
        return {"start": self.start, "end": self.end}


def last_year(today: date) -> Period:
    """The twelve months that end today."""
    return Period(today - timedelta(days=364), today)


def ever() -> Period:
    """All the time there is."""
    return Period(date.min, date.max)


@dataclass(slots=True)
class Entry:
    """One row of the leaderboard; ``key`` opens the list behind it."""

    key: str
    name: str
    note: str | None
    total: Interval
    ideas: int
    invested_minor: int = 0
    heads: int = 1
    effects: dict[str, int] = field(default_factory=dict)

    @property
    def ranked(self) -> Interval:
        """What the entry is ranked by: its total per head."""
        return self.total.per(self.heads)


_IN_PERIOD = ImpactCredit.validated_on.between(bindparam("start"), bindparam("end"))
_SUMS = (
    func.sum(ImpactCredit.low_minor).label("low"),
    func.sum(ImpactCredit.mid_minor).label("mid"),
    func.sum(ImpactCredit.high_minor).label("high"),
    func.count(func.distinct(ImpactCredit.idea_id)).label("ideas"),
)


def _grouped(column: Any) -> Select[*tuple[Any, ...]]:
    statement = select(column.label("group_id"), *_SUMS).where(_IN_PERIOD).group_by(column)
    return statement.join(Validation, Validation.id == ImpactCredit.validation_id)


_GROUPS = {
    Level.DEPARTMENTS: _grouped(Validation.department_id),
    Level.TEAMS: _grouped(ImpactCredit.department_id),
    Level.PEOPLE: _grouped(ImpactCredit.person_id),
}


def _effects(column: Any) -> Select[*tuple[Any, ...]]:
    """Guardrails that got better or worse with the ideas of a group."""
    return (
        select(
            column.label("group_id"),
            Metric.perspective,
            AnalysisRun.verdict,
            func.count(func.distinct(AnalysisRun.id)).label("number_of"),
        )
        .select_from(ImpactCredit)
        .join(Validation, Validation.id == ImpactCredit.validation_id)
        .join(AnalysisRun, AnalysisRun.idea_id == ImpactCredit.idea_id)
        .join(Metric, Metric.id == AnalysisRun.metric_id)
        .where(_IN_PERIOD, AnalysisRun.is_latest, AnalysisRun.is_guardrail)
        .where(AnalysisRun.verdict.in_(("improved", "harmed")))
        .group_by(column, Metric.perspective, AnalysisRun.verdict)
    )


_EFFECTS = {
    Level.DEPARTMENTS: _effects(Validation.department_id),
    Level.TEAMS: _effects(ImpactCredit.department_id),
    Level.PEOPLE: _effects(ImpactCredit.person_id),
}

_HEADS = (
    select(Person.home_department_id, func.count().label("number_of"))
    .where(Person.is_active)
    .group_by(Person.home_department_id)
)
_PEOPLE = select(Person.id, Person.name, Person.named_on_boards, Person.home_department_id).where(
    Person.id.in_(bindparam("ids", expanding=True))
)

_TOTALS = (
    select(
        BenefitLine.kind,
        func.sum(BenefitLine.low_minor).label("low"),
        func.sum(BenefitLine.investment_minor).label("invested"),
        func.count(func.distinct(BenefitLine.idea_id)).label("ideas"),
    )
    .join(Validation, Validation.analysis_id == BenefitLine.analysis_id)
    .where(BenefitLine.is_validated)
    .where(Validation.outcome.in_((Outcome.APPROVED, Outcome.IN_PART)))
    .where(Validation.validated_on.between(bindparam("start"), bindparam("end")))
    .group_by(BenefitLine.kind)
)


@dataclass(frozen=True, slots=True)
class Leaderboard:
    """The board of one level and period, ready to be shown."""

    level: Level
    period: Period
    places: Sequence[Place[Entry]]
    totals: dict[BenefitKind, Row[*tuple[Any, ...]]]

    @property
    def scale(self) -> tuple[int, int]:
        """The ends of the scale that all intervals are drawn on."""
        ranked = [place.entry.ranked for place in self.places]
        return min((0, *(r.low for r in ranked))), max((1, *(r.high for r in ranked)))


def get_leaderboard(level: Level, period: Period) -> Leaderboard:
    """Who moved what, by the low end of validated hard benefit (grades A to C)."""
    values = period.as_values()
    rows = session().execute(_GROUPS[level], values).all()
    effects = _read_effects(level, values)
    entries = (
        _list_people(rows, effects)
        if level is Level.PEOPLE
        else _list_departments(rows, effects, with_teams=level is Level.TEAMS)
    )
    totals = {row.kind: row for row in session().execute(_TOTALS, values)}
    return Leaderboard(level, period, rank(entries, lambda entry: entry.ranked), totals)


def _read_effects(level: Level, values: dict[str, date]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    for row in session().execute(_EFFECTS[level], values):
        sign = 1 if row.verdict == "improved" else -1
        of_group = found.setdefault(row.group_id, {})
        name = Perspective(row.perspective).value
        of_group[name] = of_group.get(name, 0) + sign * row.number_of
    return found


def _interval(row: Row[*tuple[Any, ...]]) -> Interval:
    return Interval(int(row.low), int(row.mid), int(row.high))


def _list_departments(
    rows: Sequence[Row[*tuple[Any, ...]]], effects: dict[int, dict[str, int]], *, with_teams: bool
) -> list[Entry]:
    departments = {one.id: one for one in list_departments(teams=True)}
    direct = {row.home_department_id: row.number_of for row in session().execute(_HEADS)}
    entries = []
    for row in rows:
        department = departments.get(row.group_id)
        if department is None:
            continue
        heads = _count_heads(department, departments.values(), direct)
        if with_teams and heads < SMALLEST_GROUP:
            continue
        entries.append(
            Entry(
                key=str(department.id),
                name=department.name,
                note=_("%(n)s people", n=heads),
                total=_interval(row),
                ideas=row.ideas,
                heads=max(1, heads),
                effects=effects.get(row.group_id, {}),
            )
        )
    return entries


def _count_heads(
    department: DepartmentRow, every: Iterable[DepartmentRow], direct: dict[int | None, int]
) -> int:
    return sum(direct.get(one.id, 0) for one in every if one.path.startswith(department.path))


def _list_people(
    rows: Sequence[Row[*tuple[Any, ...]]], effects: dict[int, dict[str, int]]
) -> list[Entry]:
    """Named where they agreed; everybody else together, by home department."""
    ids = [row.group_id for row in rows]
    people = {p.id: p for p in session().execute(_PEOPLE, {"ids": ids})} if ids else {}
    names = {one.id: one.name for one in list_departments(teams=True)}
    entries, unnamed = [], dict[int | None, list[Row[*tuple[Any, ...]]]]()
    for row in rows:
        person = people[row.group_id]
        if person.named_on_boards:
            entries.append(
                Entry(
                    key=str(person.id),
                    name=person.name,
                    note=names.get(person.home_department_id),
                    total=_interval(row),
                    ideas=row.ideas,
                    effects=effects.get(row.group_id, {}),
                )
            )
        else:
            unnamed.setdefault(person.home_department_id, []).append(row)
    return entries + _together(unnamed, names)


def _together(
    unnamed: dict[int | None, list[Row[*tuple[Any, ...]]]], names: dict[int, str]
) -> list[Entry]:
    small = [row for rows in unnamed.values() if len(rows) < SMALLEST_GROUP for row in rows]
    groups = {
        names.get(department_id or 0, _("Elsewhere")): rows
        for department_id, rows in unnamed.items()
        if len(rows) >= SMALLEST_GROUP
    }
    if len(small) >= SMALLEST_GROUP:
        groups[_("Other teams")] = small
    return [
        Entry(
            key="",
            name=name,
            note=_("%(n)s people, together", n=len(rows)),
            total=sum((_interval(row) for row in rows), NOTHING),
            ideas=0,
            heads=len(rows),
        )
        for name, rows in sorted(groups.items())
    ]


_CREDITS = (
    select(
        Idea.number,
        Idea.title,
        ImpactCredit.percent,
        ImpactCredit.grade,
        ImpactCredit.validated_on,
        ImpactCredit.low_minor,
        ImpactCredit.mid_minor,
        ImpactCredit.high_minor,
    )
    .join(Idea, Idea.id == ImpactCredit.idea_id)
    .join(Validation, Validation.id == ImpactCredit.validation_id)
    .where(_IN_PERIOD)
    .order_by(ImpactCredit.low_minor.desc(), ImpactCredit.id)
)
_CREDITS_OF = {
    Level.PEOPLE: _CREDITS.where(ImpactCredit.person_id == bindparam("group_id")),
    Level.TEAMS: _CREDITS.where(ImpactCredit.department_id == bindparam("group_id")),
    Level.DEPARTMENTS: _CREDITS.where(Validation.department_id == bindparam("group_id")),
}


def list_credits(level: Level, group_id: int, period: Period) -> Sequence[Row[*tuple[Any, ...]]]:
    """The list behind one row of the board; its columns add up to the row."""
    values = {**period.as_values(), "group_id": group_id}
    return session().execute(_CREDITS_OF[level], values).all()


def find_group_name(level: Level, group_id: int) -> str | None:
    """The name of a row that may be opened: a department, or a person who agreed."""
    if level is Level.PEOPLE:
        return session().scalar(
            select(Person.name).where(Person.id == group_id, Person.named_on_boards)
        )
    return session().scalar(select(Department.name).where(Department.id == group_id))
