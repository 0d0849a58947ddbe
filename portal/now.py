"""The only place that asks the machine for the time, and that knows when a day begins.

History can be told in order by passing time in: ``with at(moment): ...`` makes every
service called inside believe that it is then.  The demo year and the tests use it.

A moment is kept in UTC; a day is one of the house's own days unless a zone is named, so that
nothing is handed in "tomorrow" by somebody who works late.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

_pinned: ContextVar[datetime | None] = ContextVar("pinned_time", default=None)
_house = ZoneInfo("UTC")


def live_in(time_zone: str) -> None:
    """Name the zone (IANA) in which this process counts the house's days."""
    global _house
    _house = ZoneInfo(time_zone)


def house_zone() -> ZoneInfo:
    """The zone in which the house counts its days: the setting ``TIME_ZONE``."""
    return _house


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _pinned.get() or datetime.now(UTC)


def today(zone: ZoneInfo | None = None) -> date:
    """The present day in the house's zone, or in another."""
    return day_of(now(), zone)


def day_of(moment: datetime, zone: ZoneInfo | None = None) -> date:
    """The day on which a moment (aware) falls in the house's zone, or in another."""
    return moment.astimezone(zone or _house).date()


def midnight(day: date, zone: ZoneInfo | None = None) -> datetime:
    """The moment, in UTC, in which a day begins in the house's zone, or in another."""
    return datetime.combine(day, time(), zone or _house).astimezone(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Run a block as if it were ``moment`` (aware); nests."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    token = _pinned.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _pinned.reset(token)
