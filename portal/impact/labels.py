"""The words for verdicts, signatures and kinds of benefit; nothing keys on them."""

from portal.i18n import format_number
from portal.i18n import gettext as _
from portal.impact.models import BenefitKind, Outcome
from portal.impact.verdicts import Verdict


def verdict_label(verdict: Verdict) -> str:
    """What an analysis found, in two words."""
    return {
        Verdict.IMPROVED: _("It worked"),
        Verdict.HARMED: _("Made things worse"),
        Verdict.NOT_PROVEN: _("Not proven"),
        Verdict.NOT_ENOUGH_DATA: _("Too early"),
    }[verdict]


def guardrail_label(verdict: Verdict) -> str:
    """Whether a guardrail held."""
    return {
        Verdict.IMPROVED: _("Held, and better"),
        Verdict.HARMED: _("Got worse"),
        Verdict.NOT_PROVEN: _("Held"),
        Verdict.NOT_ENOUGH_DATA: _("Too early"),
    }[verdict]


def outcome_label(outcome: Outcome) -> str:
    """What was signed, as the head of the signature."""
    return {
        Outcome.APPROVED: _("Signed, in full"),
        Outcome.IN_PART: _("Signed, in part"),
        Outcome.RETURNED: _("Given back"),
        Outcome.NOT_PROVEN: _("Signed: not proven"),
        Outcome.HARMFUL: _("Signed: it did harm"),
    }[outcome]


def choice_label(outcome: Outcome) -> str:
    """What a validator may choose to sign."""
    return {
        Outcome.APPROVED: _("It worked, as claimed"),
        Outcome.IN_PART: _("It worked, but only a part of the benefit is proven"),
        Outcome.NOT_PROVEN: _("Not proven: no effect can be shown"),
        Outcome.HARMFUL: _("It made things worse and has to be taken back"),
        Outcome.RETURNED: _("Give it back with a question; it is not ready to sign"),
    }[outcome]


OUTCOME_TONES = {
    Outcome.APPROVED: "good",
    Outcome.IN_PART: "good",
    Outcome.RETURNED: "warn",
    Outcome.NOT_PROVEN: "none",
    Outcome.HARMFUL: "bad",
}
"""The tone of each signature's card."""


def kind_label(kind: BenefitKind) -> str:
    """How certain money is."""
    return {
        BenefitKind.HARD: _("Hard money"),
        BenefitKind.SOFT: _("Soft: time set free"),
        BenefitKind.ESTIMATE: _("Estimate"),
    }[kind]


def figure(value: float, decimals: int | None = None) -> str:
    """A number with the true minus sign, and never minus zero."""
    if decimals is not None and round(value, decimals) == 0:
        value = 0.0
    return format_number(value, decimals).replace("-", "−")


def percent(value: float) -> str:
    """A percentage with its sign, such as ``−26 %``."""
    return _("%(value)s %%", value=("+" if value > 0 else "") + figure(round(value), 0))
