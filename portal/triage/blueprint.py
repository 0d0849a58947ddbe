"""The blueprint of triage, which every module of its pages adds to, and what they share."""

from flask import Blueprint, request

from portal.triage.lists import View

triage = Blueprint("triage", __name__)


def chosen_view() -> View:
    """The part of the inbox that the address asks for."""
    chosen = request.args.get("view", "")
    return View(chosen) if chosen in list(View) else View.DECIDE
