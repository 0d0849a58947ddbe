"""Holding anonymous words until their batch, and the marks by which a browser is counted."""

from random import SystemRandom

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from portal.authors.models import DayUse, StagedWord
from portal.columns import JsonObject
from portal.database import active, session
from portal.errors import Conflict
from portal.i18n import gettext as _
from portal.now import now, today

MOST_A_DAY = 20
"""How much one browser hands in without a name in a day."""
MOST_PREVIEWS = 2000
"""How often one browser is shown in a day what would be masked."""
MOST_WAITING = 500
"""How much waits at most, whoever sent it."""
MOST_PHRASES = 60
"""How many wrong phrases the portal hears in ten minutes, from everybody."""
PHRASE_WINDOW_SECONDS = 600
MOST_BATCHES = 4
"""How many batches leave without a word at most; how many is drawn when it is staged."""

_random = SystemRandom()


class TooMany(Conflict):
    """A limit was reached; ``retry_after`` is in seconds."""

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


def stage(kind: str, payload: JsonObject, phrase_tag: bytes, key: str) -> None:
    """Let something wait for its batch; the same form again waits once.  Inside a unit."""
    insert = sqlite.insert if active().is_sqlite else postgresql.insert
    values = {
        "key": key,
        "kind": kind,
        "payload": payload,
        "phrase_tag": phrase_tag,
        "on_day": today(),
        "batches_left": _random.randint(1, MOST_BATCHES),
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
