"""The list of everything that is measured, and its filters."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select, true
from sqlalchemy.orm import aliased

from portal.clocks.models import Clock, ClockKind
from portal.database import session
from portal.delivery.models import Commitment, Implementation, Track
from portal.ideas.lifecycle import State
from portal.ideas.models import Idea
from portal.impact.models import AnalysisRun
from portal.impact.verdicts import Verdict
from portal.metrics.models import Metric
from portal.paging import Keyset, Page
from portal.people.models import Department, Person

PAGE_SIZE = 25


class Show(StrEnum):
    """Which measured changes are shown."""

    TO_SIGN = "to_sign"
    IMPROVED = "improved"
    NOT_PROVEN = "not_proven"
    HARMED = "harmed"
    TOO_EARLY = "too_early"
    ALL = "all"


_WAITS = exists().where(
    Clock.subject_kind == "idea",
    Clock.subject_id == Idea.id,
    Clock.kind == ClockKind.VALIDATE,
    Clock.stopped_at.is_(None),
)
_CONDITIONS: Mapping[Show, ColumnElement[bool]] = {
    Show.TO_SIGN: and_(Idea.state == State.MEASURING, _WAITS),
    Show.IMPROVED: AnalysisRun.verdict == Verdict.IMPROVED.value,
    Show.NOT_PROVEN: or_(
        AnalysisRun.verdict == Verdict.NOT_PROVEN.value, Idea.state == State.NOT_PROVEN
    ),
    Show.HARMED: AnalysisRun.verdict == Verdict.HARMED.value,
    Show.TOO_EARLY: and_(
        Idea.state == State.MEASURING,
        or_(AnalysisRun.id.is_(None), AnalysisRun.verdict == Verdict.NOT_ENOUGH_DATA.value),
    ),
    Show.ALL: true(),
}
_Handler = aliased(Person, name="handler")


def _measured(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Changes on the measured track, each with its newest primary analysis."""
    return (
        statement.select_from(Implementation)
        .join(Idea, Idea.id == Implementation.idea_id)
        .join(Commitment, Commitment.id == Implementation.commitment_id)
        .join(Metric, Metric.id == Commitment.metric_id)
        .outerjoin(
            AnalysisRun,
            and_(
                AnalysisRun.implementation_id == Implementation.id,
                AnalysisRun.is_latest,
                AnalysisRun.is_guardrail.is_(False),
            ),
        )
        .where(Commitment.track == Track.MEASURED)
    )


_ROWS = (
    _measured(
        select(
            Implementation.id,
            Implementation.go_live_on,
            Idea.number,
            Idea.title,
            Idea.state,
            Idea.waits_since,
            Idea.due_at,
            Idea.is_paused,
            Idea.handler_id,
            _Handler.name.label("waits_on"),
            Department.name.label("department"),
            AnalysisRun.verdict,
            AnalysisRun.grade,
            AnalysisRun.result,
            Metric.name.label("metric"),
            Metric.unit,
            Metric.decimals,
        )
    )
    .outerjoin(Department, Department.id == Idea.owner_department_id)
    .outerjoin(_Handler, _Handler.id == Idea.handler_id)
)
_KEYSETS = {
    show: Keyset(_ROWS.where(condition), (Implementation.id.desc(),))
    for show, condition in _CONDITIONS.items()
}
_COUNTS = _measured(
    select(*(func.count(Implementation.id).filter(_CONDITIONS[show]).label(show) for show in Show))
)


@dataclass(frozen=True, slots=True)
class MeasuredRow:
    """A measured change as the list shows it; the change is in the metric's unit."""

    number: int
    title: str
    state: State
    department: str | None
    metric: str
    unit: str
    decimals: int
    go_live_on: date
    verdict: Verdict
    grade: str | None
    estimate: float | None
    ci_low: float | None
    ci_high: float | None
    handler_id: int | None
    waits_on: str | None
    waits_since: datetime | None
    due_at: datetime | None
    is_paused: bool


def list_measured(
    show: Show, cursor: str | None = None, limit: int = PAGE_SIZE
) -> Page[MeasuredRow]:
    """A page of measured changes, the latest first; raises BadCursor."""
    found = _KEYSETS[show].page(session(), {}, cursor, limit)
    return Page(tuple(_row(row) for row in found.items), found.older, found.newer)


def count_measured() -> dict[Show, int]:
    """How many measured changes each filter shows, in one statement."""
    row = session().execute(_COUNTS).one()
    return {show: row._mapping[show.value] for show in Show}


def _row(row: Row[Any]) -> MeasuredRow:
    effect = row.result["effect"] if row.result else {}
    return MeasuredRow(
        number=row.number,
        title=row.title,
        state=row.state,
        department=row.department,
        metric=row.metric,
        unit=row.unit,
        decimals=row.decimals,
        go_live_on=row.go_live_on,
        verdict=Verdict(row.verdict or Verdict.NOT_ENOUGH_DATA),
        grade=row.grade if row.verdict != Verdict.NOT_ENOUGH_DATA else None,
        estimate=effect.get("estimate"),
        ci_low=effect.get("ci_low"),
        ci_high=effect.get("ci_high"),
        handler_id=row.handler_id,
        waits_on=row.waits_on,
        waits_since=row.waits_since,
        due_at=row.due_at,
        is_paused=row.is_paused,
    )
