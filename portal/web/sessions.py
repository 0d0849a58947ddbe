"""Sessions: a signed cookie for a stranger, an opaque id for somebody signed in.

Flask's own cookie session keeps working after sign-out when it was copied; here the cookie
of a signed-in browser is a random id whose row can be ended.  Flask-Login and Flask-WTF see
an ordinary session: its CSRF token is derived from the id, so nothing needs to be stored.
"""

import hashlib
import hmac
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, cast

from flask import Flask, Request, Response, current_app, g
from flask import session as flask_session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadSignature, URLSafeTimedSerializer

SIGNED_IN = "s."
STRANGER = "a."
TOASTS = "toasts"
Toast = str | dict[str, str]
STRANGER_LIFE_SECONDS = 12 * 3600


class PortalSession(SecureCookieSession):
    """A session with the opaque id of a signed-in browser, if it is one."""

    def __init__(self, initial: Any = None, token: str | None = None) -> None:
        super().__init__(initial)
        self.token = token
        self.began = False
        self.was_closed = False
        self.toasts: list[tuple[str, Toast]] = []


class SessionInterface(SecureCookieSessionInterface):
    """Opens and saves :class:`PortalSession`."""

    def open_session(self, app: Flask, request: Request) -> PortalSession:
        """Read the cookie; whether the id is alive is found out when the person is loaded."""
        value = request.cookies.get(self.get_cookie_name(app), "")
        if value.startswith(SIGNED_IN):
            session = signed_in_session(app, value.removeprefix(SIGNED_IN))
            session.toasts = self._read_toasts(app, request)
            if session.toasts:
                session["_flashes"] = session.toasts
            return session
        if value.startswith(STRANGER):
            with suppress(BadSignature):
                payload = value.removeprefix(STRANGER)
                return PortalSession(self._signer(app).loads(payload, STRANGER_LIFE_SECONDS))
        return PortalSession()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Set or expire the cookie where something changed."""
        assert isinstance(session, PortalSession)
        name = self.get_cookie_name(app)
        options: dict[str, Any] = {
            "path": "/",
            "httponly": True,
            "secure": self.get_cookie_secure(app),
            "samesite": "Lax",
        }
        response.vary.add("Cookie")
        if session.was_closed:
            response.delete_cookie(name, **options)
        elif session.token:
            if session.began:
                response.set_cookie(name, SIGNED_IN + session.token, **options)
            self._keep_toasts(app, session, response, options)
        elif session.modified and session:
            value = self._signer(app).dumps(dict(session))
            response.set_cookie(name, STRANGER + str(value), **options)

    def _signer(self, app: Flask) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="stranger")

    def _toast_signer(self, app: Flask) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="toasts")

    def _read_toasts(self, app: Flask, request: Request) -> list[tuple[str, Toast]]:
        """Short messages that wait for the next page travel in a cookie, not in the row."""
        value = request.cookies.get(TOASTS)
        if not value:
            return []
        try:
            found = self._toast_signer(app).loads(value, max_age=60)
        except BadSignature:
            return []
        return [(str(kind), _read_message(message)) for kind, message in found]

    def _keep_toasts(
        self, app: Flask, session: PortalSession, response: Response, options: dict[str, Any]
    ) -> None:
        waiting = session.get("_flashes", [])
        if waiting and waiting != session.toasts:
            signed = self._toast_signer(app).dumps(waiting)
            response.set_cookie(TOASTS, str(signed), max_age=60, **options)
        elif session.toasts and not waiting:
            response.delete_cookie(TOASTS, **options)


def _read_message(message: Any) -> Toast:
    """A sentence, or one with the address of the POST that takes back what it tells of."""
    if isinstance(message, Mapping):
        return {name: str(message[name]) for name in ("text", "undo")}
    return str(message)


def signed_in_session(app: Flask, token: str) -> PortalSession:
    """The session of an opaque id, with its derived CSRF token; not marked as modified."""
    secret = str(app.config["SECRET_KEY"]).encode()
    csrf = hmac.new(secret, b"csrf:" + token.encode(), hashlib.sha256).hexdigest()
    return PortalSession({"csrf_token": csrf}, token=token)


def begin_session(token: str) -> None:
    """Put a session's new id into the answer; whatever this browser had before is gone."""
    session = current_session()
    session.clear()
    session.update(signed_in_session(current_app, token))
    session.token, session.began, session.was_closed = token, True, False
    g.pop("csrf_token", None)


def leave_session() -> None:
    """Make this browser a stranger's again, with nothing kept."""
    session = current_session()
    session.clear()
    session.token = None
    g.pop("csrf_token", None)


def current_session() -> PortalSession:
    """This request's session."""
    return cast(PortalSession, flask_session)
