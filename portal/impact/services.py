"""Claiming what a change is worth, and signing what it did."""

from uuid import uuid4

from portal.actor import Actor
from portal.audit.services import record
from portal.database import session
from portal.delivery.queries import get_commitment, get_implementation
from portal.delivery.terms import checked_sentence
from portal.errors import Conflict, NotAllowed, RuleBroken
from portal.events import publish
from portal.i18n import gettext as _
from portal.ideas.lifecycle import State
from portal.ideas.models import Idea
from portal.ideas.queries import lock_idea
from portal.ideas.services import SUBJECT
from portal.impact import policies
from portal.impact.analyses import ask_validator
from portal.impact.consequences import CONSEQUENCES
from portal.impact.events import BenefitClaimed
from portal.impact.lines import add_line
from portal.impact.models import (
    AnalysisRun,
    BenefitKind,
    BenefitLine,
    Outcome,
    Validation,
)
from portal.impact.queries import ANALYSE, get_ties, is_being_analysed, list_latest, list_lines
from portal.impact.verdicts import Verdict
from portal.jobs.services import enqueue
from portal.masking import mask
from portal.now import now, today
from portal.text import one_line

LEAST_SENTENCE = 20
LEAST_EVIDENCE = 10
MAX_LABEL = 160


def claim_benefit(
    actor: Actor,
    idea: Idea,
    *,
    kind: BenefitKind,
    label: str,
    evidence: str = "",
    share_percent: int = 100,
) -> BenefitLine:
    """Say what a share of the measured change is worth in a year, for the department.

    Low, mid and high come from the newest analysis, the frozen exposure and cost of a
    contact, and the costs that were promised; they follow later analyses until somebody signs.
    The same kind and label again is the same claim.  A claim hands a returned case back to a
    validator.

    Raises
    ------
    NotAllowed
        For those who do not deliver for the department.
    Conflict
        If the idea is not being measured any more.
    RuleBroken
        Without a measured improvement; on ``label``; on ``evidence`` where a hard benefit cites
        no line that moved; on ``share_percent`` where more is claimed than was measured.
    """
    lock_idea(idea.id)
    session().refresh(idea)
    _require_measuring(idea)
    policies.can_claim.require(actor, idea)
    primary = _get_primary(idea.id)
    if primary.verdict != Verdict.IMPROVED:
        raise RuleBroken(_("There is no measured improvement yet, so nothing can be claimed."))
    label = _checked_label(label)
    known = next((ln for ln in list_lines(idea.id) if (ln.kind, ln.label) == (kind, label)), None)
    if known is not None:
        return known
    line = add_line(
        primary,
        kind=kind,
        label=label,
        evidence=_checked_evidence(evidence, is_needed=kind is BenefitKind.HARD),
        share_percent=share_percent,
        commitment=get_commitment(idea.id),
        claimed_by_id=actor.id or 0,
    )
    line.created_at = now()
    session().add(line)
    session().flush()
    record(
        actor, "benefit.claimed", SUBJECT, idea.id, line_id=line.id, kind=kind, low=line.low_minor
    )
    publish(BenefitClaimed(idea.id, line.id))
    ask_validator(idea, primary)
    return line


def _require_measuring(idea: Idea) -> None:
    if idea.state is not State.MEASURING:
        raise Conflict(_("This idea is not being measured: it was signed already, or never was."))


def _get_primary(idea_id: int) -> AnalysisRun:
    latest = list_latest(idea_id)
    if not latest or latest[0].is_guardrail:
        raise RuleBroken(_("Nothing has been analysed yet."))
    return latest[0]


def _checked_label(label: str) -> str:
    label = mask(one_line(label)).text
    if not label or len(label) > MAX_LABEL:
        raise RuleBroken(_("This needs 1 to %(n)s characters.", n=MAX_LABEL), field="label")
    return label


def _checked_evidence(text: str, *, is_needed: bool) -> str | None:
    if not is_needed and not text.strip():
        return None
    if len(text.strip()) < LEAST_EVIDENCE:
        raise RuleBroken(
            _("Hard money needs the budget, invoice, volume or headcount line that moved."),
            field="evidence",
        )
    return checked_sentence(text, "evidence", least=LEAST_EVIDENCE)


def validate_idea(
    actor: Actor,
    idea: Idea,
    *,
    outcome: Outcome,
    sentence: str,
    analysis_id: int,
    evidence: str = "",
    share_percent: int | None = None,
) -> Validation:
    """Sign what a change did, from outside the department.

    Approving, in full or in part (``share_percent``), freezes the split of credit, signs the
    benefit lines and gives everybody their part of the hard ones.  Not proven ends the
    measuring; harmful asks whoever promised the change to take it back; returned gives them
    the case with the reason.  ``analysis_id`` names what the validator read.

    Raises
    ------
    NotAllowed
        For those whom :func:`policies.why_not_sign` names, with its sentence.
    Conflict
        If the idea is not being measured any more, or newer points were analysed meanwhile.
    RuleBroken
        On ``outcome`` where the evidence does not carry it, on ``sentence``, on ``evidence``
        where hard money is approved without the line that moved, on ``share_percent``.
    """
    lock_idea(idea.id)
    session().refresh(idea)
    _require_measuring(idea)
    if why := policies.why_not_sign(actor, get_ties(idea.id, actor.home_department_id)):
        raise NotAllowed(why)
    primary = _get_primary(idea.id)
    if primary.id != analysis_id:
        raise Conflict(_("Newer points were analysed meanwhile. Read the new verdict first."))
    _check_outcome(idea.id, outcome)
    approves = outcome in policies.APPROVING
    is_hard = any(line.kind is BenefitKind.HARD for line in list_lines(idea.id))
    validation = Validation(
        idea_id=idea.id,
        analysis_id=primary.id,
        outcome=outcome,
        sentence=checked_sentence(sentence, "sentence", least=LEAST_SENTENCE),
        evidence=_checked_evidence(evidence, is_needed=approves and is_hard),
        share_percent=_checked_share(outcome, share_percent),
        department_id=idea.owner_department_id,
        signed_by_id=actor.id,
        signed_at=now(),
        validated_on=today(),
    )
    session().add(validation)
    session().flush()
    record(actor, "validation.signed", SUBJECT, idea.id, outcome=outcome, analysis_id=primary.id)
    CONSEQUENCES[outcome](actor, idea, validation, primary)
    return validation


def _check_outcome(idea_id: int, outcome: Outcome) -> None:
    primary, *others = (Verdict(run.verdict) for run in list_latest(idea_id))
    if outcome in policies.signable(primary, others):
        return
    why = policies.why_not_approve(primary, others) if outcome in policies.APPROVING else None
    if why is None and outcome is Outcome.HARMFUL:
        why = _("Nothing that is measured got worse, so this cannot be signed as harmful.")
    raise RuleBroken(why or _("It is too early to sign this."), field="outcome")


def _checked_share(outcome: Outcome, share_percent: int | None) -> int:
    if outcome is Outcome.APPROVED:
        return 100
    if outcome is not Outcome.IN_PART:
        return 0
    if share_percent is None or not 1 <= share_percent <= 99:
        raise RuleBroken(
            _("Say how much of it you approve, from 1 to 99 percent."), field="share_percent"
        )
    return share_percent


def ask_for_analysis(actor: Actor, idea: Idea) -> None:
    """Have the change analysed again by the worker; one request at a time is enough.

    Raises NotAllowed for those who neither deliver, measure nor validate for the department,
    NotFound before the change is live.
    """
    policies.can_ask.require(actor, idea)
    change = get_implementation(idea.id)
    record(actor, "analysis.asked", SUBJECT, idea.id)
    if not is_being_analysed(change.id):
        payload = {"implementation_id": change.id}
        enqueue(ANALYSE, payload, key=f"{ANALYSE}:{change.id}:asked:{uuid4()}")
