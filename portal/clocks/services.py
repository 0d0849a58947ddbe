"""Starting, pausing, handing over and stopping clocks; inside the unit of what caused it."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import bindparam, select, update

from portal.clocks.ladder import next_rung_at
from portal.clocks.models import Clock, ClockKind
from portal.clocks.queries import days_for, find_governing, get_calendar, list_open
from portal.database import session
from portal.now import now


def start_clock(
    kind: ClockKind,
    subject_kind: str,
    subject_id: int,
    *,
    department_id: int,
    accountable_id: int,
    is_governing: bool,
    days: int | None = None,
    until: date | None = None,
    due_at: datetime | None = None,
) -> datetime:
    """Begin to owe something and return when it is due.

    It is due after ``days`` business days of the department (without them, what its rules
    give for the kind), or at the close of business on the day ``until``, or on the next
    business day where that is none: nothing is due on a holiday.  A caller that has counted
    for itself names ``due_at``.  A governing clock takes the place of the one before it, so
    that a thing never has two.
    """
    if is_governing:
        _stop_governing(subject_kind, subject_id)
    started = now()
    calendar = get_calendar(department_id)
    if due_at is not None:
        due = due_at
    elif until is not None:
        due = calendar.close_of_business(until)
    else:
        days = days_for(kind, department_id) if days is None else days
        due = calendar.add_business_days(started, days)
    clock = Clock(
        subject_kind=subject_kind,
        subject_id=subject_id,
        kind=kind,
        is_governing=is_governing,
        department_id=department_id,
        accountable_id=accountable_id,
        started_at=started,
        due_at=due,
        allowed_seconds=max(0, round(calendar.business_seconds(started, due))),
        until_on=until,
        rung=0,
    )
    clock.next_at = next_rung_at(calendar, clock, started)
    session().add(clock)
    session().flush()
    return due


def _stop_governing(subject_kind: str, subject_id: int) -> None:
    session().execute(
        update(Clock)
        .where(
            Clock.subject_kind == subject_kind,
            Clock.subject_id == subject_id,
            Clock.is_governing,
            Clock.stopped_at.is_(None),
        )
        .values(stopped_at=now(), next_at=None)
    )


def stop_clocks(
    subject_kind: str, subject_id: int, kinds: Collection[ClockKind] | None = None
) -> None:
    """End the open clocks of a thing, or those of some kinds; none open is fine."""
    for clock in list_open(subject_kind, subject_id):
        if kinds is None or clock.kind in kinds:
            clock.stopped_at, clock.next_at = now(), None
    session().flush()


def pause_clock(subject_kind: str, subject_id: int) -> None:
    """Let the governing clock stand still; what is left of it is kept."""
    clock = find_governing(subject_kind, subject_id)
    if clock is not None and clock.paused_at is None:
        clock.paused_at, clock.next_at = now(), None
        session().flush()


def resume_clock(subject_kind: str, subject_id: int) -> datetime | None:
    """Let the governing clock run on, and return when it is due now; None without a clock.

    The business time that was left at the pause is left again; a clock that was over stays over.
    """
    clock = find_governing(subject_kind, subject_id)
    if clock is None:
        return None
    if clock.paused_at is not None:
        calendar = get_calendar(clock.department_id)
        left = calendar.business_seconds(clock.paused_at, clock.due_at)
        if clock.due_at > clock.paused_at:
            clock.due_at = calendar.add_business_seconds(now(), left)
        clock.paused_at = None
        clock.next_at = next_rung_at(calendar, clock, now())
        session().flush()
    return clock.due_at


def restart_clock(
    kind: ClockKind, subject_kind: str, subject_id: int, *, department_id: int, accountable_id: int
) -> datetime:
    """Let the last ended clock of a kind govern again, and return when it is due.

    The business time that was left when it ended is left again; one that was over stays over.
    It still says since when it is owed.  Without an earlier one, a new one starts.
    """
    last = session().scalar(
        _ENDED, {"kind": kind, "subject_kind": subject_kind, "subject_id": subject_id}
    )
    if last is None or last.stopped_at is None:
        return start_clock(
            kind,
            subject_kind,
            subject_id,
            department_id=department_id,
            accountable_id=accountable_id,
            is_governing=True,
        )
    _stop_governing(subject_kind, subject_id)
    stood_still = last.paused_at or last.stopped_at
    calendar = get_calendar(department_id)
    if last.due_at > stood_still:
        left = calendar.business_seconds(stood_still, last.due_at)
        last.due_at = calendar.add_business_seconds(now(), left)
    last.stopped_at = last.paused_at = None
    last.is_governing = True
    last.department_id, last.accountable_id = department_id, accountable_id
    last.next_at = next_rung_at(calendar, last, now())
    session().flush()
    return last.due_at


_ENDED = (
    select(Clock)
    .where(
        Clock.subject_kind == bindparam("subject_kind"),
        Clock.subject_id == bindparam("subject_id"),
        Clock.kind == bindparam("kind"),
        Clock.stopped_at.is_not(None),
    )
    .order_by(Clock.id.desc())
    .limit(1)
)


def hand_over(
    subject_kind: str,
    subject_id: int,
    accountable_id: int,
    department_id: int,
    *,
    grace_days: int | None = None,
) -> None:
    """Give the governing clock, and what its holder owes beside it, to somebody else.

    Due times stay: a change of hands never resets them.  With ``grace_days`` the receiver has
    at least so many business days before anybody above hears that the thing is late.
    """
    governing = find_governing(subject_kind, subject_id)
    if governing is None:
        return
    held_by = governing.accountable_id
    for clock in list_open(subject_kind, subject_id):
        if clock.accountable_id == held_by:
            clock.accountable_id = accountable_id
            clock.department_id = department_id
    if grace_days is not None:
        calendar = get_calendar(department_id)
        governing.grace_until = calendar.add_business_days(now(), grace_days)
        governing.next_at = next_rung_at(calendar, governing, now())
    session().flush()


def pass_on(subject_kind: str, subject_id: int, from_id: int, to_id: int) -> None:
    """Let what somebody owes on a thing be owed by another; nothing else about it changes."""
    for clock in list_open(subject_kind, subject_id):
        if clock.accountable_id == from_id:
            clock.accountable_id = to_id
    session().flush()
