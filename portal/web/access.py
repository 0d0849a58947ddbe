"""What every route says about itself, and who may open it: default deny, checked at the start.

A route names the capability it needs (``@requires``) or says that strangers may come
(``@public``).  One that changes something also says which action the audit log keeps of it and
how often it may be done; the rest follows from its methods.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeVar, overload

from flask import Flask, abort, current_app, g, request
from flask_login import AnonymousUserMixin, LoginManager, UserMixin, current_user

from portal.actor import Actor, Capability
from portal.errors import NotAllowed, NotFound
from portal.i18n import gettext as _
from portal.web.ports import Ports, Reader
from portal.web.rates import LIMITS, Rate
from portal.web.sessions import current_session
from portal.web.unlinked import is_unlinked

V = TypeVar("V", bound=Callable[..., Any])

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing."""
NOTHING: Final[tuple[str, ...]] = ()
"""The audit tag of an unsafe route that keeps nothing at all."""
_TAG = re.compile(r"[a-z_]+\.[a-z_]+")


class Csrf(StrEnum):
    """What proves that a request comes from a page of ours."""

    SAFE = "safe"
    """Nothing has to: the route changes nothing."""
    TOKEN = "token"  # noqa: S105 - names a kind of proof, holds no secret
    """Same origin, and the token of the session."""
    NONE = "none"
    """Browsers send it on their own, without cookies that count."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a route says about itself; None where it has not said, or where it follows.

    ``capability`` is None for a route that is open to strangers.  ``audit`` names the actions
    of which the audit log keeps at least one when the route has done something.  A sensitive
    route asks again for a password or code that is older than ten minutes; a passive one is
    called by a page and not by a person, so it does not keep a session alive.  One that
    ``takes_key`` has a form with a key, by which its second arrival does nothing new.
    """

    capability: Capability | None
    audit: tuple[str, ...] | None = None
    rate: Rate | None = None
    csrf: Csrf | None = None
    is_sensitive: bool = False
    is_passive: bool = False
    takes_key: bool = False

    @property
    def is_public(self) -> bool:
        """Whether strangers may come."""
        return self.capability is None


@dataclass(frozen=True, slots=True)
class Route:
    """A rule of the app with its declaration, and what follows from its methods."""

    rule: str
    endpoint: str
    methods: frozenset[str]
    says: Declaration

    @property
    def is_safe(self) -> bool:
        """Whether the route only reads."""
        return self.methods <= SAFE

    @property
    def audit(self) -> tuple[str, ...]:
        """The actions of which the audit log keeps at least one."""
        return self.says.audit or NOTHING

    @property
    def rate(self) -> Rate:
        """How often it may be done; reading is not counted."""
        return self.says.rate or (Rate.EXPORT if self.audit else Rate.READ)

    @property
    def csrf(self) -> Csrf:
        """What proves that a request comes from a page of ours."""
        return self.says.csrf or (Csrf.SAFE if self.is_safe else Csrf.TOKEN)

    def faults(self) -> Iterator[str]:
        """What the route has left unsaid, or said wrongly."""
        if not self.is_safe and self.says.audit is None:
            yield "no audit tag"
        if not self.is_safe and self.says.rate is None:
            yield "no rate class"
        if self.says.is_public and self.rate in LIMITS:
            yield f"that it is counted as {self.rate}, but nobody is known whom to count"
        if not self.is_safe and self.rate is Rate.READ:
            yield "that it only reads, but it takes " + ", ".join(sorted(self.methods - SAFE))
        for tag in self.audit:
            if not _TAG.fullmatch(tag):
                yield f"the audit tag {tag!r}, which is not of the form thing.done"


class Denied(NotFound):
    """The capability is missing; looks like what never was, but the audit log keeps it."""


class SignedInUser(UserMixin):
    """What Flask-Login calls a user: the reader behind a session."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.id = reader.id


def requires(
    capability: Capability,
    *,
    audit: str | tuple[str, ...] | None = None,
    rate: Rate | None = None,
    csrf: Csrf | None = None,
    is_sensitive: bool = False,
    is_passive: bool = False,
    takes_key: bool = False,
) -> Callable[[V], V]:
    """Declare what a view needs; without the capability it answers 404, like what never was.

    A capability held for one department opens the page; what it shows and changes is
    limited by the queries and policies behind it.  A view that takes POST names its ``audit``
    actions and its ``rate``; a file to keep names its ``audit`` action.
    """
    return _declare(
        Declaration(capability, _tags(audit), rate, csrf, is_sensitive, is_passive, takes_key)
    )


@overload
def public(view: V, /) -> V: ...


@overload
def public(
    *,
    audit: str | tuple[str, ...] | None = None,
    rate: Rate | None = None,
    csrf: Csrf | None = None,
) -> Callable[[V], V]: ...


def public(
    view: Any = None,
    /,
    *,
    audit: str | tuple[str, ...] | None = None,
    rate: Rate | None = None,
    csrf: Csrf | None = None,
) -> Any:
    """Declare that a view is for strangers too; one that takes POST says what else it is."""
    mark = _declare(Declaration(None, _tags(audit), rate, csrf))
    return mark if view is None else mark(view)


def _declare(says: Declaration) -> Callable[[V], V]:
    def mark(view: V) -> V:
        vars(view)["declaration"] = says
        return view

    return mark


def _tags(audit: str | tuple[str, ...] | None) -> tuple[str, ...] | None:
    return (audit,) if isinstance(audit, str) else audit


def list_routes(app: Flask) -> list[Route]:
    """Every rule of the app that has said what it is."""
    return [route for route in _routes(app) if isinstance(route, Route)]


def _routes(app: Flask) -> Iterator[Route | str]:
    for rule in app.url_map.iter_rules():
        says = getattr(app.view_functions[rule.endpoint], "declaration", None)
        if says is None:
            yield f"{rule.rule} ({rule.endpoint}): neither @requires nor @public"
        else:
            yield Route(rule.rule, rule.endpoint, frozenset(rule.methods or ()), says)


def refuse_undeclared(app: Flask) -> None:
    """Stop the start if any route has not said what it is, naming the route and what is missing."""
    lines = []
    for route in _routes(app):
        if isinstance(route, str):
            lines.append(route)
        elif faults := ", ".join(route.faults()):
            lines.append(f"{route.rule} ({route.endpoint}): {faults}")
    if lines:
        raise RuntimeError("The portal does not start. Routes say too little:\n" + "\n".join(lines))


def current_declaration() -> Declaration | None:
    """What the route of this request says; None where there is no route."""
    if request.endpoint is None:
        return None
    return getattr(current_app.view_functions[request.endpoint], "declaration", None)


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


def forget_reader() -> None:
    """Take this request's reader for a stranger: whoever it is cannot be looked up now."""
    g._login_user = AnonymousUserMixin()  # where flask-login keeps whom it has loaded


def check_access() -> None:
    """Before every request: the view's declared need against the actor."""
    if request.endpoint is None:
        return
    says = current_declaration()
    if says is not None and says.capability is None:
        return
    if not current_user.is_authenticated:
        abort(401)
    if says is None or says.capability is None:
        raise NotAllowed(_("This page is not open."))
    if not actor().can(says.capability):
        raise Denied(_("There is nothing here that you can see."))


def init_login(app: Flask) -> None:
    """Let Flask-Login find the person behind the session's id."""
    manager = LoginManager(app)
    manager.session_protection = None
    manager.anonymous_user = AnonymousUserMixin

    @manager.request_loader
    def load(_request: object) -> SignedInUser | None:
        if is_unlinked():
            return None
        session = current_session()
        token = session.token
        if token is None:
            return None
        says = current_declaration()
        is_passive = says is not None and says.is_passive
        found = ports().sessions.load(token, is_passive=is_passive)
        if found is None:
            session.was_closed = True
            g.session_expired = True
            return None
        return SignedInUser(found)
