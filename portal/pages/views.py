"""Pages that show several slices at once."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.actor import Capability
from portal.web.access import requires
from portal.web.answers import page

pages = Blueprint("pages", __name__)


@pages.get("/")
@requires(Capability.READ)
def home() -> ResponseReturnValue:
    """What waits on me, and what became of mine."""
    return page("pages/home.html")
