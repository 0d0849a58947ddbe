"""Holding anonymous words until their batch, and the marks by which a browser is counted."""

from datetime import date, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from portal.authors.models import DayUse, StagedWord
from portal.clocks.queries import get_calendar
from portal.columns import JsonObject
from portal.database import active, session
from portal.errors import Conflict
from portal.i18n import gettext as _
from portal.now import now, today
from portal.people.queries import find_fact

MOST_A_DAY = 20
"""How much one browser hands in without a name in a day."""
MOST_PREVIEWS = 2000
"""How often one browser is shown in a day what would be masked."""
MOST_WAITING = 500
"""How much waits at most, whoever sent it."""
MOST_PHRASES = 60
"""How many wrong phrases the portal hears in ten minutes, from everybody."""
PHRASE_WINDOW_SECONDS = 600
BATCH_HOUR = "anonymous_batch_hour"
DEFAULT_HOUR = 5
"""When a day's words come out, in the portal's time zone, until an administrator says otherwise."""


class TooMany(Conflict):
    """A limit was reached; ``retry_after`` is in seconds."""

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


def get_batch_hour() -> int:
    """The hour of the portal's day, 0 to 23, at which a batch leaves."""
    stored = find_fact(BATCH_HOUR)
    return DEFAULT_HOUR if stored is None else int(stored)


def current_day() -> date:
    """The day that words of this moment belong to; it begins and ends when a batch leaves."""
    return (now().astimezone(get_calendar(None).zone) - timedelta(hours=get_batch_hour())).date()


def stage(kind: str, payload: JsonObject, phrase_tag: bytes, key: str) -> None:
    """Let something wait for its batch; the same form again waits once.  Inside a unit."""
    insert = sqlite.insert if active().is_sqlite else postgresql.insert
    values = {
        "key": key,
        "kind": kind,
        "payload": payload,
        "phrase_tag": phrase_tag,
        "on_day": current_day(),
    }
    session().execute(
        insert(StagedWord).values(values).on_conflict_do_nothing(index_elements=["key"])
    )


def count_use(key: str, most: int, *, retry_after: int = 3600) -> None:
    """Count one use of a key today; inside a unit.

    Raises
    ------
    TooMany
        Above ``most``.
    """
    insert = sqlite.insert if active().is_sqlite else postgresql.insert
    count = session().scalar(
        insert(DayUse)
        .values(key=key, on_day=today(), count=1)
        .on_conflict_do_update(index_elements=["key"], set_={"count": DayUse.count + 1})
        .returning(DayUse.count)
    )
    if count is not None and count > most:
        raise TooMany(_("That is a lot for one day. Come back later."), retry_after)


def forget_use(key: str) -> None:
    """Take one use back; the last one leaves no row.  Inside a unit."""
    row = session().get(DayUse, key)
    if row is not None and row.count > 1:
        row.count -= 1
    elif row is not None:
        session().delete(row)


def phrase_key() -> str:
    """What wrong phrases of these ten minutes are counted by, whoever tried them."""
    return f"phrases {int(now().timestamp()) // PHRASE_WINDOW_SECONDS}"


def refuse_flood() -> None:
    """Raise TooMany where so much waits already that it cannot be people."""
    if (session().scalar(select(func.count()).select_from(StagedWord)) or 0) >= MOST_WAITING:
        raise TooMany(_("Too much waits to be published. Come back later."), 3600)


def forget_old_uses() -> None:
    """Drop the counts of days gone by; inside a unit."""
    session().execute(delete(DayUse).where(DayUse.on_day < today()))
