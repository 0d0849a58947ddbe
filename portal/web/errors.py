"""Every refusal and fault becomes one page or one fragment, with a sentence and a way on."""

import logging
import secrets
from urllib.parse import urlsplit

from flask import (
    Flask,
    Response,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DataError, DisconnectionError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from werkzeug.exceptions import HTTPException, InternalServerError, RequestEntityTooLarge

from portal.database import release
from portal.errors import Busy, Conflict, NotAllowed, NotFound, PortalError, RuleBroken
from portal.i18n import gettext as _
from portal.masking import DEFAULT_POLICY, MaskingPolicy, mask
from portal.paging import BadCursor
from portal.web.access import Denied, forget_reader
from portal.web.answers import own_path, wants_fragment
from portal.web.arrivals import RETRY_SECONDS, may_be_in_flight
from portal.web.rates import TooMany
from portal.web.sessions import current_session
from portal.web.watching import note_denied

_log = logging.getLogger(__name__)

STATUS: dict[type[PortalError], int] = {
    NotFound: 404,
    NotAllowed: 403,
    Conflict: 409,
    RuleBroken: 422,
    TooMany: 429,
    Busy: 503,
}
AWAY = (OperationalError, DisconnectionError, NoConnection)
"""What is raised when the database does not answer, or not in time."""
NOT_SHOWN_BACK = frozenset(
    {"csrf_token", "nonce", "code", "version", "action", "reason_code", "to", "track"}
)
"""Secrets, what the program put into the form itself, and choices that only a code stands for."""


def init_errors(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(PortalError, _refused)
    app.register_error_handler(HTTPException, _http)
    for busy in AWAY:
        app.register_error_handler(busy, _unavailable)
    app.register_error_handler(InterfaceError, _cut_off)
    app.register_error_handler(BadCursor, _bad_cursor)
    for unkeepable in (DataError, OverflowError, RecursionError, UnicodeError):
        app.register_error_handler(unkeepable, _unkeepable)
    app.register_error_handler(Exception, _broken)


def _refused(error: PortalError) -> ResponseReturnValue:
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 400)
    if isinstance(error, NotAllowed | Denied):
        note_denied()
    response = answer(status, error.message)
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code == 401:
        return _sign_in_first()
    if error.code is None or error.code < 400:
        return error
    cause = error.original_exception if isinstance(error, InternalServerError) else None
    if isinstance(cause, AWAY):  # raised before a view began, or while another answer was drawn
        return _unavailable(cause)
    own = {
        404: _(
            "There is nothing here that you can see. It may have moved, "
            "or it may not be yours to read."
        ),
        405: _("This address does not take that kind of request."),
        413: _("This is too large: 500 kB of text can be sent at once, and files up to 12 MB."),
    }
    return answer(error.code, own.get(error.code) or error.description or error.name)


def _sign_in_first() -> ResponseReturnValue:
    if request.method in {"GET", "HEAD"} and not wants_fragment():
        back = own_path(request.full_path.rstrip("?"))
        return redirect(url_for("people.sign_in", next=back), code=303)
    return answer(401, _("You were signed out. Sign in, then send this again: it is kept below."))


def _unavailable(error: Exception) -> ResponseReturnValue:
    if may_be_in_flight(error):
        response = answer(
            409, _("This form is still being worked on. Send it again in a moment: it counts once.")
        )
        response.headers["Retry-After"] = str(RETRY_SECONDS)
        return response
    _log.error("database", exc_info=error)
    forget_reader()
    return answer(503, _("The portal is busy. Nothing was lost; try again in a moment."))


def _cut_off(error: InterfaceError) -> ResponseReturnValue:
    return _unavailable(error) if error.connection_invalidated else _broken(error)


def _unkeepable(error: Exception) -> ResponseReturnValue:
    _log.warning("input refused", exc_info=error)
    return answer(400, _("Something in this cannot be kept. Check unusual characters and numbers."))


def _bad_cursor(_error: BadCursor) -> ResponseReturnValue:
    return answer(400, _("This is not a place in the list. Start at its first page."))


def _broken(error: Exception) -> ResponseReturnValue:
    reference = secrets.token_hex(3)
    _log.error("fault", exc_info=error, extra={"reference": reference})
    return answer(
        500,
        _(
            "Something on our side broke. What you typed is safe. Reference %(reference)s.",
            reference=reference,
        ),
    )


def is_shown_back(name: str) -> bool:
    """Whether a field holds words that somebody typed and may read again."""
    return name not in NOT_SHOWN_BACK and "password" not in name and not name.endswith("_code")


def typed_text(policy: MaskingPolicy | None = None) -> list[tuple[str, str]]:
    """What was typed into the form that failed, masked, to be shown back and stored nowhere.

    Without a ``policy``, the stored one holds.
    """
    try:
        typed = request.form
    except RequestEntityTooLarge:
        return []
    return [
        (name, mask(value, policy).text)
        for name, values in typed.lists()
        for value in values
        if is_shown_back(name) and value.strip()
    ]


def _came_from() -> str:
    """The page of ours that the request was sent from, to go back to after signing in."""
    try:
        parts = urlsplit(request.referrer or "")
    except ValueError:
        return "/"
    own = parts.netloc == request.host
    return own_path(f"{parts.path}?{parts.query}".rstrip("?")) if own else "/"


def answer(status: int, message: str) -> Response:
    """The page of a refusal, or its fragment for htmx."""
    release()
    template = "errors/_error.html" if wants_fragment() else "errors/error.html"
    policy = DEFAULT_POLICY if status == 503 else None
    typed = [] if request.method in {"GET", "HEAD"} else typed_text(policy)
    is_known = current_session().token is not None and status != 401
    response = make_response(
        render_template(
            template,
            status=status,
            message=message,
            typed=typed,
            is_known=is_known,
            back=own_path(request.full_path.rstrip("?")),
            came_from=_came_from(),
        ),
        status,
    )
    if status == 503:
        response.headers["Retry-After"] = "5"
    return response
