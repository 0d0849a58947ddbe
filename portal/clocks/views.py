"""Telling the clocks which zone the portal lives in; they have no pages of their own."""

from flask import Blueprint
from flask.blueprints import BlueprintSetupState

from portal.clocks.queries import use_time_zone

clocks = Blueprint("clocks", __name__)


@clocks.record
def take_time_zone(state: BlueprintSetupState) -> None:
    """Departments without a stored calendar work in the portal's own zone."""
    use_time_zone(state.app.extensions["portal"].time_zone)
