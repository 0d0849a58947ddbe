"""How a head's department stands at a glance: what ages, and whether promises are kept."""

from typing import Any

from flask import url_for

from portal.actor import Actor, Capability
from portal.delivery.board import Scope, count_overdue
from portal.i18n import current_zone
from portal.i18n import gettext as _
from portal.now import today
from portal.triage.lists import Look, View, count_inbox_by_view
from portal.triage.load import get_load, say_load


def get_desk(actor: Actor) -> list[dict[str, Any]]:
    """Tiles for whoever decides for a department, each leading to the list that it counts.

    Every number is counted as its list counts it, so that they agree; nobody else gets any.
    """
    if not actor.can(Capability.TRIAGE):
        return []
    counts = count_inbox_by_view(actor)
    late = count_overdue(actor, today(current_zone()), Scope.OURS)
    tiles = [
        (_("To decide"), counts.of(Look.of(View.DECIDE)), _triage(View.DECIDE)),
        (_("Past their clock"), counts.of(Look.of(View.OVERDUE)), _triage(View.OVERDUE)),
        (_("Yes said, no date yet"), counts.of(Look.of(View.COMMIT)), _triage(View.COMMIT)),
        (
            _("Promises over their day"),
            late,
            url_for("delivery.index", scope=Scope.OURS.value, overdue="1"),
        ),
    ]
    shown = [{"label": label, "value": str(count), "url": url} for label, count, url in tiles]
    shown[0]["note"] = say_load(get_load(actor))
    return shown


def _triage(view: View) -> str:
    return url_for("triage.index", view=view)
