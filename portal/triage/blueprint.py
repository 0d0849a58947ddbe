"""The blueprint of triage, which every module of its pages adds to, and what they share."""

from flask import Blueprint, request

from portal.triage.lists import Look

triage = Blueprint("triage", __name__)


def chosen_view() -> Look:
    """The part of the inbox that the address asks for."""
    return Look.read(request.args.get("view", ""))
