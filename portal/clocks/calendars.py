"""When a department works, and what that makes of hours and days.

Every moment taken or returned is aware and in UTC; days are those of the calendar's time zone.
Business time is time that really passes while the doors are open, so that a day on which the
clocks change is an hour longer or shorter for those who are open in that night, and for nobody
else.  Whole days are counted by arithmetic over weeks, never one by one.
"""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

_MIDNIGHT = time()
_NOTHING = timedelta()
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class BusinessCalendar:
    """Opening hours on certain weekdays, but for holidays.

    ``weekdays`` is a mask: Monday is 1, Sunday is 64.  A day that ``closes`` at midnight is open
    until its end, so 00:00 to 00:00 is round the clock.  Raises ValueError for a calendar that
    never opens or closes before it opens.
    """

    zone: ZoneInfo
    weekdays: int
    opens: time
    closes: time
    holidays: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if not 0 < self.weekdays < 128:
            raise ValueError("a calendar needs at least one weekday, as a mask from 1 to 127")
        if self._day_length <= _NOTHING:
            raise ValueError("a calendar must open before it closes")

    def is_business_day(self, day: date) -> bool:
        """Whether the day is worked at all."""
        return bool(self.weekdays >> day.weekday() & 1) and day not in self.holidays

    def is_open(self, moment: datetime) -> bool:
        """Whether somebody works at the moment; the closing minute is no longer open."""
        day = self._day_of(moment)
        opening, closing = _hours(self.zone, self.opens, self.closes, day)
        return self.is_business_day(day) and opening <= moment < closing

    def next_open(self, moment: datetime) -> datetime:
        """The moment itself when open, else the next opening."""
        day = self._day_of(moment)
        if self.is_business_day(day):
            opening, closing = _hours(self.zone, self.opens, self.closes, day)
            if moment < closing:
                return max(moment, opening)
        return _hours(self.zone, self.opens, self.closes, self._nth_day_after(day, 1))[0]

    def close_of(self, day: date) -> datetime:
        """When business closes, or would close, on a day."""
        return _hours(self.zone, self.opens, self.closes, day)[1]

    def close_of_business(self, day: date) -> datetime:
        """When business closes on a day, or on the next business day where that is none."""
        if not self.is_business_day(day):
            day = self._nth_day_after(day, 1)
        return self.close_of(day)

    def add_business_days(self, start: datetime, days: int) -> datetime:
        """Close of business on the ``days``-th business day after the day of ``start``.

        The day of the start does not count, whatever its hour; so something due in one day is
        never due the same evening.  With 0 days it is the next closing.  Raises ValueError for
        a negative number.
        """
        if days < 0:
            raise ValueError("business days are added, not taken away")
        day = self._day_of(start)
        if days == 0 and self.is_business_day(day) and start <= self.close_of(day):
            return self.close_of(day)
        return self.close_of(self._nth_day_after(day, max(days, 1)))

    def business_days_between(self, start: datetime, end: datetime) -> int:
        """Business days after the day of ``start`` up to the day of ``end``; negative backwards.

        ``business_days_between(a, add_business_days(a, n))`` is ``n`` for every n above 0.
        """
        return self._days_until(self._day_of(end) + _DAY) - self._days_until(
            self._day_of(start) + _DAY
        )

    def business_seconds(self, start: datetime, end: datetime) -> float:
        """Open seconds from ``start`` to ``end``; negative when ``end`` is earlier."""
        if end < start:
            return -self.business_seconds(end, start)
        first, last = self._day_of(start), self._day_of(end)
        passed = self._open_time(first, last) - self._since_opening(start)
        return (passed + self._since_opening(end)).total_seconds()

    def add_business_seconds(self, start: datetime, seconds: float) -> datetime:
        """The moment by which that many open seconds have passed since ``start``.

        Nothing added gives ``start`` itself, and a whole day ends at its closing, not at the
        next opening.  Raises ValueError for a negative number.
        """
        if seconds < 0:
            raise ValueError("business seconds are added, not taken away")
        left = timedelta(seconds=seconds)
        moment = start.astimezone(UTC)
        while left:
            moment = self.next_open(moment)
            day = self._day_of(moment)
            today = self.close_of(day) - moment
            if left <= today:
                return moment + left
            nearer, passed = self._skip(day, left - today)
            left -= today + passed
            moment = _hours(self.zone, self.opens, self.closes, nearer)[0]
        return moment

    def _skip(self, day: date, left: timedelta) -> tuple[date, timedelta]:
        """A business day after ``day``, and the open time, less than ``left``, before it.

        It is as late as ordinary days allow; days with an hour more move it back.
        """
        days = left // self._day_length
        while True:
            nearer = self._nth_day_after(day, days + 1)
            passed = self._open_time(day + _DAY, nearer)
            if passed < left:
                return nearer, passed
            days = max(0, days + min(-1, (left - passed) // self._day_length))

    @cached_property
    def _day_length(self) -> timedelta:
        """How long an ordinary day is open."""
        return _clock_length(self.opens, self.closes)

    @cached_property
    def _days_of_week(self) -> tuple[int, ...]:
        """Business days before Monday, before Tuesday … and in a whole week."""
        return tuple((self.weekdays & (1 << number) - 1).bit_count() for number in range(8))

    @cached_property
    def _days_off(self) -> list[date]:
        """The holidays that fall on a weekday otherwise worked, in order."""
        return sorted(day for day in self.holidays if self.weekdays >> day.weekday() & 1)

    def _day_of(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def _days_until(self, day: date) -> int:
        """Business days before a day, since the first Monday of the proleptic calendar."""
        weeks, rest = divmod(day.toordinal() - 1, 7)
        worked = weeks * self._days_of_week[7] + self._days_of_week[rest]
        return worked - bisect_left(self._days_off, day)

    def _nth_day_after(self, day: date, count: int) -> date:
        """The count-th business day after a day, by halving the days that it may be."""
        first = day.toordinal() + 1
        wanted = self._days_until(day + _DAY) + count
        most = 7 * (count // self._days_of_week[7] + 1 + len(self._days_off)) + 1
        days = range(first, first + most)
        place = bisect_left(
            days, wanted, key=lambda number: self._days_until(date.fromordinal(number) + _DAY)
        )
        return date.fromordinal(days[place])

    def _open_time(self, first: date, last: date) -> timedelta:
        """Open time of all days from ``first`` up to, but without, ``last``."""
        total = (self._days_until(last) - self._days_until(first)) * self._day_length
        for year in range(first.year, last.year + 1):
            for day, difference in _uneven_days(self.zone, self.opens, self.closes, year):
                if first <= day < last and self.is_business_day(day):
                    total += difference
        return total

    def _since_opening(self, moment: datetime) -> timedelta:
        """How much of the moment's day has been open before it."""
        day = self._day_of(moment)
        if not self.is_business_day(day):
            return _NOTHING
        opening, closing = _hours(self.zone, self.opens, self.closes, day)
        return max(_NOTHING, min(moment, closing) - opening)


def _clock_length(opens: time, closes: time) -> timedelta:
    """From opening to closing by the clock on the wall."""
    last_day = date.min + _DAY if closes == _MIDNIGHT else date.min
    return datetime.combine(last_day, closes) - datetime.combine(date.min, opens)


@lru_cache(maxsize=8192)
def _hours(zone: ZoneInfo, opens: time, closes: time, day: date) -> tuple[datetime, datetime]:
    """Opening and closing of a day in UTC; it never closes before it opens."""
    opening = datetime.combine(day, opens, zone).astimezone(UTC)
    last_day = day + _DAY if closes == _MIDNIGHT else day
    closing = datetime.combine(last_day, closes, zone).astimezone(UTC)
    return opening, max(opening, closing)


@lru_cache(maxsize=512)
def _uneven_days(
    zone: ZoneInfo, opens: time, closes: time, year: int
) -> tuple[tuple[date, timedelta], ...]:
    """The days of a year that are open for longer or shorter than their clock times say."""
    first = date(year, 1, 1).toordinal()
    usual = _clock_length(opens, closes)
    uneven = []
    for day in map(date.fromordinal, range(first, date(year, 12, 31).toordinal() + 1)):
        opening, closing = _hours.__wrapped__(zone, opens, closes, day)
        if closing - opening != usual:
            uneven.append((day, closing - opening - usual))
    return tuple(uneven)
