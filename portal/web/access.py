"""Who may open which page: default deny, checked before the app starts."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, request
from flask_login import AnonymousUserMixin, LoginManager, UserMixin, current_user

from portal.actor import Actor, Capability
from portal.errors import NotAllowed, NotFound
from portal.i18n import gettext as _
from portal.web.ports import Ports, Reader
from portal.web.sessions import current_session

V = TypeVar("V", bound=Callable[..., Any])

PUBLIC = "public"


class SignedInUser(UserMixin):
    """What Flask-Login calls a user: the reader behind a session."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.id = reader.id


def requires(capability: Capability) -> Callable[[V], V]:
    """Declare what a view needs; without the capability it answers 404, like what never was.

    A capability held for one department opens the page; what it shows and changes is
    limited by the queries and policies behind it.
    """

    def mark(view: V) -> V:
        vars(view)["access"] = capability
        return view

    return mark


def public(view: V) -> V:
    """Declare that a view is for strangers too."""
    vars(view)["access"] = PUBLIC
    return view


def ports() -> Ports:
    """The ports that the app wired."""
    wired: Ports = current_app.extensions["ports"]
    return wired


def actor() -> Actor:
    """Who is asking."""
    return reader().actor


def reader() -> Reader:
    """The signed-in person; only in views that require a capability."""
    found: Reader = current_user.reader
    return found


def find_reader() -> Reader | None:
    """The signed-in person, or None for a stranger."""
    return current_user.reader if current_user.is_authenticated else None


def check_access() -> None:
    """Before every request: the view's declared need against the actor."""
    if request.endpoint is None:
        return
    need = getattr(current_app.view_functions[request.endpoint], "access", None)
    if need == PUBLIC:
        return
    if not current_user.is_authenticated:
        abort(401)
    if need is None:
        raise NotAllowed(_("This page is not open."))
    if not actor().can(need):
        raise NotFound(_("There is nothing here that you can see."))


def refuse_undeclared(app: Flask) -> None:
    """Stop the start if any route has not said who may open it."""
    undeclared = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if getattr(app.view_functions[rule.endpoint], "access", None) is None
    ]
    if undeclared:
        raise RuntimeError("routes without @requires or @public: " + ", ".join(undeclared))


def init_login(app: Flask) -> None:
    """Let Flask-Login find the person behind the session's id."""
    manager = LoginManager(app)
    manager.session_protection = None
    manager.anonymous_user = AnonymousUserMixin

    @manager.request_loader
    def load(_request: object) -> SignedInUser | None:
        session = current_session()
        token = session.token
        if token is None:
            return None
        found = ports().sessions.load(token)
        if found is None:
            session.was_closed = True
            g.session_expired = True
            return None
        return SignedInUser(found)
