"""The words for tracks and parts of credit; nothing keys on them."""

from portal.delivery.models import CreditRole, Track
from portal.i18n import gettext as _
from portal.i18n import ngettext
from portal.metrics.baselines import LEAST, NORMAL
from portal.metrics.queries import MetricChoice


def track_label(track: Track) -> str:
    """How much proof a change gets."""
    return {
        Track.QUICK: _("Quick: small and reversible, no measurement"),
        Track.MEASURED: _("Measured: a baseline is locked now, a verdict follows"),
    }[track]


def role_label(role: CreditRole) -> str:
    """What a part of the credit is for."""
    return {
        CreditRole.ORIGINATOR: _("had the idea"),
        CreditRole.DEVELOPER: _("shaped it"),
        CreditRole.IMPLEMENTER: _("builds it"),
    }[role]


def choice_label(choice: MetricChoice) -> str:
    """A metric in a form, with what its weeks are good for."""
    weeks = ngettext("%(n)s week", "%(n)s weeks", choice.weeks)
    if choice.weeks < LEAST:
        weeks = _("%(weeks)s: too few for a baseline", weeks=weeks)
    elif choice.weeks < NORMAL:
        weeks = _("%(weeks)s: the verdict can be no better than C", weeks=weeks)
    return f"{choice.name} ({weeks})"
