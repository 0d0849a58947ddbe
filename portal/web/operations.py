"""Addresses for machines: is it alive, is it ready, what did the browser refuse."""

import logging

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from portal.database import session
from portal.web.access import NOTHING, Csrf, public
from portal.web.rates import Rate

operations = Blueprint("operations", __name__)
_log = logging.getLogger(__name__)


@operations.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """The process answers."""
    return "ok\n", 200, {"Content-Type": "text/plain"}


@operations.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """The database answers too."""
    session().execute(text("SELECT 1"))
    return "ready\n", 200, {"Content-Type": "text/plain"}


@operations.post("/csp-report")
@public(audit=NOTHING, rate=Rate.FREE, csrf=Csrf.NONE)
def csp_report() -> ResponseReturnValue:
    """A browser refused something on one of our pages."""
    _log.warning("csp report: %s", request.get_data(as_text=True)[:2000].replace("\n", " "))
    return "", 204
