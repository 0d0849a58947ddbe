"""What the boards show; every number can be opened and adds up to its list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, case, func, select

from portal.boards.ranking import NOTHING, Interval, Place, rank
from portal.boards.small_groups import SMALLEST_GROUP, Cells, Team, choose_cells
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
    Level.PEOPLE: _grouped(ImpactCredit.department_id)
    .join(Person, Person.id == ImpactCredit.person_id)
    .where(~and_(Person.named_on_boards, Person.is_active)),
}
"""Sums of departments that own ideas; of teams that people belong to; of their unnamed ones."""


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

_MEMBERS = (
    select(
        Person.home_department_id,
        func.count().label("people"),
        func.sum(case((Person.named_on_boards, 0), else_=1)).label("unnamed"),
    )
    .where(Person.is_active)
    .group_by(Person.home_department_id)
)
_NAMED = (
    select(Person.id, Person.name, Person.home_department_id, *_SUMS)
    .join(ImpactCredit, ImpactCredit.person_id == Person.id)
    .join(Validation, Validation.id == ImpactCredit.validation_id)
    .where(_IN_PERIOD, Person.named_on_boards, Person.is_active)
    .group_by(Person.id, Person.name, Person.home_department_id)
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
    """The board of one level and period, ready to be shown.

    ``is_hiding`` says that something is left out because it is about fewer than five people.
    """

    level: Level
    period: Period
    places: Sequence[Place[Entry]]
    totals: dict[BenefitKind, Row[*tuple[Any, ...]]]
    is_hiding: bool = False

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
    members = {row.home_department_id: row for row in session().execute(_MEMBERS)}
    is_hiding = False
    if level is Level.DEPARTMENTS:
        entries = _list_departments(rows, effects, members)
    else:
        cells = _cells(members)
        is_people = level is Level.PEOPLE
        named = _list_named(values, effects) if is_people and cells.are_names_shown else []
        of_teams = {} if is_people else effects
        teams, is_hiding = _list_teams(rows, of_teams, members, cells, is_people=is_people)
        is_hiding = is_hiding or not cells.are_names_shown
        entries = named + teams
    totals = {row.kind: row for row in session().execute(_TOTALS, values)}
    places = rank(entries, lambda entry: entry.ranked)
    return Leaderboard(level, period, places, totals, is_hiding)


def _cells(members: dict[int | None, Any]) -> Cells:
    teams = [Team(key, row.people, int(row.unnamed)) for key, row in members.items() if key]
    elsewhere = members.get(None)
    return choose_cells(teams, int(elsewhere.unnamed) if elsewhere else 0)


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
    rows: Sequence[Row[*tuple[Any, ...]]],
    effects: dict[int, dict[str, int]],
    members: dict[int | None, Any],
) -> list[Entry]:
    """Departments whose ideas these are, with everybody below them."""
    departments = {one.id: one for one in list_departments(teams=True)}
    entries = []
    for row in rows:
        department = departments.get(row.group_id)
        if department is None:
            continue
        heads = _count_heads(department, departments.values(), members)
        note = _people(heads)
        entries.append(_entry(str(department.id), department.name, note, row, heads, effects))
    return entries


def _people(count: int) -> str:
    if count < SMALLEST_GROUP:
        return _("fewer than five people")
    return _("%(n)s people", n=count)


def _count_heads(
    department: DepartmentRow, every: Iterable[DepartmentRow], members: dict[int | None, Any]
) -> int:
    return sum(
        members[one.id].people
        for one in every
        if one.path.startswith(department.path) and one.id in members
    )


def _entry(
    key: str,
    name: str,
    note: str | None,
    row: Row[*tuple[Any, ...]],
    heads: int,
    effects: dict[int, dict[str, int]],
) -> Entry:
    return Entry(
        key=key,
        name=name,
        note=note,
        total=_interval(row),
        ideas=row.ideas,
        heads=max(1, heads),
        effects=effects.get(row.group_id, {}),
    )


def _list_teams(
    rows: Sequence[Row[*tuple[Any, ...]]],
    effects: dict[int, dict[str, int]],
    members: dict[int | None, Any],
    cells: Cells,
    *,
    is_people: bool,
) -> tuple[list[Entry], bool]:
    """Teams, or the unnamed of each, and the rest together; whether the rest had to be left out."""
    names = {one.id: one.name for one in list_departments(teams=True)}
    counts = {key: row.unnamed if is_people else row.people for key, row in members.items()}
    said = _("%(n)s people, together") if is_people else _("%(n)s people")
    entries, rest = [], []
    for row in rows:
        if row.group_id not in cells.shown:
            rest.append(row)
            continue
        heads = int(counts[row.group_id])
        key = "" if is_people else str(row.group_id)
        note = said % {"n": heads}
        entries.append(_entry(key, names[row.group_id], note, row, heads, effects))
    if not rest or not cells.is_rest_shown:
        return entries, bool(rest)
    heads = int(sum(count for key, count in counts.items() if key not in cells.shown))
    together = Entry(
        key="",
        name=_("Other teams"),
        note=_("%(n)s people, together", n=heads),
        total=sum((_interval(row) for row in rest), NOTHING),
        ideas=0,
        heads=heads,
    )
    return [*entries, together], False


def _list_named(values: dict[str, date], effects: dict[int, dict[str, int]]) -> list[Entry]:
    """Who agreed to stand here by name."""
    names = {one.id: one.name for one in list_departments(teams=True)}
    return [
        Entry(
            key=str(row.id),
            name=row.name,
            note=names.get(row.home_department_id),
            total=_interval(row),
            ideas=row.ideas,
            effects=effects.get(row.id, {}),
        )
        for row in session().execute(_NAMED, values)
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
    """The name of a row that may be opened: a department, a shown team, a person who agreed."""
    if level is Level.DEPARTMENTS:
        return session().scalar(_DEPARTMENT_NAME, {"group_id": group_id})
    cells = _cells({row.home_department_id: row for row in session().execute(_MEMBERS)})
    if level is Level.PEOPLE:
        return session().scalar(_NAME, {"group_id": group_id}) if cells.are_names_shown else None
    if group_id not in cells.shown:
        return None
    return session().scalar(_DEPARTMENT_NAME, {"group_id": group_id})


_NAME = select(Person.name).where(
    Person.id == bindparam("group_id"), Person.named_on_boards, Person.is_active
)
_DEPARTMENT_NAME = select(Department.name).where(Department.id == bindparam("group_id"))
