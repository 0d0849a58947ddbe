"""Setting up when departments work, and planning what is owed there anew.

Whatever changes a calendar changes the open clocks of its departments in the same unit: the
business time that was left by the old calendar is left by the new one, what was over stays over,
and a promised day stays that day.
"""

from collections.abc import Callable, Mapping
from datetime import date, time
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import bindparam, delete, select

from portal.actor import Actor
from portal.audit.services import record
from portal.clocks.calendars import BusinessCalendar
from portal.clocks.events import ClocksReplanned, Replanned
from portal.clocks.ladder import next_rung_at
from portal.clocks.models import Calendar, Clock, DepartmentCalendar, Holiday
from portal.clocks.policies import can_set_calendars
from portal.clocks.queries import (
    find_calendar_by_key,
    forget_calendars,
    get_calendar,
    list_departments_by,
)
from portal.database import lock_row, session
from portal.errors import RuleBroken
from portal.events import publish
from portal.i18n import gettext as _
from portal.now import now
from portal.text import compare_key, one_line

MONDAY_TO_FRIDAY = 0b0011111
MAX_KEY = 64
MAX_HOLIDAYS = 1_000

_OPEN = select(Clock).where(
    Clock.stopped_at.is_(None),
    Clock.department_id.in_(bindparam("department_ids", expanding=True)),
)


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
    """Add a calendar; the one with the key ``default`` holds wherever none was given.

    Raises
    ------
    NotAllowed
        For anybody but an administrator.
    RuleBroken
        On the field at fault.
    """
    can_set_calendars.require(actor)
    name = compare_key(one_line(key))
    if not 0 < len(name) <= MAX_KEY:
        raise RuleBroken(_("A calendar's name has 1 to 64 characters."), field="key")
    if find_calendar_by_key(name) is not None:
        raise RuleBroken(_("There is a calendar %(name)s already.", name=name), field="key")
    _check(time_zone, weekdays, opens, closes)

    def change() -> Calendar:
        calendar = Calendar(
            key=name, time_zone=time_zone, weekdays=weekdays, opens=opens, closes=closes
        )
        session().add(calendar)
        session().flush()
        _put_holidays(calendar, holidays or {})
        return calendar

    calendar, count = _replanning(actor, list_departments_by(None, name), change)
    record(actor, "calendar.added", "calendar", calendar.id, replanned=count)
    return calendar


def change_calendar(
    actor: Actor,
    calendar: Calendar,
    *,
    time_zone: str,
    opens: time,
    closes: time,
    weekdays: int,
    holidays: Mapping[date, str],
    since: date,
) -> int:
    """Change hours and days off; how many open clocks were planned anew.

    ``holidays`` are all days off from the day ``since`` on; earlier ones stay.

    Raises as :func:`add_calendar`; RuleBroken also on ``holidays``.
    """
    can_set_calendars.require(actor)
    _check(time_zone, weekdays, opens, closes)
    if any(day < since for day in holidays):
        raise RuleBroken(_("Days before this year stay as they are."), field="holidays")

    def change() -> None:
        calendar.time_zone, calendar.weekdays = time_zone, weekdays
        calendar.opens, calendar.closes = opens, closes
        session().execute(
            delete(Holiday).where(Holiday.calendar_id == calendar.id, Holiday.on >= since)
        )
        _put_holidays(calendar, holidays)

    _done, count = _replanning(actor, list_departments_by(calendar.id, calendar.key), change)
    record(
        actor,
        "calendar.changed",
        "calendar",
        calendar.id,
        days_off=len(holidays),
        replanned=count,
    )
    return count


def give_calendar(actor: Actor, department_id: int, calendar: Calendar | None) -> int:
    """Let a department live by a calendar, or by the default one; how many clocks it moved."""
    can_set_calendars.require(actor)

    def change() -> None:
        known = session().get(DepartmentCalendar, department_id)
        if known is not None and calendar is None:
            session().delete(known)
        elif known is not None and calendar is not None:
            known.calendar_id = calendar.id
        elif calendar is not None:
            row = DepartmentCalendar(department_id=department_id, calendar_id=calendar.id)
            session().add(row)
        session().flush()

    _done, count = _replanning(actor, [department_id], change)
    given = calendar.id if calendar is not None else None
    record(actor, "calendar.given", "department", department_id, calendar_id=given, replanned=count)
    return count


def _check(time_zone: str, weekdays: int, opens: time, closes: time) -> None:
    try:
        zone = ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise RuleBroken(_("This is no time zone."), field="time_zone") from None
    if not 0 < weekdays < 128:
        raise RuleBroken(_("Choose at least one day of the week."), field="weekdays")
    try:
        BusinessCalendar(zone, weekdays, opens, closes)
    except ValueError:
        raise RuleBroken(_("It closes before it opens."), field="closes") from None


def _put_holidays(calendar: Calendar, holidays: Mapping[date, str]) -> None:
    if len(holidays) > MAX_HOLIDAYS:
        raise RuleBroken(_("%(n)s days off are the most.", n=MAX_HOLIDAYS), field="holidays")
    session().add_all(
        Holiday(calendar_id=calendar.id, on=day, name=name[:80]) for day, name in holidays.items()
    )
    session().flush()


Changed = TypeVar("Changed", bound=Calendar | None)
"""What changing calendars brings about: the calendar, or nothing."""


def _replanning(
    actor: Actor, department_ids: list[int], change: Callable[[], Changed]
) -> tuple[Changed, int]:
    """Change calendars, and plan every open clock of these departments anew."""
    found = lock_row(_OPEN.order_by(Clock.id))
    clocks = list(session().scalars(found, {"department_ids": department_ids}))
    before = {one: get_calendar(one) for one in {clock.department_id for clock in clocks}}
    changed = change()
    forget_calendars()
    moved = []
    for clock in clocks:
        was_due_at, calendar = clock.due_at, get_calendar(clock.department_id)
        _plan_again(clock, before[clock.department_id], calendar)
        if clock.due_at != was_due_at:
            moved.append(Replanned(clock.subject_kind, clock.subject_id, was_due_at, clock.due_at))
    session().flush()
    if moved:
        publish(ClocksReplanned(tuple(moved), actor.id))
    return changed, len(moved)


def _plan_again(clock: Clock, before: BusinessCalendar, after: BusinessCalendar) -> None:
    """Leave a clock the business time it had; a paused one, that of its pause."""
    stands_at = clock.paused_at or now()
    if clock.until_on is not None and clock.due_at > stands_at:
        clock.due_at = after.close_of_business(clock.until_on)
    elif clock.due_at > stands_at:
        left = before.business_seconds(stands_at, clock.due_at)
        clock.due_at = after.add_business_seconds(after.next_open(stands_at), left)
    if clock.grace_until is not None and clock.grace_until > stands_at:
        left = before.business_seconds(stands_at, clock.grace_until)
        clock.grace_until = after.add_business_seconds(after.next_open(stands_at), left)
    if clock.next_at is not None:
        clock.next_at = next_rung_at(after, clock, now())


def note_preview(actor: Actor, calendar: Calendar, *, count: int) -> None:
    """Note that a file was looked at; nothing of it is kept."""
    can_set_calendars.require(actor)
    record(actor, "calendar.previewed", "calendar", calendar.id, days_off=count)
