"""Signing in: the password check, and sessions as rows.

A session's id is 32 random bytes; the row holds its SHA-256, so a stolen database signs nobody
in.  The id changes whenever somebody proves who they are, and every older one is dead at once.
"""

import hashlib
import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from portal.actor import Actor, Role
from portal.audit.services import record
from portal.database import session, writing
from portal.errors import NotAllowed, PortalError
from portal.i18n import gettext as _
from portal.now import now
from portal.people import devices, passwords, throttle
from portal.people.models import OneTimeLink, Person, SignInSession
from portal.people.queries import find_person_by_email
from portal.people.tokens import digest, new_token
from portal.text import compare_key

TOUCH = timedelta(minutes=1)
FRESH = timedelta(minutes=10)
"""How long after a password or code what matters most may be done without another."""
KEPT_LINKS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a session lasts without use, and at all."""

    idle: timedelta
    absolute: timedelta


USUAL = Limits(timedelta(minutes=60), timedelta(hours=12))
SHORT = Limits(timedelta(minutes=30), timedelta(hours=8))
SHORT_ROLES = frozenset({Role.LEADER, Role.ADMINISTRATOR})


def limits_of(roles: Iterable[Role]) -> Limits:
    """The limits for somebody with these roles: who may see or do more is signed out sooner."""
    return SHORT if SHORT_ROLES.intersection(roles) else USUAL


class WrongPassword(PortalError):
    """Address and password do not belong together; never says which of them is wrong."""

    def __init__(self) -> None:
        super().__init__(_("Address and password do not belong together."))


@dataclass(frozen=True, slots=True)
class Browser:
    """Where a sign-in comes from: the network (/32 or /64) and a short summary of the program."""

    network: str
    summary: str


def describe_browser(address: str | None, user_agent: str) -> Browser:
    """Sum up a client: an IPv6 address counts by its /64, as one household or office has it."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return Browser("unknown", user_agent[:120])
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is None:
        return Browser(str(ipaddress.ip_network((parsed, 64), strict=False)), user_agent[:120])
    return Browser(str(getattr(parsed, "ipv4_mapped", None) or parsed), user_agent[:120])


def account_key(email: str) -> bytes:
    """What is braked when somebody guesses this address's password, whether it exists or not."""
    return digest(compare_key(email))


def check_password(
    email: str, password: str, browser: Browser, *, secret: str = "", device: str | None = None
) -> Person:
    """The person whose address and password these are.

    ``device`` is the browser's known-device cookie and ``secret`` the key it is signed with.

    Raises
    ------
    TooManyAttempts
        When the brake of the account, the network or the device is on.
    WrongPassword
        With the same words and the same work whether the account exists or not.
    Busy
        When so many sign in that this attempt was not looked at, nor counted.
    """
    with passwords.waiting():
        return _check(email, password, browser, secret, device)


def _check(email: str, password: str, browser: Browser, secret: str, device: str | None) -> Person:
    person = find_person_by_email(email)
    known = devices.find_device(secret, person.id if person is not None else None, device)
    key = known or account_key(email)
    attempt = throttle.count_attempt(key, None if known else browser.network)
    stored = person.password_hash if person is not None and person.is_active else None
    if not passwords.is_right(password, stored) or person is None:
        raise WrongPassword
    renewed = passwords.hash_password(password) if passwords.needs_rehash(stored or "") else None
    with writing() as unit:
        throttle.forgive(unit, attempt, key)
        if renewed is not None:
            same = Person.password_hash == stored
            unit.execute(
                update(Person).where(Person.id == person.id, same).values(password_hash=renewed)
            )
    return person


def open_session(
    person: Person,
    *,
    method: str,
    browser: Browser,
    limits: Limits = USUAL,
    must_enrol: bool = False,
) -> str:
    """Begin a session and return its secret id, which is not stored."""
    if not person.is_active:
        raise NotAllowed(_("This account is closed."))
    token, moment = new_token(), now()
    session().add(
        SignInSession(
            id_hash=digest(token),
            person_id=person.id,
            created_at=moment,
            last_seen_at=moment,
            proved_at=moment,
            expires_at=moment + limits.absolute,
            method=method,
            network=browser.network,
            browser=browser.summary,
            must_enrol=must_enrol,
        )
    )
    record(Actor(id=person.id, name=person.name), "person.signed_in", "person", person.id)
    return token


def is_alive(
    created_at: datetime, last_seen_at: datetime, expires_at: datetime, it: Limits
) -> bool:
    """Whether a session may go on: not idle too long and not past its end."""
    moment = now()
    return moment < min(expires_at, created_at + it.absolute) and moment - last_seen_at < it.idle


def is_fresh(proved_at: datetime | None) -> bool:
    """Whether the person showed a password or code lately enough for what matters most."""
    return proved_at is not None and now() - proved_at < FRESH


def touch_session(id_hash: bytes, last_seen_at: datetime) -> None:
    """Note that a session is in use, at most once a minute, in a small unit of its own."""
    if now() - last_seen_at < TOUCH:
        return
    with writing() as unit:
        unit.execute(
            update(SignInSession).where(SignInSession.id_hash == id_hash).values(last_seen_at=now())
        )


def rotate_session(token: str) -> str:
    """Give a session whose person has just proved who they are a new id; the old one is dead.

    Raises
    ------
    NotAllowed
        If it has ended meanwhile.
    """
    fresh, moment = new_token(), now()
    rotated = session().scalar(
        update(SignInSession)
        .where(SignInSession.id_hash == digest(token))
        .values(id_hash=digest(fresh), proved_at=moment, last_seen_at=moment)
        .returning(SignInSession.person_id)
    )
    if rotated is None:
        raise NotAllowed(_("You were signed out meanwhile. Sign in again."))
    return fresh


def close_session(id_hash: bytes) -> None:
    """End a session at once."""
    session().execute(delete(SignInSession).where(SignInSession.id_hash == id_hash))


def sign_out(token: str) -> None:
    """End a session because whoever holds it said so."""
    ended = delete(SignInSession).where(SignInSession.id_hash == digest(token))
    person_id = session().scalar(ended.returning(SignInSession.person_id))
    if person_id is not None:
        record(Actor(id=person_id, name=""), "person.signed_out", "person", person_id)


def end_sessions(person_id: int, *, but: bytes | None = None) -> int:
    """Sign a person's browsers out, all of them or all but one; how many there were."""
    theirs = delete(SignInSession).where(SignInSession.person_id == person_id)
    if but is not None:
        theirs = theirs.where(SignInSession.id_hash != but)
    return len(session().scalars(theirs.returning(SignInSession.id_hash)).all())


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A signed-in browser as its owner sees it; ``key`` names it in addresses and opens nothing."""

    id_hash: bytes
    key: str
    browser: str
    network: str
    method: str
    created_at: datetime
    last_seen_at: datetime


def list_sessions(person_id: int, it: Limits) -> list[OpenSession]:
    """The browsers that a person is signed in with, the latest used first."""
    rows = session().scalars(
        select(SignInSession)
        .where(SignInSession.person_id == person_id)
        .order_by(SignInSession.last_seen_at.desc(), SignInSession.id_hash)
    )
    return [
        OpenSession(
            row.id_hash,
            hashlib.sha256(row.id_hash).hexdigest()[:16],
            name_browser(row.browser),
            row.network,
            row.method,
            row.created_at,
            row.last_seen_at,
        )
        for row in rows
        if is_alive(row.created_at, row.last_seen_at, row.expires_at, it)
    ]


_PROGRAMS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"))
_SYSTEMS = (
    *(("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows")),
    *(("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux")),
)


def name_browser(user_agent: str) -> str:
    """A browser as people call it, such as ``Firefox, Windows``."""
    programs = (*_PROGRAMS, ("Safari/", "Safari"))
    program = next((name for mark, name in programs if mark in user_agent), None)
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), None)
    return ", ".join(filter(None, (program, system))) or _("Another program")


def forget_old() -> None:
    """Remove sessions that ended, links that expired, and old failures."""
    moment = now()
    with writing() as unit:
        unit.execute(delete(SignInSession).where(SignInSession.expires_at < moment))
        unit.execute(delete(OneTimeLink).where(OneTimeLink.expires_at < moment - KEPT_LINKS))
    throttle.forget_old_failures()
