"""Reading promises, credit, changes and who saw them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import Date, and_, bindparam, cast, func, null, select, union_all
from sqlalchemy.orm import aliased

from portal.columns import JsonObject
from portal.database import session
from portal.delivery.models import (
    Commitment,
    Confirmation,
    CreditRole,
    CreditShare,
    DateChange,
    Guardrail,
    Implementation,
    ProgressNote,
    Track,
)
from portal.errors import NotFound
from portal.i18n import gettext as _
from portal.metrics.models import Baseline, Direction, Metric
from portal.people.models import Person
from portal.people.queries import Face

_COMMITMENT = select(Commitment).where(Commitment.idea_id == bindparam("idea_id"))
_IMPLEMENTATION = (
    select(Implementation)
    .where(Implementation.idea_id == bindparam("idea_id"))
    .order_by(Implementation.id.desc())
    .limit(1)
)


def find_commitment(idea_id: int) -> Commitment | None:
    """The promise made for an idea, or None."""
    return session().scalar(_COMMITMENT, {"idea_id": idea_id})


def get_commitment(idea_id: int) -> Commitment:
    """The promise made for an idea; raises NotFound."""
    commitment = find_commitment(idea_id)
    if commitment is None:
        raise NotFound(_("Nobody has promised anything for this idea yet."))
    return commitment


def find_implementation(idea_id: int) -> Implementation | None:
    """The change made for an idea, or None."""
    return session().scalar(_IMPLEMENTATION, {"idea_id": idea_id})


def get_implementation(idea_id: int) -> Implementation:
    """The change made for an idea; raises NotFound."""
    implementation = find_implementation(idea_id)
    if implementation is None:
        raise NotFound(_("This idea is not live yet."))
    return implementation


_GUARDRAILS = select(Guardrail).where(Guardrail.commitment_id == bindparam("commitment_id"))


def list_guardrails(commitment_id: int) -> Sequence[Guardrail]:
    """The guardrails of a promise, each with its locked baseline."""
    return session().scalars(_GUARDRAILS, {"commitment_id": commitment_id}).all()


L = TypeVar("L", DateChange, ProgressNote)


def find_latest(kind: type[L], commitment_id: int) -> L | None:
    """The newest note, or change of the day, of a promise."""
    statement = select(kind).where(kind.commitment_id == commitment_id).order_by(kind.id.desc())
    return session().scalar(statement.limit(1))


@dataclass(frozen=True, slots=True)
class CreditRow:
    """One person's part of the credit for an idea, in whole percent."""

    person: Face
    role: CreditRole
    percent: int
    frozen_at: datetime | None


_ROLE_ORDER = {role: place for place, role in enumerate(CreditRole)}
_CREDIT = (
    select(
        CreditShare.person_id,
        Person.name,
        Person.hue,
        CreditShare.role,
        CreditShare.percent,
        CreditShare.frozen_at,
    )
    .join(Person, Person.id == CreditShare.person_id)
    .where(CreditShare.idea_id == bindparam("idea_id"))
    .order_by(CreditShare.percent.desc(), CreditShare.id)
)


def list_credit(idea_id: int) -> list[CreditRow]:
    """The split of credit: originators, then developers, then implementers."""
    rows = [
        CreditRow(Face(row.person_id, row.name, row.hue), row.role, row.percent, row.frozen_at)
        for row in session().execute(_CREDIT, {"idea_id": idea_id})
    ]
    return sorted(rows, key=lambda row: _ROLE_ORDER[row.role])


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """A date that moved (with both days) or a progress note, in somebody's own words."""

    at: datetime
    person_id: int
    sentence: str
    from_on: date | None
    to_on: date | None


_HISTORY = union_all(
    select(
        DateChange.changed_at.label("at"),
        DateChange.changed_by_id.label("person_id"),
        DateChange.reason.label("sentence"),
        DateChange.from_on,
        DateChange.to_on,
    )
    .join(Commitment, Commitment.id == DateChange.commitment_id)
    .where(Commitment.idea_id == bindparam("idea_id")),
    select(
        ProgressNote.said_at,
        ProgressNote.person_id,
        ProgressNote.sentence,
        cast(null(), Date),
        cast(null(), Date),
    )
    .join(Commitment, Commitment.id == ProgressNote.commitment_id)
    .where(Commitment.idea_id == bindparam("idea_id")),
).order_by("at")


def list_history(idea_id: int) -> list[HistoryRow]:
    """How a promise went, oldest first: dates that moved and notes on the way."""
    rows = session().execute(_HISTORY, {"idea_id": idea_id})
    return [HistoryRow(**row._mapping) for row in rows]


@dataclass(frozen=True, slots=True)
class Promise:
    """Who promised what, until when; money in minor units, the forecast in percent."""

    id: int
    person: Face
    due_on: date
    definition_of_done: str
    track: Track
    forecast_percent: float | None
    investment_minor: int
    running_minor: int
    signed_by_id: int
    signed_at: datetime
    html: JsonObject
    html_version: int


@dataclass(frozen=True, slots=True)
class Proof:
    """What a measured change is held against: its metric and the baseline locked for it."""

    number: int
    name: str
    unit: str
    decimals: int
    direction: Direction
    smallest_worthwhile: float | None
    mean: float
    points_count: int
    is_weak: bool
    is_stable: bool
    locked_at: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """A change that is live, and how many colleagues see it or do not."""

    id: int
    go_live_on: date
    what_changes: str
    evidence: str
    evidence_url: str | None
    seen: int
    unseen: int
    mine: bool | None
    html: JsonObject
    html_version: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """Everything between the yes and the verdict, as the page of an idea shows it."""

    idea_id: int
    promise: Promise
    proof: Proof | None
    guardrails: tuple[str, ...]
    change: Change | None
    credit: tuple[CreditRow, ...]
    history: tuple[HistoryRow, ...]

    @property
    def moves(self) -> tuple[HistoryRow, ...]:
        """The dates that moved, oldest first."""
        return tuple(row for row in self.history if row.to_on)

    @property
    def latest_note(self) -> HistoryRow | None:
        """The newest progress note."""
        return next((row for row in reversed(self.history) if not row.to_on), None)

    @property
    def credited(self) -> frozenset[int]:
        """Ids of those who take credit."""
        return frozenset(row.person.id for row in self.credit)


_Guard = aliased(Metric, name="guard")
_Mine = aliased(Confirmation, name="mine")


def _said(sees_it: bool) -> Any:
    return (
        select(func.count())
        .select_from(Confirmation)
        .where(
            Confirmation.implementation_id == Implementation.id, Confirmation.sees_it.is_(sees_it)
        )
        .scalar_subquery()
    )


_DELIVERY = (
    select(
        Commitment,
        Metric,
        Baseline.mean,
        Baseline.points_count,
        Baseline.is_weak,
        Baseline.is_stable,
        Baseline.locked_at,
        Person.name,
        Person.hue,
        _Guard.name.label("guardrail"),
        Implementation,
        _said(True).label("seen"),
        _said(False).label("unseen"),
        _Mine.sees_it.label("mine"),
    )
    .join(Person, Person.id == Commitment.person_id)
    .outerjoin(Metric, Metric.id == Commitment.metric_id)
    .outerjoin(Baseline, Baseline.id == Commitment.baseline_id)
    .outerjoin(Guardrail, Guardrail.commitment_id == Commitment.id)
    .outerjoin(_Guard, _Guard.id == Guardrail.metric_id)
    .outerjoin(Implementation, Implementation.commitment_id == Commitment.id)
    .outerjoin(
        _Mine,
        and_(
            _Mine.implementation_id == Implementation.id,
            _Mine.person_id == bindparam("reader_id"),
        ),
    )
    .where(Commitment.idea_id == bindparam("idea_id"))
    .order_by(_Guard.name)
)


def get_delivery(idea_id: int, reader_id: int | None = None) -> Delivery | None:
    """Promise, proof, credit, history and change of an idea, or None before a promise.

    Three statements; one where nothing was promised.  ``reader_id`` is whose own
    confirmation to show.
    """
    rows = session().execute(_DELIVERY, {"idea_id": idea_id, "reader_id": reader_id or 0}).all()
    if not rows:
        return None
    return Delivery(
        idea_id=idea_id,
        promise=_promise(rows[0]),
        proof=_proof(rows[0]),
        guardrails=tuple(row.guardrail for row in rows if row.guardrail),
        change=_change(rows[0]),
        credit=tuple(list_credit(idea_id)),
        history=tuple(list_history(idea_id)),
    )


def _promise(row: Any) -> Promise:
    commitment: Commitment = row.Commitment
    return Promise(
        id=commitment.id,
        person=Face(commitment.person_id, row.name, row.hue),
        due_on=commitment.due_on,
        definition_of_done=commitment.definition_of_done,
        track=commitment.track,
        forecast_percent=commitment.forecast_percent,
        investment_minor=commitment.investment_minor,
        running_minor=commitment.running_minor,
        signed_by_id=commitment.signed_by_id,
        signed_at=commitment.signed_at,
        html=commitment.html,
        html_version=commitment.html_version,
    )


def _proof(row: Any) -> Proof | None:
    metric: Metric | None = row.Metric
    if metric is None or row.mean is None:
        return None
    return Proof(
        number=metric.number,
        name=metric.name,
        unit=metric.unit,
        decimals=metric.decimals,
        direction=metric.direction,
        smallest_worthwhile=metric.smallest_worthwhile,
        mean=row.mean,
        points_count=row.points_count,
        is_weak=row.is_weak,
        is_stable=row.is_stable,
        locked_at=row.locked_at,
    )


def _change(row: Any) -> Change | None:
    change: Implementation | None = row.Implementation
    if change is None:
        return None
    return Change(
        id=change.id,
        go_live_on=change.go_live_on,
        what_changes=change.what_changes,
        evidence=change.evidence,
        evidence_url=change.evidence_url,
        seen=row.seen,
        unseen=row.unseen,
        mine=row.mine,
        html=change.html,
        html_version=change.html_version,
    )
