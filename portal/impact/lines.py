"""Benefit lines: what a change is worth in a year, priced from its newest analysis."""

from sqlalchemy import select

from portal.database import lock_row, session
from portal.delivery.models import Commitment, Implementation
from portal.errors import RuleBroken
from portal.i18n import gettext as _
from portal.impact.models import AnalysisRun, BenefitKind, BenefitLine
from portal.impact.money import Benefit, RateChange, yearly_benefit
from portal.impact.parts import part_of
from portal.impact.queries import get_claimed_share, list_lines
from portal.impact.readings import MEASURED_WEEKS
from portal.metrics.baselines import WEEK
from portal.metrics.models import Baseline, Metric

SIGNED_KINDS = frozenset({BenefitKind.HARD, BenefitKind.SOFT})
"""What a signature covers; an estimate was not measured, so nobody signs it."""

_SLACK = 1e-9


def add_line(
    run: AnalysisRun,
    *,
    kind: BenefitKind,
    label: str,
    evidence: str | None,
    share_percent: int,
    commitment: Commitment,
    claimed_by_id: int,
) -> BenefitLine:
    """A new line for a share of the measured change, priced from its analysis.

    Change and running costs are charged once per kind, to its first line, because kinds are
    never added.  Raises RuleBroken where the baseline froze no price, and on
    ``share_percent`` where more would be claimed than was measured.
    """
    baseline = session().get_one(Baseline, run.baseline_id)
    exposure, cost = baseline.yearly_exposure, baseline.unit_cost_minor
    if exposure is None or cost is None:
        raise RuleBroken(
            _("The baseline froze no cost of a contact, so the change has no price in money.")
        )
    _check_pool(run, share_percent)
    is_first = all(line.kind is not kind for line in list_lines(run.idea_id))
    line = BenefitLine(
        idea_id=run.idea_id,
        kind=kind,
        label=label,
        evidence=evidence,
        yearly_exposure=exposure * share_percent / 100,
        unit_cost_minor=cost,
        investment_minor=commitment.investment_minor if is_first else 0,
        running_minor=commitment.running_minor if is_first else 0,
        claimed_by_id=claimed_by_id,
    )
    _price(line, run)
    return line


def _check_pool(run: AnalysisRun, share_percent: int) -> None:
    """All claims on one metric and window together take at most the whole measured change."""
    if not 1 <= share_percent <= 100:
        raise RuleBroken(_("A share is 1 to 100 percent."), field="share_percent")
    session().execute(lock_row(select(Metric.id).where(Metric.id == run.metric_id)))
    change = session().get_one(Implementation, run.implementation_id)
    window = MEASURED_WEEKS * WEEK
    claimed = get_claimed_share(
        run.metric_id, change.go_live_on - window, change.go_live_on + window
    )
    if claimed + share_percent / 100 > 1 + _SLACK:
        raise RuleBroken(
            _(
                "%(left)s in 100 of the measured change are left to claim.",
                left=max(0, int((1 - claimed) * 100 + _SLACK)),
            ),
            field="share_percent",
        )


def price_lines(idea_id: int, run: AnalysisRun) -> None:
    """Price the unsigned lines of an idea anew, where the analysis found a change."""
    if run.result["effect"]["estimate"] is None:
        return
    for line in list_lines(idea_id):
        if not line.is_validated and line.analysis_id != run.id:
            _price(line, run)
    session().flush()


def _price(line: BenefitLine, run: AnalysisRun) -> None:
    effect = run.result["effect"]
    benefit = yearly_benefit(
        RateChange(effect["estimate"], effect["ci_low"], effect["ci_high"]),
        kind=line.kind,
        exposure=line.yearly_exposure,
        unit_cost_minor=line.unit_cost_minor,
        better=session().get_one(Metric, run.metric_id).direction.value,
        investment_minor=line.investment_minor,
        running_cost_minor=line.running_minor,
    )
    line.analysis_id = run.id
    line.low_minor, line.mid_minor, line.high_minor = benefit.low, benefit.mid, benefit.high


def sign_lines(idea_id: int, share_percent: int) -> Benefit | None:
    """Mark measured lines as signed, cut to the approved share; the sum of the hard ones."""
    total: Benefit | None = None
    for line in list_lines(idea_id):
        if line.kind not in SIGNED_KINDS:
            continue
        line.low_minor = part_of(line.low_minor, share_percent)
        line.mid_minor = part_of(line.mid_minor, share_percent)
        line.high_minor = part_of(line.high_minor, share_percent)
        line.is_validated = True
        if line.kind is BenefitKind.HARD:
            signed = Benefit(line.kind, line.low_minor, line.mid_minor, line.high_minor)
            total = signed if total is None else total + signed
    session().flush()
    return total
