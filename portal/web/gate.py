"""The gate in front of every view: same-site writes with a token, and clean input."""

import re
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, g, request, session
from flask_wtf.csrf import validate_csrf
from werkzeug.exceptions import BadRequest, Forbidden
from wtforms.validators import ValidationError

from portal.i18n import gettext as _
from portal.web.access import SAFE, Csrf, current_declaration

MAX_QUERY = 2000

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class InputRefused(BadRequest):
    """Input that no honest browser sends; the description names the field."""


def init_gate(app: Flask) -> None:
    """Check every request before its view."""
    app.before_request(check_input)
    app.before_request(check_origin)


def check_input() -> None:
    """Refuse control characters, lone surrogates, endless queries and forms, by field name."""
    if request.mimetype == "application/x-www-form-urlencoded":
        request.max_content_length = current_app.config["MAX_FORM_MEMORY_SIZE"]
    if len(request.query_string) > MAX_QUERY:
        raise InputRefused(_("The address is too long."))
    if _FORBIDDEN.search(request.path):
        raise InputRefused(_("The address holds a character that cannot be kept."))
    for source in (request.args, request.form, request.files):
        for name in source:
            _check(name, name)
    for source in (request.args, request.form):
        for name, values in source.lists():
            for value in values:
                _check(name, value)


def _check(name: str, value: str) -> None:
    if _FORBIDDEN.search(value):
        shown = _FORBIDDEN.sub("?", name)[:60]
        raise InputRefused(
            _("The field %(name)s holds a character that cannot be kept.", name=shown)
        )


def check_origin() -> None:
    """Refuse a write that another site caused, or one without this session's token."""
    says = current_declaration()
    if request.method in SAFE or says is None or says.csrf is Csrf.NONE:
        return
    if not _is_same_origin():
        raise Forbidden(_("This was sent from another site, so nothing was done."))
    token = request.headers.get("X-CSRFToken") or request.form.get("csrf_token", "")
    try:
        validate_csrf(token)
        g.csrf_valid = True
    except ValidationError:
        if getattr(session, "token", None) is None and session.get("csrf_token") is None:
            abort(401)
        raise Forbidden(
            _("This page was open too long. Load it again, then send once more.")
        ) from None


def _is_same_origin() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    for header in ("Origin", "Referer"):
        value = request.headers.get(header)
        if value:
            return _netloc(value) in _own_netlocs()
    return False


def _netloc(value: str) -> str:
    parts = urlsplit(value)
    return f"{parts.scheme}://{parts.netloc}"


def _own_netlocs() -> set[str]:
    return {current_app.config["PUBLIC_URL"], *current_app.config["LOOPBACK_URLS"]}
