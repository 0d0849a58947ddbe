"""Signing in: sessions as rows, one-time links, and a brake on guessing.

A session id is 32 random bytes; the row holds its SHA-256, so a stolen database signs nobody
in.  Failures are counted before the password is checked, in a small unit of their own, so
that a crash or a race never gives a free guess (limits after OWASP's and PyPI's practice).
"""

import hashlib
import ipaddress
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update

from portal.actor import PROGRAM, Actor
from portal.audit.services import record
from portal.database import session, writing
from portal.errors import Conflict, NotAllowed, PortalError
from portal.i18n import gettext as _
from portal.now import now
from portal.people import passwords
from portal.people.models import FailedSignIn, OneTimeLink, Person, SignInSession
from portal.people.queries import find_link, find_person_by_email, has_people
from portal.text import compare_key

IDLE = timedelta(minutes=60)
ABSOLUTE = timedelta(hours=12)
TOUCH = timedelta(minutes=1)
LINK_LIFE = timedelta(days=7)

WINDOW = timedelta(minutes=5)
PER_ACCOUNT = 10
PER_NETWORK = 100
ACCOUNTS_OF_A_SPRAY = 20


class TooManyAttempts(PortalError):
    """The brake is on; ``retry_after`` says for how many seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(_("Too many tries. Wait a few minutes, then try again."))
        self.retry_after = retry_after


class WrongPassword(PortalError):
    """Address and password do not belong together; never says which of them is wrong."""


def digest(token: str) -> bytes:
    """The SHA-256 under which a secret is stored."""
    return hashlib.sha256(token.encode()).digest()


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
    if parsed.version == 6:
        return Browser(str(ipaddress.ip_network((parsed, 64), strict=False)), user_agent[:120])
    return Browser(str(parsed), user_agent[:120])


def check_password(email: str, password: str, browser: Browser) -> Person:
    """The person whose address and password these are.

    Raises
    ------
    TooManyAttempts
        Ten failures of the account in five minutes, or a spray from one network.
    WrongPassword
        With the same words and the same time whether the account exists or not.
    """
    account = digest(compare_key(email))
    attempt = _count_attempt(account, browser.network)
    person = find_person_by_email(email)
    stored = person.password_hash if person is not None and person.is_active else None
    if not passwords.is_right(password, stored) or person is None:
        raise WrongPassword(_("Address and password do not belong together."))
    with writing() as unit:
        unit.execute(delete(FailedSignIn).where(FailedSignIn.id == attempt))
    return person


def _count_attempt(account: bytes, network: str) -> int:
    since = now() - WINDOW
    with writing() as unit:
        of_account = unit.scalar(
            select(func.count())
            .select_from(FailedSignIn)
            .where(FailedSignIn.account_key == account, FailedSignIn.at > since)
        )
        of_network, accounts = unit.execute(
            select(func.count(), func.count(func.distinct(FailedSignIn.account_key))).where(
                FailedSignIn.network == network, FailedSignIn.at > since
            )
        ).one()
        is_spray = of_network >= PER_NETWORK and accounts >= ACCOUNTS_OF_A_SPRAY
        if (of_account or 0) >= PER_ACCOUNT or is_spray:
            raise TooManyAttempts(int(WINDOW.total_seconds()))
        attempt = FailedSignIn(account_key=account, network=network, at=now())
        unit.add(attempt)
        unit.flush()
        return attempt.id


def open_session(person: Person, *, method: str, browser: Browser) -> str:
    """Begin a session and return its secret id, which is not stored."""
    if not person.is_active:
        raise NotAllowed(_("This account is closed."))
    token = secrets.token_urlsafe(32)
    moment = now()
    session().add(
        SignInSession(
            id_hash=digest(token),
            person_id=person.id,
            created_at=moment,
            last_seen_at=moment,
            expires_at=moment + ABSOLUTE,
            method=method,
            browser=browser.summary,
        )
    )
    record(Actor(id=person.id, name=person.name), "person.signed_in", "person", person.id)
    return token


def is_alive(last_seen_at: datetime, expires_at: datetime) -> bool:
    """Whether a session may go on: not idle too long and not past its end."""
    moment = now()
    return moment < expires_at and moment - last_seen_at < IDLE


def touch_session(id_hash: bytes, last_seen_at: datetime) -> None:
    """Note that a session is in use, at most once a minute, in a small unit of its own."""
    if now() - last_seen_at < TOUCH:
        return
    with writing() as unit:
        unit.execute(
            update(SignInSession).where(SignInSession.id_hash == id_hash).values(last_seen_at=now())
        )


def close_session(id_hash: bytes) -> None:
    """End a session at once."""
    session().execute(delete(SignInSession).where(SignInSession.id_hash == id_hash))


def sign_out(token: str) -> None:
    """End a session because whoever holds it said so."""
    ended = delete(SignInSession).where(SignInSession.id_hash == digest(token))
    person_id = session().scalar(ended.returning(SignInSession.person_id))
    if person_id is not None:
        record(Actor(id=person_id, name=""), "person.signed_out", "person", person_id)


def forget_old() -> None:
    """Remove sessions that ended, links that expired, and old failures."""
    moment = now()
    with writing() as unit:
        unit.execute(delete(SignInSession).where(SignInSession.expires_at < moment))
        unit.execute(delete(OneTimeLink).where(OneTimeLink.expires_at < moment - LINK_LIFE))
        unit.execute(delete(FailedSignIn).where(FailedSignIn.at < moment - timedelta(days=1)))


def make_link(actor: Actor, person: Person | None) -> str:
    """Make a one-time sign-in link's token; without a person, the first administrator's."""
    if person is None and has_people():
        raise Conflict(_("There are people already; the first administrator exists."))
    token = secrets.token_urlsafe(32)
    moment = now()
    session().add(
        OneTimeLink(
            token_hash=digest(token),
            person_id=person.id if person else None,
            created_at=moment,
            expires_at=moment + LINK_LIFE,
        )
    )
    record(actor, "link.made", "person", person.id if person else None)
    return token


def is_usable(link: OneTimeLink | None) -> bool:
    """Whether a one-time link still opens."""
    return link is not None and link.used_at is None and link.expires_at > now()


def use_link(token: str) -> OneTimeLink:
    """Take a one-time link; of two who try at once, exactly one succeeds.

    Raises
    ------
    Conflict
        If the link was used, has expired or never was.
    """
    taken = session().scalar(
        update(OneTimeLink)
        .where(
            OneTimeLink.token_hash == digest(token),
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > now(),
        )
        .values(used_at=now())
        .returning(OneTimeLink.token_hash)
    )
    link = find_link(digest(token)) if taken else None
    if link is None:
        raise Conflict(_("This link was used or has expired. Ask for a new one."))
    record(PROGRAM, "link.used", "person", link.person_id)
    return link
