"""Counting what people do, and keeping what was refused to them; see :mod:`portal.web.ports`.

A row holds one person's count of one kind, so every process counts on the same one.  It is
raised by one statement inside the unit that does the thing: what fails, or was never done,
costs nothing, and of two at once exactly as many pass as are left.
"""

from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import BindParameter, bindparam, case, delete, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert

from portal.actor import Actor
from portal.audit.services import record
from portal.columns import UtcDateTime
from portal.database import active, insert_once, session, writing
from portal.limits.models import RateCount, SentForm
from portal.now import now, today

WINDOW = timedelta(hours=1)
"""What is counted together; it begins with the first of its actions."""
DENIED = "denied"
DAYS_OF_KEYS = 2
"""How long a form's key is known after the day it arrived."""
MOST_DENIED = 30
"""How many refusals of one person the audit log keeps within the window."""

_SINCE = bindparam("since", type_=UtcDateTime())
_NOW = bindparam("moment", type_=UtcDateTime())
_LIMIT: BindParameter[int] = bindparam("most")
_KNOWN = select(RateCount.began_at, RateCount.times).where(
    RateCount.person_id == bindparam("person"), RateCount.kind == bindparam("what")
)


@cache
def _counting(is_sqlite: bool) -> ReturningInsert[tuple[int]]:
    """One more, from one again where the window is over; no row where there are enough."""
    insert = sqlite.insert if is_sqlite else postgresql.insert
    first = insert(RateCount).values(
        person_id=bindparam("person"), kind=bindparam("what"), began_at=_NOW, times=1
    )
    is_over = RateCount.began_at <= _SINCE
    return first.on_conflict_do_update(
        index_elements=[RateCount.person_id, RateCount.kind],
        set_={
            "times": case((is_over, 1), else_=RateCount.times + 1),
            "began_at": case((is_over, _NOW), else_=RateCount.began_at),
        },
        where=or_(is_over, RateCount.times < _LIMIT),
    ).returning(RateCount.times)


def _count(person_id: int, kind: str, most: int, moment: datetime) -> bool:
    values = {"person": person_id, "what": kind, "most": most}
    values |= {"moment": moment, "since": moment - WINDOW}
    return session().scalar(_counting(active().is_sqlite), values) is not None


class Limits:
    """How often people may do what; see :class:`portal.web.ports.Limits`."""

    def count(self, person_id: int, kind: str, most: int) -> int | None:
        """Count once more within the unit that is open; else the seconds until it can be."""
        moment = now()
        if _count(person_id, kind, most, moment):
            return None
        known = session().execute(_KNOWN, {"person": person_id, "what": kind}).one()
        left = known.began_at + WINDOW - moment
        return int(left.total_seconds()) + 1

    def count_alone(self, person_id: int, kind: str, most: int) -> int | None:
        """As :meth:`count`, in a unit of its own."""
        with writing():
            return self.count(person_id, kind, most)


_SENT = select(SentForm.body_hash).where(SentForm.key_hash == bindparam("key"))


class Arrivals:
    """Which forms have arrived; see :class:`portal.web.ports.Arrivals`."""

    def claim(self, key_hash: str, body_hash: str) -> str | None:
        """Take a form's key within the unit that is open; what had it before, if something had."""
        values = {"key_hash": key_hash, "body_hash": body_hash, "arrived_on": today()}
        if insert_once(SentForm, values, unique="key_hash"):
            return None
        return session().scalar(_SENT, {"key": key_hash})


class Journal:
    """What the audit log keeps of reading; see :class:`portal.web.ports.Journal`."""

    def note_export(self, actor: Actor, action: str) -> None:
        """Keep that somebody took a table away."""
        with writing():
            record(actor, action, "export", None)

    def note_denied(self, actor: Actor, endpoint: str, method: str) -> None:
        """Keep that something was refused; beyond some an hour, only the first ones count."""
        person_id, moment = actor.id or 0, now()
        known = session().execute(_KNOWN, {"person": person_id, "what": DENIED}).one_or_none()
        if known and known.times >= MOST_DENIED and known.began_at > moment - WINDOW:
            return
        with writing():
            if _count(person_id, DENIED, MOST_DENIED, moment):
                record(actor, "access.denied", "route", None, endpoint=endpoint, method=method)


def forget_counts() -> None:
    """Remove the counts whose window is over, and the keys of forms that nobody sends again."""
    with writing() as unit:
        unit.execute(delete(RateCount).where(RateCount.began_at <= now() - WINDOW))
        last = today() - timedelta(days=DAYS_OF_KEYS)
        unit.execute(delete(SentForm).where(SentForm.arrived_on < last))
