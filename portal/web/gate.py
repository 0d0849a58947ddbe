"""The gate in front of every view: same-site writes with a token, and clean input."""

from urllib.parse import unquote_to_bytes, urlsplit

from flask import Flask, abort, current_app, g, request, session
from flask_wtf.csrf import validate_csrf
from werkzeug.exceptions import Forbidden, RequestEntityTooLarge, UnsupportedMediaType
from wtforms.validators import ValidationError

from portal.i18n import gettext as _
from portal.web.access import SAFE, Csrf, current_declaration
from portal.web.strict_json import FORBIDDEN, InputRefused

MAX_QUERY = 2000
MAX_FIELDS = 1000
"""How many fields a form or a query may have; ours have fewer than two hundred."""

URLENCODED = "application/x-www-form-urlencoded"
FORMS = frozenset({URLENCODED, "multipart/form-data"})
TAKES_JSON = {
    "operations.csp_report": frozenset(
        {"application/json", "application/csp-report", "application/reports+json"}
    )
}
"""The routes that take JSON, and what it may call itself; all others take forms alone."""


def init_gate(app: Flask) -> None:
    """Check every request before its view."""
    app.before_request(check_input)
    app.before_request(check_origin)


def check_input() -> None:
    """Refuse, by field name, what cannot be kept: wrong encodings, control characters, too much."""
    _check_address()
    if request.method not in SAFE:
        _check_body()
    for source in (request.args, request.form, request.files):
        for name in source:
            _check(name, name)
    for source in (request.args, request.form):
        for name, values in source.lists():
            for value in values:
                _check(name, value)


def _check_address() -> None:
    if len(request.query_string) > MAX_QUERY:
        raise InputRefused(_("The address is too long."))
    path = request.environ.get("PATH_INFO", "").encode("latin-1", "replace")
    for part in (path, unquote_to_bytes(request.query_string)):
        if not _is_utf8(part):
            raise InputRefused(_("The address is not text in UTF-8."))
    if FORBIDDEN.search(request.path):
        raise InputRefused(_("The address holds a character that cannot be kept."))


def _check_body() -> None:
    kind, charset = request.mimetype, request.mimetype_params.get("charset", "utf-8")
    is_empty = not kind and not request.content_length
    if not (is_empty or kind in TAKES_JSON.get(request.endpoint or "", FORMS)):
        raise UnsupportedMediaType(_("This address takes forms, and nothing else was read."))
    if charset.casefold() not in {"utf-8", "us-ascii"}:
        raise UnsupportedMediaType(_("Text is taken in UTF-8 alone."))
    if kind == URLENCODED:
        request.max_content_length = current_app.config["MAX_FORM_MEMORY_SIZE"]
        raw = request.get_data()
        if raw.count(b"&") >= MAX_FIELDS:
            raise RequestEntityTooLarge(_("A form has %(n)s fields at most.", n=MAX_FIELDS))
        if not _is_utf8(unquote_to_bytes(raw)):
            raise InputRefused(_("This is not text in UTF-8."))


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _check(name: str, value: str) -> None:
    if FORBIDDEN.search(value):
        shown = FORBIDDEN.sub("?", name)[:60]
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


def _netloc(value: str) -> str | None:
    try:
        parts = urlsplit(value)
    except ValueError:
        return None
    return f"{parts.scheme}://{parts.netloc}"


def _own_netlocs() -> set[str]:
    return {current_app.config["PUBLIC_URL"], *current_app.config["LOOPBACK_URLS"]}
