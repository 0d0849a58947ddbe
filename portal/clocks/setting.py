"""Setting up when departments work."""

from collections.abc import Mapping
from datetime import date, time

from portal.actor import Actor
from portal.audit.services import record
from portal.clocks.models import Calendar, DepartmentCalendar, Holiday
from portal.clocks.policies import can_set_calendars
from portal.database import session

MONDAY_TO_FRIDAY = 0b0011111


def add_calendar(
    actor: Actor,
    key: str,
    *,
    time_zone: str,
    opens: time,
    closes: time,
    weekdays: int = MONDAY_TO_FRIDAY,
    holidays: Mapping[date, str] | None = None,
) -> Calendar:
    """Add a calendar; the one with the key ``default`` holds wherever none was given."""
    can_set_calendars.require(actor)
    calendar = Calendar(key=key, time_zone=time_zone, weekdays=weekdays, opens=opens, closes=closes)
    session().add(calendar)
    session().flush()
    session().add_all(
        Holiday(calendar_id=calendar.id, on=day, name=name)
        for day, name in (holidays or {}).items()
    )
    record(actor, "calendar.added", "calendar", calendar.id)
    return calendar


def give_calendar(actor: Actor, department_id: int, calendar: Calendar) -> None:
    """Let a department live by a calendar."""
    can_set_calendars.require(actor)
    known = session().get(DepartmentCalendar, department_id)
    if known is None:
        session().add(DepartmentCalendar(department_id=department_id, calendar_id=calendar.id))
    else:
        known.calendar_id = calendar.id
    record(actor, "calendar.given", "department", department_id, calendar_id=calendar.id)
