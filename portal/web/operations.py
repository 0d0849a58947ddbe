"""Addresses for machines: is it alive, is it ready, what did the browser refuse."""

import logging
from time import monotonic

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from portal.database import session
from portal.web import reports
from portal.web.access import NOTHING, Csrf, public
from portal.web.rates import Rate
from portal.web.strict_json import parse_json

operations = Blueprint("operations", __name__)
_log = logging.getLogger(__name__)
_noted = reports.Allowance(60)

MAX_REPORT = 16_000


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
    """A browser refused something on one of our pages: noted without what was in the address."""
    request.max_content_length = MAX_REPORT
    for report in reports.read_reports(parse_json(request.get_data())):
        if _noted.may_note(monotonic()):
            _log.warning("csp report", extra=report)
    return "", 204
