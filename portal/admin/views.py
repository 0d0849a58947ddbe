"""The administrators' overview: what needs them, and where things are set."""

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue

from portal.actor import Capability
from portal.admin.checks import list_faults
from portal.admin.queries import count_everything
from portal.database import active
from portal.web.access import requires
from portal.web.answers import page

admin = Blueprint("admin", __name__)


@admin.get("/admin/")
@requires(Capability.ADMINISTER)
def overview() -> ResponseReturnValue:
    """What would go wrong, how much there is, and where to change it."""
    faults = list(list_faults(current_app.extensions["portal"], active()))
    return page("admin/overview.html", faults=faults, counts=count_everything())
