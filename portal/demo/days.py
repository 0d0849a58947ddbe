"""Working days and hours of the demo company, in its own time zone."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from random import Random
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Berlin")
_FIXED = ((1, 1), (5, 1), (10, 3), (12, 25), (12, 26))
_FROM_EASTER = (-2, 1, 39, 50)


@cache
def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher)."""
    century, rest = divmod(year, 100)
    shift = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * (year % 19) + century - century // 4 - shift + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (year % 19 + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


@cache
def holidays(year: int) -> frozenset[date]:
    """The nine public holidays that hold in all of Germany."""
    moving = (easter(year) + timedelta(days=days) for days in _FROM_EASTER)
    return frozenset([*(date(year, month, day) for month, day in _FIXED), *moving])


def is_workday(day: date) -> bool:
    """Whether the departments work on that day."""
    return day.weekday() < 5 and day not in holidays(day.year)


def at_local(day: date, minutes: float) -> datetime:
    """The UTC time that lies so many minutes after local midnight."""
    wall = datetime.combine(day, time(), ZONE) + timedelta(minutes=minutes)
    return wall.replace(microsecond=0).astimezone(UTC)


def _from_last(day: date) -> int:
    return -day.toordinal()


@dataclass(frozen=True, slots=True)
class Workdays:
    """The workdays before `today`, counted backwards: 0 is the last one."""

    today: date
    days: tuple[date, ...]

    @classmethod
    def before(cls, today: date, count: int = 420) -> Workdays:
        """The last `count` workdays that ended before `today` began."""
        found: list[date] = []
        day = today
        while len(found) < count:
            day -= timedelta(days=1)
            if is_workday(day):
                found.append(day)
        return cls(today, tuple(found))

    def at(self, age: int, rng: Random) -> datetime:
        """A time between eight and six on the workday that is `age` workdays old."""
        return at_local(self.days[age], rng.uniform(8 * 60, 18 * 60))

    def age_of(self, day: date) -> int:
        """The age of that day, or of the next workday; 0 if there is none before today."""
        return max(0, bisect_right(self.days, -day.toordinal(), key=_from_last) - 1)


def workday_after(day: date, count: int) -> date:
    """The date that lies `count` workdays after a day."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_workday(day)
    return day
