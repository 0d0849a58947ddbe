"""When somebody further up hears of what is owed: the rungs of the ladder; pure.

Whom a clock waits on is nudged when three quarters of its business time are gone, the head is
told when all of it is, and the head's superior when it has taken twice its time.  What ends by
itself (a day to look again, a measuring) climbs nothing.
"""

from datetime import datetime
from enum import IntEnum

from portal.clocks.calendars import BusinessCalendar
from portal.clocks.models import Clock, ClockKind

NUDGE_LEFT = 0.25
"""The share of a clock's time that is left when its holder is nudged."""


class Rung(IntEnum):
    """How far up a clock has been told."""

    NOBODY = 0
    NUDGED = 1
    HEAD = 2
    SUPERIOR = 3


def climbs(clock: Clock) -> bool:
    """Whether anybody further up would hear of a clock that stands open for too long."""
    if not clock.is_governing or clock.kind is ClockKind.MEASURE:
        return False
    return clock.kind is not ClockKind.REVIEW or clock.until_on is None


def next_rung_at(calendar: BusinessCalendar, clock: Clock, moment: datetime) -> datetime | None:
    """When the next rung of a running clock is reached; None where none is left.

    ``grace_until`` is the time that a receiver is given to decide on what was handed over: until
    then nobody above hears that it is late.
    """
    if not climbs(clock) or clock.paused_at is not None or clock.stopped_at is not None:
        return None
    over_at = max(clock.due_at, clock.grace_until or clock.due_at)
    match Rung(clock.rung):
        case Rung.NOBODY:
            left = calendar.business_seconds(moment, clock.due_at)
            spare = left - NUDGE_LEFT * clock.allowed_seconds
            return calendar.add_business_seconds(moment, spare) if spare > 0 else moment
        case Rung.NUDGED:
            return over_at
        case Rung.HEAD:
            return calendar.add_business_seconds(over_at, clock.allowed_seconds)
        case Rung.SUPERIOR:
            return None


def climb(clock: Clock, calendar: BusinessCalendar, moment: datetime) -> list[Rung]:
    """Let a clock climb as far as the hour says, and return the rungs to be told of.

    A nudge is left out where it comes too late to help.
    """
    reached = []
    while clock.next_at is not None and clock.next_at <= moment:
        rung = Rung(clock.rung + 1)
        clock.rung = rung.value
        clock.next_at = next_rung_at(calendar, clock, moment)
        reached.append(rung)
    if Rung.NUDGED in reached and len(reached) > 1:
        reached.remove(Rung.NUDGED)
    return reached
