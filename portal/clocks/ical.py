"""Whole days off from an iCalendar file (RFC 5545), however hostile; pure.

Taken are all-day events of one day or several, and what repeats yearly.  Events with an hour are
no days off and are named as left out.  Whatever else is wrong is refused with a sentence that
names it; nothing is half read.
"""

import re
from calendar import monthcalendar, monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from portal.errors import RuleBroken
from portal.i18n import gettext as _
from portal.text import one_line

MAX_BYTES = 1_000_000
MAX_EVENTS = 1_000
MAX_DAYS = 1_000
MAX_NAME = 80
LONGEST = 60
"""Days of one event: longer ones are no holiday."""

_DAY = timedelta(days=1)
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_NTH = re.compile("([+-]?[1-4])(MO|TU|WE|TH|FR|SA|SU)")
_YEARLY = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYMONTH", "BYMONTHDAY", "BYDAY", "WKST"}
_EARLIEST = 1900


@dataclass(frozen=True, slots=True)
class Found:
    """The days of a file by date with their names, and the names of what was left out."""

    days: dict[date, str]
    left_out: tuple[str, ...]


def read_days_off(data: bytes, *, first: date, last: date) -> Found:
    """The days off of an iCalendar file that fall between two days, both included.

    Raises
    ------
    RuleBroken
        Naming what is wrong with the file.
    """
    days: dict[date, str] = {}
    left_out = []
    for event in _list_events(data):
        name = one_line(str(event.get("SUMMARY", "")))[:MAX_NAME] or _("Closed")
        if str(event.get("STATUS", "")).upper() == "CANCELLED":
            continue
        start = _value(event, "DTSTART", name)
        if isinstance(start, datetime):
            left_out.append(name)
            continue
        length = _length(event, start, name)
        for begin in _beginnings(event, start, name, first, last):
            for number in range(length):
                day = begin + number * _DAY
                if first <= day <= last:
                    days.setdefault(day, name)
        if len(days) > MAX_DAYS:
            raise RuleBroken(_("More than %(n)s days off are no working year.", n=MAX_DAYS))
    if not days and not left_out:
        raise RuleBroken(_("No day off in this file falls between now and then."))
    return Found(dict(sorted(days.items())), tuple(dict.fromkeys(left_out)))


def _list_events(data: bytes) -> list[Any]:
    from icalendar import Calendar  # it takes a moment to load, and few pages need it

    if len(data) > MAX_BYTES:
        raise RuleBroken(_("The file is larger than %(n)s MB.", n=MAX_BYTES // 1_000_000))
    if not data.lstrip(b"\xef\xbb\xbf \r\n\t")[:15].upper().startswith(b"BEGIN:VCALENDAR"):
        raise RuleBroken(_("This is no iCalendar file: it does not begin with BEGIN:VCALENDAR."))
    if data.upper().count(b"BEGIN:") > 2 * MAX_EVENTS:
        raise RuleBroken(_("More than %(n)s events are too many.", n=MAX_EVENTS))
    try:
        text = data.decode("utf-8-sig").replace("\x00", "")
        events = Calendar.from_ical(text).walk("VEVENT")
    except UnicodeDecodeError as error:
        raise RuleBroken(
            _("The file is not in UTF-8: byte %(n)s is none of it.", n=error.start + 1)
        ) from None
    except Exception as error:  # the parser promises no kind of error
        said = one_line(str(error))[:120] or type(error).__name__
        raise RuleBroken(_("The file cannot be read: %(why)s", why=said)) from None
    if not events:
        raise RuleBroken(_("There is no event in this file."))
    return list(events)


def _value(event: Any, name: str, title: str) -> date:
    """A date (or moment) of an event."""
    try:
        found = event[name].dt
    except Exception:  # the parser keeps what it could not read until it is asked for
        raise _wrong(title, _("%(what)s is missing or no date", what=name)) from None
    if not isinstance(found, date) or found.year < _EARLIEST:
        raise _wrong(title, _("%(what)s is missing or no date", what=name))
    return found


def _length(event: Any, start: date, title: str) -> int:
    """How many days it takes; its end is the day after the last one."""
    try:
        if event.get("DTEND") is not None:
            end = _value(event, "DTEND", title)
            days = (end - start).days if not isinstance(end, datetime) else 0
        elif event.get("DURATION") is not None:
            days = event["DURATION"].dt.days
        else:
            days = 1
    except (AttributeError, TypeError, ValueError, OverflowError):
        raise _wrong(title, _("its end is no day")) from None
    if not 1 <= days <= LONGEST:
        raise _wrong(
            title, _("it takes %(n)s days; from 1 to %(most)s can be", n=days, most=LONGEST)
        )
    return days


def _beginnings(event: Any, start: date, title: str, first: date, last: date) -> Iterator[date]:
    """The first day of an event each time it happens, up to the last day wanted."""
    rule = event.get("RRULE")
    if rule is None:
        yield start
        return
    if isinstance(rule, list):
        raise _wrong(title, _("it has more than one rule of repetition"))
    parts = {str(name).upper(): values for name, values in rule.items()}
    if set(parts) - _YEARLY or parts.get("FREQ") != ["YEARLY"]:
        said = one_line(rule.to_ical().decode(errors="replace"))[:60]
        raise _wrong(title, _("only yearly repetitions can be read, not %(rule)s", rule=said))
    if any(len(values) != 1 for values in parts.values()):
        raise _wrong(title, _("its repetition names more than one of something"))
    left_out = _exceptions(event, title)
    try:
        found = list(
            _repeat({name: values[0] for name, values in parts.items()}, start, first, last)
        )
    except (ValueError, TypeError, AttributeError):
        raise _wrong(title, _("its repetition makes no sense")) from None
    yield from (day for day in found if day not in left_out)


def _repeat(rule: dict[str, Any], start: date, first: date, last: date) -> Iterator[date]:
    """The days of a yearly repetition; the years before those wanted are left out."""
    every, most = max(1, int(rule.get("INTERVAL", 1))), int(rule.get("COUNT", MAX_EVENTS))
    until = rule.get("UNTIL", last)
    until = min(until.date() if isinstance(until, datetime) else until, last)
    month = int(rule.get("BYMONTH", start.month))
    skipped = 0 if "COUNT" in rule else max(0, first.year - 1 - start.year) // every
    for year in range(start.year + skipped * every, until.year + 1, every):
        day = _day_in(year, month, rule, start)
        if day is None or day < start:
            continue
        if day > until or most == 0:
            return
        most -= 1
        yield day


def _day_in(year: int, month: int, rule: dict[str, Any], start: date) -> date | None:
    """The day of a year that a repetition means; None where that year has none."""
    if "BYDAY" in rule:
        found = _NTH.fullmatch(str(rule["BYDAY"]).upper())
        if found is None or "BYMONTHDAY" in rule:
            raise ValueError("a weekday is counted within its month")
        weeks = monthcalendar(year, month)
        column = _WEEKDAYS.index(found[2])
        days = [week[column] for week in weeks if week[column]]
        place = int(found[1])
        return date(year, month, days[place - 1 if place > 0 else place])
    number = int(rule.get("BYMONTHDAY", start.day))
    length = monthrange(year, month)[1]
    number = length + 1 + number if number < 0 else number
    return date(year, month, number) if 1 <= number <= length else None


def _exceptions(event: Any, title: str) -> set[date]:
    """The days that its repetition leaves out."""
    found = event.get("EXDATE")
    lists = found if isinstance(found, list) else [found] if found is not None else []
    try:
        values = [one.dt for each in lists for one in each.dts]
    except AttributeError:
        raise _wrong(title, _("its exceptions are no days")) from None
    return {one.date() if isinstance(one, datetime) else one for one in values}


def _wrong(title: str, why: str) -> RuleBroken:
    return RuleBroken(_("The event “%(name)s” cannot be read: %(why)s.", name=title, why=why))
