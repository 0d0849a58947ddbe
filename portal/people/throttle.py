"""The brake on guessing passwords and codes.

Only failures count, and they are counted before the check, in a small unit of their own, so
that a crash or a race never gives a free guess.  What is right is taken back, so that a shift
of hundreds may sign in from one address.  Limits after OWASP's cheat sheet on authentication
and the practice of the Python package index.
"""

import logging
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.actor import PROGRAM
from portal.audit.services import record
from portal.database import active, writing
from portal.errors import PortalError
from portal.i18n import gettext as _
from portal.now import now
from portal.people.models import FailedSignIn, PortalFact, SignInBrake
from portal.people.tokens import digest

WINDOW = timedelta(minutes=5)
PER_ACCOUNT = 10
PER_ACCOUNT_AND_NETWORK = 5
PER_NETWORK = 100
ACCOUNTS_OF_A_SPRAY = 20
IN_A_ROW = 100
"""Wrong passwords in a row after which only a new password opens the account again."""
FLOOD = 1000
"""Failures of the whole portal in five minutes that are an alarm; they brake nobody."""
CODE_WINDOW = timedelta(hours=1)
CODES_AN_HOUR = 5
KNOWN_DEVICE = "known device"
FLOOD_FACT = "sign_in_flood"

_log = logging.getLogger(__name__)


class TooManyAttempts(PortalError):
    """The brake is on; ``retry_after`` says for how many seconds at most."""

    def __init__(self, retry_after: timedelta = WINDOW) -> None:
        super().__init__(
            _("Too many tries. Wait a few minutes, or ask an administrator for a new link.")
        )
        self.retry_after = int(retry_after.total_seconds())


_OF_KEY = select(
    func.count(),
    func.count().filter(FailedSignIn.network == bindparam("network")),
).where(FailedSignIn.account_key == bindparam("key"), FailedSignIn.at > bindparam("since"))
_OF_NETWORK = select(func.count(), func.count(func.distinct(FailedSignIn.account_key))).where(
    FailedSignIn.network == bindparam("network"), FailedSignIn.at > bindparam("since")
)
_FLOOD = select(FailedSignIn.at).order_by(FailedSignIn.at.desc()).offset(FLOOD - 1).limit(1)


def count_attempt(key: bytes, network: str | None) -> int:
    """Count a password before it is checked; the id under which it can be forgiven.

    ``key`` is the account's, or a known device's: a device the account has signed in from is
    braked by itself alone, so that nobody can lock a colleague out.  It comes without a network.

    Raises
    ------
    TooManyAttempts
        With the same words and wait for an account that does not exist.
    """
    since = now() - WINDOW
    with writing() as unit:
        failed_count = _count_in_a_row(unit, key)
        of_key, here = unit.execute(_OF_KEY, {"key": key, "network": network, "since": since}).one()
        is_braked = of_key >= PER_ACCOUNT or failed_count > IN_A_ROW
        if network is not None and not is_braked:
            is_braked = here >= PER_ACCOUNT_AND_NETWORK or _is_spray(unit, network, since)
        if is_braked:
            raise TooManyAttempts
        attempt = FailedSignIn(account_key=key, network=network or KNOWN_DEVICE, at=now())
        unit.add(attempt)
        unit.flush()
        _tell_flood(unit, since)
        return attempt.id


def _count_in_a_row(unit: Session, key: bytes) -> int:
    """One more failure in a row; the row stays locked, so that an account's tries queue up."""
    insert = sqlite.insert if active().is_sqlite else postgresql.insert
    counted = insert(SignInBrake).values(account_key=key, failed_count=1, updated_at=now())
    counted = counted.on_conflict_do_update(
        index_elements=["account_key"],
        set_={"failed_count": SignInBrake.failed_count + 1, "updated_at": now()},
    )
    return unit.scalar(counted.returning(SignInBrake.failed_count)) or 1


def _is_spray(unit: Session, network: str, since: datetime) -> bool:
    failures, accounts = unit.execute(_OF_NETWORK, {"network": network, "since": since}).one()
    return failures >= PER_NETWORK and accounts >= ACCOUNTS_OF_A_SPRAY


def _tell_flood(unit: Session, since: datetime) -> None:
    """Tell the log and the audit, once in a window, that the whole portal is being tried."""
    first = unit.scalar(_FLOOD)
    if first is None or first <= since:
        return
    told = unit.get(PortalFact, FLOOD_FACT)
    if told is not None and datetime.fromisoformat(told.value) > since:
        return
    unit.merge(PortalFact(name=FLOOD_FACT, value=now().isoformat()))
    record(PROGRAM, "sign_in.flood", "portal", None, failures=FLOOD)
    _log.error("sign-in: %s failures within five minutes", FLOOD)


def code_key(person_id: int) -> bytes:
    """What is braked when somebody guesses a person's codes."""
    return digest(f"code:{person_id}")


def count_code(person_id: int) -> int:
    """Count a code before it is checked: five an hour for a person, wherever they are.

    Raises
    ------
    TooManyAttempts
        After the fifth.
    """
    key, since = code_key(person_id), now() - CODE_WINDOW
    with writing() as unit:
        _count_in_a_row(unit, key)
        of_key, _here = unit.execute(_OF_KEY, {"key": key, "network": "", "since": since}).one()
        if of_key >= CODES_AN_HOUR:
            raise TooManyAttempts(CODE_WINDOW)
        attempt = FailedSignIn(account_key=key, network=KNOWN_DEVICE, at=now())
        unit.add(attempt)
        unit.flush()
        return attempt.id


def forgive(unit: Session, attempt: int, key: bytes) -> None:
    """It was right: take the attempt back and begin to count anew."""
    unit.execute(delete(FailedSignIn).where(FailedSignIn.id == attempt))
    unit.execute(delete(SignInBrake).where(SignInBrake.account_key == key))


def release_brake(unit: Session, key: bytes) -> None:
    """Let an account try again at once: it has a new password."""
    unit.execute(delete(FailedSignIn).where(FailedSignIn.account_key == key))
    unit.execute(delete(SignInBrake).where(SignInBrake.account_key == key))


def forget_old_failures() -> None:
    """Remove failures older than a day, and counts in a row that nobody added to for a month."""
    moment = now()
    with writing() as unit:
        unit.execute(delete(FailedSignIn).where(FailedSignIn.at < moment - timedelta(days=1)))
        unit.execute(
            delete(SignInBrake).where(SignInBrake.updated_at < moment - timedelta(days=30))
        )
