"""Reading analyses, benefit lines, signatures, and whom to ask for one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import String, bindparam, exists, func, or_, select
from sqlalchemy.orm import aliased

from portal.actor import ROLE_CAPABILITIES, Capability
from portal.clocks.models import Clock, ClockKind
from portal.database import session
from portal.delivery.models import Commitment, CreditShare, Guardrail, Implementation
from portal.ideas.lifecycle import State
from portal.ideas.models import Idea, IdeaAuthor
from portal.impact.models import AnalysisRun, BenefitLine, Validation
from portal.impact.policies import Ties
from portal.impact.readings import Reading, read
from portal.jobs.models import OutboxTask
from portal.metrics.models import Baseline, Metric, MetricPoint
from portal.metrics.queries import get_metrics, list_points
from portal.people.models import Department, Person, RoleAssignment

ANALYSE = "impact.analyse"
"""The outbox task that analyses an implementation."""

LIVE = (State.MEASURING, State.VALIDATED)
"""States in which new points are analysed."""

_MEASURED = (
    select(Implementation.go_live_on, Commitment.metric_id, Commitment.baseline_id, Guardrail)
    .join(Commitment, Commitment.id == Implementation.commitment_id)
    .outerjoin(Guardrail, Guardrail.commitment_id == Commitment.id)
    .where(Implementation.id == bindparam("implementation_id"))
    .order_by(Guardrail.metric_id)
)
_BASELINES = select(Baseline).where(Baseline.id.in_(bindparam("ids", expanding=True)))


def list_readings(implementation_id: int, today: date) -> list[Reading]:
    """What there is to analyse for a change: its primary metric, then its guardrails."""
    rows = session().execute(_MEASURED, {"implementation_id": implementation_id}).all()
    if not rows or rows[0].metric_id is None or rows[0].baseline_id is None:
        return []
    wanted = [(rows[0].metric_id, rows[0].baseline_id, False)]
    guards = [row.Guardrail for row in rows if row.Guardrail and row.Guardrail.baseline_id]
    wanted += [(guard.metric_id, guard.baseline_id, True) for guard in guards]
    metrics = get_metrics([metric_id for metric_id, _baseline, _is in wanted])
    ids = [baseline_id for _metric, baseline_id, _is in wanted]
    baselines = {row.id: row for row in session().scalars(_BASELINES, {"ids": ids})}
    return [
        read(
            metrics[metric_id],
            baselines[baseline_id],
            list_points(metric_id),
            go_live_on=rows[0].go_live_on,
            today=today,
            is_guardrail=is_guardrail,
        )
        for metric_id, baseline_id, is_guardrail in wanted
    ]


_LIVE = (
    select(Implementation.id)
    .join(Commitment, Commitment.id == Implementation.commitment_id)
    .join(Idea, Idea.id == Implementation.idea_id)
    .where(
        Idea.state.in_(LIVE),
        or_(
            Commitment.metric_id == bindparam("metric_id"),
            exists().where(
                Guardrail.commitment_id == Commitment.id,
                Guardrail.metric_id == bindparam("metric_id"),
            ),
        ),
    )
    .order_by(Implementation.id)
)
_LAST_POINT = select(func.max(MetricPoint.id)).where(
    MetricPoint.metric_id == bindparam("metric_id")
)


def list_live_implementations(metric_id: int) -> Sequence[int]:
    """The changes that a metric is the primary metric or a guardrail of, and that still run."""
    return session().scalars(_LIVE, {"metric_id": metric_id}).all()


def get_points_version(metric_id: int) -> int:
    """A number that grows with every new or corrected point of a metric; 0 without points."""
    return session().scalar(_LAST_POINT, {"metric_id": metric_id}) or 0


_LATEST = (
    select(AnalysisRun)
    .where(AnalysisRun.idea_id == bindparam("idea_id"), AnalysisRun.is_latest)
    .order_by(AnalysisRun.is_guardrail, AnalysisRun.id)
)


def list_latest(idea_id: int) -> Sequence[AnalysisRun]:
    """The newest analysis of each metric of an idea, the primary one first."""
    return session().scalars(_LATEST, {"idea_id": idea_id}).all()


_RUNS = select(AnalysisRun).where(AnalysisRun.implementation_id == bindparam("implementation_id"))


def list_runs(implementation_id: int) -> Sequence[AnalysisRun]:
    """Every analysis that was ever kept for a change."""
    return session().scalars(_RUNS, {"implementation_id": implementation_id}).all()


_LINES = (
    select(BenefitLine)
    .where(BenefitLine.idea_id == bindparam("idea_id"))
    .order_by(BenefitLine.kind, BenefitLine.id)
)


def list_lines(idea_id: int) -> Sequence[BenefitLine]:
    """What the department claims, kind by kind."""
    return session().scalars(_LINES, {"idea_id": idea_id}).all()


_LAST_VALIDATION = (
    select(Validation)
    .where(Validation.idea_id == bindparam("idea_id"))
    .order_by(Validation.id.desc())
    .limit(1)
)


def find_validation(idea_id: int) -> Validation | None:
    """The newest signature under an idea, or None."""
    return session().scalar(_LAST_VALIDATION, {"idea_id": idea_id})


_CLAIMED = (
    select(BenefitLine.yearly_exposure, Baseline.yearly_exposure.label("frozen"))
    .join(AnalysisRun, AnalysisRun.id == BenefitLine.analysis_id)
    .join(Baseline, Baseline.id == AnalysisRun.baseline_id)
    .join(Implementation, Implementation.id == AnalysisRun.implementation_id)
    .where(
        AnalysisRun.metric_id == bindparam("metric_id"),
        Implementation.go_live_on.between(bindparam("first"), bindparam("last")),
    )
)


def get_claimed_share(metric_id: int, first: date, last: date) -> float:
    """How much of a metric's change is claimed, as a fraction of the frozen exposure.

    Counts every line of a change that went live from ``first`` to ``last``.
    """
    rows = session().execute(_CLAIMED, {"metric_id": metric_id, "first": first, "last": last})
    return float(sum(row.yearly_exposure / row.frozen for row in rows if row.frozen))


_Home = aliased(Department, name="home")
_Scope = aliased(Department, name="scope")
_SIGNING_ROLES = [role for role, given in ROLE_CAPABILITIES.items() if Capability.VALIDATE in given]
_OPEN = (
    select(func.count())
    .where(
        Clock.accountable_id == Person.id,
        Clock.kind == ClockKind.VALIDATE,
        Clock.stopped_at.is_(None),
    )
    .correlate(Person)
    .scalar_subquery()
)
_PATH = bindparam("path", type_=String)
_VALIDATORS = (
    select(Person)
    .join(RoleAssignment, RoleAssignment.person_id == Person.id)
    .outerjoin(_Scope, _Scope.id == RoleAssignment.department_id)
    .outerjoin(_Home, _Home.id == Person.home_department_id)
    .where(
        Person.is_active,
        RoleAssignment.ended_at.is_(None),
        RoleAssignment.role.in_(_SIGNING_ROLES),
        or_(_Scope.id.is_(None), _PATH.startswith(_Scope.path)),
        or_(_Home.id.is_(None), ~_Home.path.startswith(_PATH)),
        Person.id.not_in(bindparam("involved", expanding=True)),
    )
    .order_by(_OPEN, Person.id)
    .limit(1)
)


def find_validator(ties: Ties) -> Person | None:
    """Somebody who may sign, the one with the fewest signatures open; None if nobody may."""
    involved = ties.authors | ties.credited | ties.claimants
    return session().scalar(
        _VALIDATORS, {"path": ties.owner_path, "involved": sorted(involved) or [0]}
    )


_AUTHORS = select(IdeaAuthor.person_id).where(IdeaAuthor.idea_id == bindparam("idea_id"))
_CREDITED = select(CreditShare.person_id).where(CreditShare.idea_id == bindparam("idea_id"))
_CLAIMANTS = select(BenefitLine.claimed_by_id).where(BenefitLine.idea_id == bindparam("idea_id"))
_OWNER = (
    select(Department.id, Department.path)
    .join(Idea, Idea.owner_department_id == Department.id)
    .where(Idea.id == bindparam("idea_id"))
)
_PATH_OF = select(Department.path).where(Department.id == bindparam("department_id"))


def find_path(department_id: int | None) -> str | None:
    """Where a department stands in the tree; None without one."""
    if department_id is None:
        return None
    return session().scalar(_PATH_OF, {"department_id": department_id})


def list_author_ids(idea_id: int) -> frozenset[int]:
    """Ids of the originators of an idea."""
    return frozenset(session().scalars(_AUTHORS, {"idea_id": idea_id}))


def get_ties(idea_id: int, home_department_id: int | None = None) -> Ties:
    """Who is bound to a change, and where it and somebody's home stand in the tree."""
    values = {"idea_id": idea_id}
    owner = session().execute(_OWNER, values).one()
    return Ties(
        owner_department_id=owner.id,
        owner_path=owner.path,
        home_path=find_path(home_department_id),
        authors=list_author_ids(idea_id),
        credited=frozenset(session().scalars(_CREDITED, values)),
        claimants=frozenset(session().scalars(_CLAIMANTS, values)),
    )


_PENDING = select(OutboxTask.id).where(
    OutboxTask.finished_at.is_(None),
    OutboxTask.kind == ANALYSE,
    OutboxTask.key.startswith(bindparam("prefix")),
)


def is_being_analysed(implementation_id: int) -> bool:
    """Whether a task that analyses this change waits or runs."""
    prefix = f"{ANALYSE}:{implementation_id}:"
    return session().scalar(_PENDING, {"prefix": prefix}) is not None


_OVERDUE = (
    select(Idea.id)
    .join(Implementation, Implementation.idea_id == Idea.id)
    .where(Idea.state == State.MEASURING, Implementation.go_live_on <= bindparam("go_live_by"))
    .order_by(Idea.id)
)


def list_measured_out(go_live_by: date) -> Sequence[int]:
    """Ids of the ideas that are still measured although they went live by this day."""
    return session().scalars(_OVERDUE, {"go_live_by": go_live_by}).all()


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a change, for the page of its idea: the analysis and the signature."""

    sentence: str
    verdict: str
    grade: str
    estimate: float | None
    ci_low: float | None
    ci_high: float | None
    metric: str
    unit: str
    decimals: int
    outcome: str | None
    said: str | None
    signer: str | None


_RESULT = (
    select(AnalysisRun, Metric.name, Metric.unit, Metric.decimals)
    .join(Metric, Metric.id == AnalysisRun.metric_id)
    .where(
        AnalysisRun.idea_id == bindparam("idea_id"),
        AnalysisRun.is_latest,
        AnalysisRun.is_guardrail.is_(False),
    )
    .limit(1)
)
_SIGNED = (
    select(Validation.outcome, Validation.sentence, Person.name)
    .join(Person, Person.id == Validation.signed_by_id)
    .where(Validation.idea_id == bindparam("idea_id"))
    .order_by(Validation.id.desc())
    .limit(1)
)


def get_result(idea_id: int) -> Result | None:
    """What the analysis says and who signed it; two statements, one before any analysis."""
    row = session().execute(_RESULT, {"idea_id": idea_id}).first()
    if row is None:
        return None
    run: AnalysisRun = row.AnalysisRun
    signed = session().execute(_SIGNED, {"idea_id": idea_id}).first()
    effect = run.result["effect"]
    return Result(
        sentence=run.sentence,
        verdict=run.verdict,
        grade=run.grade,
        estimate=effect["estimate"],
        ci_low=effect["ci_low"],
        ci_high=effect["ci_high"],
        metric=row.name,
        unit=row.unit,
        decimals=row.decimals,
        outcome=signed.outcome.value if signed else None,
        said=signed.sentence if signed else None,
        signer=signed.name if signed else None,
    )
