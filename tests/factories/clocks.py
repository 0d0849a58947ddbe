"""Calendars and clocks."""

from collections.abc import Iterable
from datetime import date, time

from portal.clocks.models import Calendar, DepartmentCalendar, Holiday
from portal.database import session
from portal.people.models import Department


def make_calendar(
    department: Department | None = None,
    *,
    key: str = "default",
    time_zone: str = "Europe/Berlin",
    weekdays: int = 0b0011111,
    holidays: Iterable[date] = (),
) -> Calendar:
    """A calendar, 9 to 17, for a department or (with the key ``default``) for all others."""
    calendar = Calendar(
        key=key, time_zone=time_zone, weekdays=weekdays, opens=time(9), closes=time(17)
    )
    session().add(calendar)
    session().flush()
    session().add_all(Holiday(calendar_id=calendar.id, on=on, name="Holiday") for on in holidays)
    if department is not None:
        session().add(DepartmentCalendar(department_id=department.id, calendar_id=calendar.id))
    session().flush()
    return calendar
