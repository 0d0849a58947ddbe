"""Everything the page of one measured change shows, and what its reader may do there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, and_, bindparam, select
from sqlalchemy.orm import aliased

from portal.actor import Actor
from portal.columns import JsonObject
from portal.database import session
from portal.delivery.models import Commitment, Guardrail, Implementation
from portal.delivery.queries import CreditRow, list_credit
from portal.errors import NotFound
from portal.i18n import gettext as _
from portal.ideas.lifecycle import State
from portal.ideas.models import Idea
from portal.ideas.queries import get_visible_idea
from portal.impact import policies
from portal.impact.charts import ImpactChart, draw
from portal.impact.models import AnalysisRun, BenefitKind, BenefitLine, Outcome, Validation
from portal.impact.money import Benefit, totals
from portal.impact.policies import Ties
from portal.impact.queries import find_path, is_being_analysed, list_author_ids, list_lines
from portal.impact.verdicts import Verdict
from portal.metrics.models import Baseline, Metric
from portal.metrics.queries import list_points
from portal.now import today
from portal.people.models import Department, Person
from portal.people.queries import Face, list_faces


@dataclass(frozen=True, slots=True)
class GuardrailRow:
    """A metric that must not get worse, from its locked mean on; None where nothing is known."""

    name: str
    unit: str
    decimals: int
    mean: float | None
    verdict: Verdict
    estimate: float | None
    ci_low: float | None
    ci_high: float | None


@dataclass(frozen=True, slots=True)
class SignedRow:
    """A signature with the face of whoever gave it."""

    validation: Validation
    face: Face
    home: str | None


@dataclass(frozen=True, slots=True)
class Signing:
    """Whether the reader signs such things at all, and why not this one."""

    is_validator: bool
    why_not: str | None


@dataclass(frozen=True, slots=True)
class Rights:
    """What the reader may do, and what the evidence lets a validator sign."""

    can_claim: bool
    can_ask: bool
    signing: Signing
    why_not_approve: str | None
    signable: frozenset[Outcome]


@dataclass(frozen=True, slots=True)
class Case:
    """A measured change: what was promised, measured, claimed and signed."""

    idea: Idea
    change: Implementation
    promise: Commitment
    metric: Metric
    baseline: Baseline
    department: Department
    run: AnalysisRun | None
    guardrails: tuple[GuardrailRow, ...]
    chart: ImpactChart
    lines: Sequence[BenefitLine]
    signatures: tuple[SignedRow, ...]
    credit: tuple[CreditRow, ...]
    faces: dict[int, Face]
    is_pending: bool
    rights: Rights

    @property
    def effect(self) -> JsonObject:
        """The change with its interval; every figure None before there is enough data."""
        none: JsonObject = dict.fromkeys(("estimate", "ci_low", "ci_high", "relative"))
        return self.run.result["effect"] if self.run else none

    @property
    def verdict(self) -> Verdict:
        """What the newest analysis says."""
        return _verdict(self.run)

    @property
    def sums(self) -> dict[BenefitKind, Benefit]:
        """The sum of each kind with more than one line; kinds are never added."""
        kinds = [line.kind for line in self.lines]
        benefits = [
            Benefit(line.kind, line.low_minor, line.mid_minor, line.high_minor)
            for line in self.lines
        ]
        return {kind: sum_ for kind, sum_ in totals(benefits).items() if kinds.count(kind) > 1}


_CASE = (
    select(Implementation, Commitment, Metric, Baseline, Department, AnalysisRun)
    .join(Commitment, Commitment.id == Implementation.commitment_id)
    .join(Metric, Metric.id == Commitment.metric_id)
    .join(Baseline, Baseline.id == Commitment.baseline_id)
    .join(Department, Department.id == bindparam("department_id"))
    .outerjoin(
        AnalysisRun,
        and_(
            AnalysisRun.implementation_id == Implementation.id,
            AnalysisRun.is_latest,
            AnalysisRun.is_guardrail.is_(False),
        ),
    )
    .where(Implementation.idea_id == bindparam("idea_id"))
    .order_by(Implementation.id.desc())
    .limit(1)
)
_GUARDRAILS = (
    select(Metric, Baseline.mean, AnalysisRun.verdict, AnalysisRun.result)
    .select_from(Guardrail)
    .join(Metric, Metric.id == Guardrail.metric_id)
    .outerjoin(Baseline, Baseline.id == Guardrail.baseline_id)
    .outerjoin(
        AnalysisRun,
        and_(
            AnalysisRun.implementation_id == bindparam("implementation_id"),
            AnalysisRun.metric_id == Guardrail.metric_id,
            AnalysisRun.is_latest,
            AnalysisRun.is_guardrail,
        ),
    )
    .where(Guardrail.commitment_id == bindparam("commitment_id"))
    .order_by(Metric.name, Metric.id)
)
_Home = aliased(Department, name="home")
_SIGNATURES = (
    select(Validation, Person.id, Person.name, Person.hue, _Home.name.label("home"))
    .join(Person, Person.id == Validation.signed_by_id)
    .outerjoin(_Home, _Home.id == Person.home_department_id)
    .where(Validation.idea_id == bindparam("idea_id"))
    .order_by(Validation.id.desc())
)


def get_case(actor: Actor, number: int) -> Case:
    """The measured change of an idea; raises NotFound where nothing is measured (for them)."""
    idea = get_visible_idea(actor, number)
    values = {"idea_id": idea.id, "department_id": idea.owner_department_id}
    row = session().execute(_CASE, values).first()
    if row is None:
        raise NotFound(_("Nothing is measured for this idea."))
    change, promise, run = row.Implementation, row.Commitment, row.AnalysisRun
    guardrails = _list_guardrails(change.id, promise.id)
    lines, credit = list_lines(idea.id), tuple(list_credit(idea.id))
    verdicts = tuple(guardrail.verdict for guardrail in guardrails)
    people = (idea.handler_id, promise.person_id, *(line.claimed_by_id for line in lines))
    return Case(
        idea=idea,
        change=change,
        promise=promise,
        metric=row.Metric,
        baseline=row.Baseline,
        department=row.Department,
        run=run,
        guardrails=guardrails,
        chart=draw(
            row.Metric,
            row.Baseline,
            list_points(row.Metric.id),
            go_live_on=change.go_live_on,
            today=today(),
            result=run.result if run else None,
        ),
        lines=lines,
        signatures=_list_signatures(idea.id),
        credit=credit,
        faces=list_faces(people),
        is_pending=is_being_analysed(change.id),
        rights=Rights(
            can_claim=policies.can_claim(actor, idea) and _verdict(run) is Verdict.IMPROVED,
            can_ask=policies.can_ask(actor, idea),
            signing=_signing(actor, idea, row.Department, lines, credit),
            why_not_approve=policies.why_not_approve(_verdict(run), verdicts),
            signable=policies.signable(_verdict(run), verdicts) if run else frozenset(),
        ),
    )


def _verdict(run: AnalysisRun | None) -> Verdict:
    return Verdict(run.verdict) if run else Verdict.NOT_ENOUGH_DATA


def _signing(
    actor: Actor,
    idea: Idea,
    department: Department,
    lines: Sequence[BenefitLine],
    credit: Sequence[CreditRow],
) -> Signing:
    if idea.state is not State.MEASURING or not policies.is_validator(actor, department.id):
        return Signing(is_validator=False, why_not=None)
    ties = Ties(
        owner_department_id=department.id,
        owner_path=department.path,
        home_path=find_path(actor.home_department_id),
        authors=list_author_ids(idea.id),
        credited=frozenset(row.person.id for row in credit),
        claimants=frozenset(line.claimed_by_id for line in lines),
    )
    return Signing(is_validator=True, why_not=policies.why_not_sign(actor, ties))


def _list_guardrails(implementation_id: int, commitment_id: int) -> tuple[GuardrailRow, ...]:
    values = {"implementation_id": implementation_id, "commitment_id": commitment_id}
    return tuple(_guardrail(row) for row in session().execute(_GUARDRAILS, values))


def _guardrail(row: Row[*tuple[Any, ...]]) -> GuardrailRow:
    effect = row.result["effect"] if row.result else {}
    return GuardrailRow(
        name=row.Metric.name,
        unit=row.Metric.unit,
        decimals=row.Metric.decimals,
        mean=row.mean,
        verdict=Verdict(row.verdict or Verdict.NOT_ENOUGH_DATA),
        estimate=effect.get("estimate"),
        ci_low=effect.get("ci_low"),
        ci_high=effect.get("ci_high"),
    )


def _list_signatures(idea_id: int) -> tuple[SignedRow, ...]:
    rows = session().execute(_SIGNATURES, {"idea_id": idea_id})
    return tuple(SignedRow(r.Validation, Face(r.id, r.name, r.hue), r.home) for r in rows)
