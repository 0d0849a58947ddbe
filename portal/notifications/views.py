"""The bell's page."""

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from portal.actor import Capability
from portal.database import writing
from portal.i18n import gettext as _
from portal.notifications import queries, services
from portal.web.access import actor, requires
from portal.web.answers import page, see
from portal.web.rates import Rate

notifications = Blueprint("notifications", __name__)

ADDRESSES = {
    "idea": "pages.idea",
    "insight": "insights.insight",
    "redemption": "rewards.redemption",
    "impact": "impact.show",
}


@notifications.get("/notifications")
@requires(Capability.READ)
def index() -> ResponseReturnValue:
    """What the reader was told, newest first."""
    notices = queries.list_notices(actor(), request.args.get("cursor"))
    return page("notifications/index.html", notices=notices, address=address)


@notifications.post("/notifications/read")
@requires(Capability.READ, audit="notices.read", rate=Rate.SUPPORT)
def read_all() -> ResponseReturnValue:
    """Mark everything as read."""
    with writing():
        services.read_all(actor())
    return see(".index", toast=_("All read."))


def address(subject_kind: str, number: int) -> str:
    """Where a message leads."""
    if subject_kind == "seal":
        return url_for("authors.seal", opening_id=number)
    return url_for(ADDRESSES[subject_kind], number=number)
