"""The words of triage in the reader's language; nothing keys on them."""

from portal.i18n import gettext as _
from portal.triage.lists import View
from portal.triage.models import Confidence, DecisionKind, DeclineReason, Effort


def decline_label(reason: DeclineReason | str) -> str:
    """Why not, in a few words."""
    return {
        DeclineReason.NOT_NOW: _("Not now"),
        DeclineReason.COST: _("Costs more than it saves"),
        DeclineReason.TOO_FEW: _("Too few cases"),
        DeclineReason.SYSTEM: _("Our systems cannot do it"),
        DeclineReason.LAW: _("The law forbids it"),
        DeclineReason.PRIVACY: _("Privacy forbids it"),
        DeclineReason.RISK: _("Too risky"),
        DeclineReason.ALREADY_PLANNED: _("Planned already"),
        DeclineReason.ALREADY_THERE: _("Exists already"),
        DeclineReason.OTHER_WAY: _("We mend it another way"),
        DeclineReason.CUSTOMERS_DIFFER: _("Customers see it differently"),
        DeclineReason.HARMS_OTHERS: _("It would hurt others"),
        DeclineReason.NOT_OURS: _("Not ours to change"),
        DeclineReason.TOO_UNCLEAR: _("Not clear enough"),
    }[DeclineReason(reason)]


def decision_label(kind: DecisionKind) -> str:
    """What was decided, as it stands on the signed decision."""
    return {
        DecisionKind.ACCEPT: _("Accepted"),
        DecisionKind.ASK: _("Asked"),
        DecisionKind.DECLINE: _("Not now"),
        DecisionKind.DEFER: _("Put off"),
        DecisionKind.ACCEPT_COST: _("Cost accepted"),
        DecisionKind.POINT_OUT: _("Exists already"),
        DecisionKind.TEST: _("To be tried"),
        DecisionKind.STOP: _("Stopped, and what was learned"),
        DecisionKind.VETO: _("Not tried yet"),
        DecisionKind.MERGE: _("Joined to another"),
    }[kind]


def step_label(step: str) -> str:
    """What was done with an idea in a sitting, by the word of the step."""
    return {
        "accept": _("Accepted"),
        "ask": _("Asked"),
        "decline": _("Declined"),
        "defer": _("Put off"),
        "cost": _("Cost accepted"),
        "exists": _("Exists already"),
        "test": _("To be tried"),
        "stop": _("Stopped"),
        "veto": _("Vetoed"),
        "transfer": _("Handed on"),
        "return": _("Given back"),
        "merge": _("Joined to another"),
    }[step]


def view_label(view: View) -> str:
    """A view of the inbox, as it stands in the row of filters."""
    return {
        View.DECIDE: _("To decide"),
        View.UNANSWERED: _("Unanswered"),
        View.AUTHOR: _("With author"),
        View.HANDED: _("Handed to us"),
        View.COMMIT: _("To promise"),
        View.OVERDUE: _("Overdue"),
        View.MINE: _("Waits on me"),
        View.APPEALED: _("Appealed"),
        View.TESTING: _("Being tried"),
        View.VETO: _("To veto"),
    }[view]


def effort_label(effort: Effort) -> str:
    """How much work, as a band."""
    return {
        Effort.HOURS: _("hours"),
        Effort.DAYS: _("days"),
        Effort.WEEKS: _("weeks"),
        Effort.MONTHS: _("months"),
    }[effort]


def confidence_label(confidence: Confidence) -> str:
    """How sure."""
    return {
        Confidence.GUESS: _("a guess"),
        Confidence.FAIRLY: _("fairly sure"),
        Confidence.SURE: _("sure"),
    }[confidence]
