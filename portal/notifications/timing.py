"""When a letter may go: quiet hours, and the morning of a digest; pure.

Both are clock times where the person is, so they stay at eight in the morning when the clocks
change.  A digest comes on working days only: a Friday's news arrives on Monday.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.notifications.models import Rhythm

MORNING = time(8)
MONDAY = 0
_DAY = timedelta(days=1)
LONGEST_HOLIDAY = 60
"""Days after which a digest comes in any case, whatever the calendar says."""


def end_of_quiet(
    moment: datetime, zone: ZoneInfo, quiet_from: time | None, quiet_until: time | None
) -> datetime:
    """The moment itself, or when the quiet hours that it falls into are over."""
    if quiet_from is None or quiet_until is None or quiet_from == quiet_until:
        return moment
    here = moment.astimezone(zone)
    clock = here.time()
    if quiet_from < quiet_until:
        is_quiet, ends_on = quiet_from <= clock < quiet_until, here.date()
    else:  # over midnight
        is_quiet = clock >= quiet_from or clock < quiet_until
        ends_on = here.date() + _DAY if clock >= quiet_from else here.date()
    return max(moment, _at(ends_on, quiet_until, zone)) if is_quiet else moment


def next_digest(
    moment: datetime,
    zone: ZoneInfo,
    rhythm: Rhythm,
    *,
    is_working_day: Callable[[date], bool],
    hour: time | None = None,
) -> datetime:
    """The next digest after ``moment``: at ``hour``, else at eight.

    A weekly digest comes on Monday, or on the first working day after it.
    """
    hour = hour or MORNING
    day = moment.astimezone(zone).date()
    if rhythm is Rhythm.WEEKLY:
        return _next_weekly(moment, day, zone, is_working_day, hour)
    for _n in range(LONGEST_HOLIDAY):
        if is_working_day(day) and (found := _at(day, hour, zone)) > moment:
            return found
        day += _DAY
    return _at(day, hour, zone)


def _next_weekly(
    moment: datetime,
    day: date,
    zone: ZoneInfo,
    is_working_day: Callable[[date], bool],
    hour: time,
) -> datetime:
    monday = day - timedelta(days=day.weekday())
    for _n in range(LONGEST_HOLIDAY // 7):
        week = [monday + timedelta(days=n) for n in range(7)]
        first = next((one for one in week if is_working_day(one)), None)
        if first is not None and (found := _at(first, hour, zone)) > moment:
            return found
        monday += timedelta(days=7)
    return _at(monday, hour, zone)


def _at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """A clock time on a day; one that the change of clocks leaves out is an hour later."""
    return datetime.combine(day, clock, zone).astimezone(UTC)
