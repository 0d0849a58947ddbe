"""Reading calendars, rules and running clocks."""

from collections.abc import Sequence
from datetime import date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from sqlalchemy import and_, bindparam, func, or_, select

from portal.clocks.calendars import BusinessCalendar
from portal.clocks.models import Calendar, Clock, ClockKind, ClockRule, DepartmentCalendar, Holiday
from portal.clocks.rules import DEFAULT_DAYS
from portal.database import session
from portal.errors import NotFound
from portal.i18n import gettext as _
from portal.now import house_zone
from portal.people.models import Department

DEFAULT_CALENDAR = "default"
"""The key of the calendar for departments without one of their own."""

_MONDAY_TO_FRIDAY = 0b0011111
_OPENS, _CLOSES = time(9), time(17)
_CACHE = "calendars"


_CALENDAR = (
    select(Calendar)
    .outerjoin(
        DepartmentCalendar,
        and_(
            DepartmentCalendar.calendar_id == Calendar.id,
            DepartmentCalendar.department_id == bindparam("department_id"),
        ),
    )
    .where(or_(DepartmentCalendar.department_id.is_not(None), Calendar.key == DEFAULT_CALENDAR))
    .order_by(DepartmentCalendar.department_id.is_(None))
    .limit(1)
)
_HOLIDAYS = select(Holiday.on).where(Holiday.calendar_id == bindparam("calendar_id"))
_RULES = select(ClockRule.department_id, ClockRule.business_days).where(
    ClockRule.kind == bindparam("kind"),
    or_(
        ClockRule.department_id == bindparam("department_id"),
        ClockRule.department_id.is_(None),
    ),
)
_OPEN = (
    select(Clock)
    .where(
        Clock.subject_kind == bindparam("subject_kind"),
        Clock.subject_id == bindparam("subject_id"),
        Clock.stopped_at.is_(None),
    )
    .order_by(Clock.id)
)
_HISTORY = (
    select(Clock)
    .where(
        Clock.subject_kind == bindparam("subject_kind"),
        Clock.subject_id == bindparam("subject_id"),
    )
    .order_by(Clock.id)
)


def get_calendar(department_id: int | None) -> BusinessCalendar:
    """When a department works: its own calendar, else the default one, else Mon-Fri 9 to 17.

    Kept for the rest of the session (a request, a writing unit).
    """
    kept: dict[int | None, BusinessCalendar] = session().info.setdefault(_CACHE, {})
    if department_id not in kept:
        kept[department_id] = _read_calendar(department_id)
    return kept[department_id]


def _read_calendar(department_id: int | None) -> BusinessCalendar:
    row = session().scalar(_CALENDAR, {"department_id": department_id})
    if row is None:
        return _built_in(house_zone().key)
    holidays = session().scalars(_HOLIDAYS, {"calendar_id": row.id})
    return BusinessCalendar(
        zone=ZoneInfo(row.time_zone),
        weekdays=row.weekdays,
        opens=row.opens,
        closes=row.closes,
        holidays=frozenset(holidays),
    )


def forget_calendars() -> None:
    """Read calendars anew in this session: one of them has changed."""
    session().info.pop(_CACHE, None)


_BY_KEY = select(Calendar).where(Calendar.key == bindparam("key"))
_ALL = (
    select(Calendar, func.count(DepartmentCalendar.department_id))
    .outerjoin(DepartmentCalendar, DepartmentCalendar.calendar_id == Calendar.id)
    .group_by(Calendar.id)
    .order_by(Calendar.key != DEFAULT_CALENDAR, Calendar.key)
)
_DAYS_OFF = (
    select(Holiday.on, Holiday.name)
    .where(Holiday.calendar_id == bindparam("calendar_id"), Holiday.on >= bindparam("since"))
    .order_by(Holiday.on)
)
_GIVEN = select(DepartmentCalendar.department_id).where(
    DepartmentCalendar.calendar_id == bindparam("calendar_id")
)
_WITHOUT = select(Department.id).where(
    Department.id.not_in(select(DepartmentCalendar.department_id))
)


def find_calendar_by_key(key: str) -> Calendar | None:
    """The calendar with this key."""
    return session().scalar(_BY_KEY, {"key": key})


def get_stored_calendar(calendar_id: int) -> Calendar:
    """A calendar as it is stored; raises NotFound."""
    found = session().get(Calendar, calendar_id)
    if found is None:
        raise NotFound(_("There is no such calendar."))
    return found


def list_calendars() -> Sequence[tuple[Calendar, int]]:
    """Every calendar with how many departments have it, the default one first."""
    return [(row[0], row[1]) for row in session().execute(_ALL)]


def map_days_off(calendar_id: int, since: date) -> dict[date, str]:
    """The days off of a calendar from a day on, with their names, in order."""
    rows = session().execute(_DAYS_OFF, {"calendar_id": calendar_id, "since": since})
    return {row.on: row.name for row in rows}


def list_departments_by(calendar_id: int | None, key: str) -> list[int]:
    """The departments that live by a calendar; the default one holds wherever none was given."""
    if key == DEFAULT_CALENDAR:
        return list(session().scalars(_WITHOUT))
    return list(session().scalars(_GIVEN, {"calendar_id": calendar_id}))


@lru_cache(maxsize=8)
def _built_in(zone: str) -> BusinessCalendar:
    return BusinessCalendar(
        zone=ZoneInfo(zone), weekdays=_MONDAY_TO_FRIDAY, opens=_OPENS, closes=_CLOSES
    )


def days_for(kind: ClockKind, department_id: int | None) -> int:
    """Business days a kind of clock gives: the department's, the portal's, or the default."""
    kept: dict[tuple[ClockKind, int | None], int] = session().info.setdefault("clock_rules", {})
    if (kind, department_id) not in kept:
        rows = session().execute(_RULES, {"kind": kind, "department_id": department_id})
        found: dict[int | None, int] = {row.department_id: row.business_days for row in rows}
        days = found.get(department_id, found.get(None, DEFAULT_DAYS[kind]))
        kept[kind, department_id] = days
    return kept[kind, department_id]


def list_open(subject_kind: str, subject_id: int) -> list[Clock]:
    """The clocks that run or stand paused for a thing, in the order they began."""
    return list(session().scalars(_OPEN, {"subject_kind": subject_kind, "subject_id": subject_id}))


def list_all(subject_kind: str, subject_id: int) -> list[Clock]:
    """Every clock a thing ever had, in the order they began."""
    return list(
        session().scalars(_HISTORY, {"subject_kind": subject_kind, "subject_id": subject_id})
    )


def find_governing(subject_kind: str, subject_id: int) -> Clock | None:
    """The clock that the thing's state runs on, or None."""
    return next((c for c in list_open(subject_kind, subject_id) if c.is_governing), None)


def find_due(subject_kind: str, subject_id: int, kind: ClockKind) -> datetime | None:
    """When the open clock of a kind is due, or None when none runs."""
    return next((c.due_at for c in list_open(subject_kind, subject_id) if c.kind is kind), None)
