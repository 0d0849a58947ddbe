"""Starting, pausing, handing over and stopping clocks."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from portal.clocks import queries, services
from portal.clocks.models import Clock, ClockKind, ClockRule
from portal.clocks.rules import DEFAULT_DAYS
from portal.database import Database, session, writing
from portal.now import at
from tests.factories.clocks import make_calendar
from tests.factories.people import make_department

MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
"""10:00 in Berlin."""


def start(
    kind: ClockKind = ClockKind.DECIDE,
    *,
    department_id: int = 1,
    accountable_id: int = 7,
    is_governing: bool = True,
    **terms: int | date | None,
) -> datetime:
    return services.start_clock(
        kind,
        "idea",
        1,
        department_id=department_id,
        accountable_id=accountable_id,
        is_governing=is_governing,
        **terms,
    )


def governing() -> Clock:
    clock = queries.find_governing("idea", 1)
    assert clock is not None
    return clock


def test_every_kind_of_clock_has_a_default() -> None:
    assert set(DEFAULT_DAYS) == set(ClockKind)
    assert min(DEFAULT_DAYS.values()) > 0


def test_a_first_reply_is_due_after_three_business_days(database: Database) -> None:
    with at(MONDAY), writing():
        make_calendar()
        due = start(ClockKind.FIRST_REPLY)
    assert due.date() == date(2026, 11, 19)


def test_a_holiday_and_a_weekend_do_not_count(database: Database) -> None:
    with at(MONDAY), writing():
        make_calendar(holidays=[date(2026, 11, 18)])
        assert start(days=4).date() == date(2026, 11, 23)


def test_a_department_keeps_its_own_calendar_and_days(database: Database) -> None:
    with at(MONDAY), writing():
        make_calendar()
        department = make_department()
        make_calendar(department, key="saturdays", weekdays=0b0111111)
        session().add(
            ClockRule(kind=ClockKind.DECIDE, department_id=department.id, business_days=5)
        )
        session().add(ClockRule(kind=ClockKind.DECIDE, department_id=None, business_days=6))
        assert start(department_id=department.id).date() == date(2026, 11, 21)
        assert start(department_id=department.id + 1).date() == date(2026, 11, 24)
        assert queries.days_for(ClockKind.COMMIT, department.id) == 15


def test_without_a_stored_calendar_there_is_one(database: Database) -> None:
    with at(MONDAY), writing():
        assert start(days=5).date() == date(2026, 11, 23)


def test_a_clock_can_run_until_a_promised_day(database: Database) -> None:
    with at(MONDAY), writing():
        make_calendar()
        due = start(ClockKind.DELIVER, until=date(2026, 12, 11))
    assert due == datetime(2026, 12, 11, 16, 0, tzinfo=UTC)


def test_a_thing_has_one_governing_clock(database: Database) -> None:
    with writing():
        start(ClockKind.FIRST_REPLY, is_governing=False)
        start(ClockKind.DECIDE)
        start(ClockKind.COMMIT)
        kinds = [clock.kind for clock in queries.list_open("idea", 1)]
        assert kinds == [ClockKind.FIRST_REPLY, ClockKind.COMMIT]
        assert governing().kind is ClockKind.COMMIT


def test_the_database_itself_refuses_a_second_governing_clock(database: Database) -> None:
    row = {
        "subject_kind": "idea",
        "subject_id": 1,
        "kind": ClockKind.DECIDE,
        "is_governing": True,
        "department_id": 1,
        "accountable_id": 1,
        "started_at": MONDAY,
        "due_at": MONDAY,
    }
    with pytest.raises(IntegrityError), writing():
        session().execute(insert(Clock), [row, row])


def test_a_pause_gives_back_the_business_time_that_was_left(database: Database) -> None:
    with at(MONDAY), writing():
        make_calendar()
        due = start(days=5)
    with at(MONDAY + timedelta(days=1)), writing():
        calendar = queries.get_calendar(1)
        left = calendar.business_seconds(MONDAY + timedelta(days=1), due)
        services.pause_clock("idea", 1)
        services.pause_clock("idea", 1)
        assert governing().paused_at == MONDAY + timedelta(days=1)
    resumed = MONDAY + timedelta(days=9, hours=2)
    with at(resumed), writing():
        moved = services.resume_clock("idea", 1)
        assert moved is not None
        assert queries.get_calendar(1).business_seconds(resumed, moved) == left
        assert governing().paused_at is None
        assert services.resume_clock("idea", 1) == moved


def test_a_clock_that_was_over_stays_over(database: Database) -> None:
    with at(MONDAY), writing():
        due = start(days=1)
    with at(due + timedelta(days=3)), writing():
        services.pause_clock("idea", 1)
    with at(due + timedelta(days=30)), writing():
        assert services.resume_clock("idea", 1) == due


def test_a_thing_without_a_clock_is_left_alone(database: Database) -> None:
    with writing():
        services.pause_clock("idea", 1)
        services.stop_clocks("idea", 1)
        services.hand_over("idea", 1, 5, 5)
        assert services.resume_clock("idea", 1) is None
        assert queries.find_due("idea", 1, ClockKind.DECIDE) is None


def test_a_change_of_hands_keeps_the_due_time_and_other_peoples_clocks(database: Database) -> None:
    with writing():
        due = start()
        start(ClockKind.FIRST_REPLY, is_governing=False)
        start(ClockKind.ACCEPT_TRANSFER, accountable_id=8, is_governing=False)
        services.hand_over("idea", 1, 9, 2)
        held = {clock.kind: clock.accountable_id for clock in queries.list_open("idea", 1)}
        assert held == {
            ClockKind.DECIDE: 9,
            ClockKind.FIRST_REPLY: 9,
            ClockKind.ACCEPT_TRANSFER: 8,
        }
        assert governing().due_at == due
        assert governing().department_id == 2


def test_clocks_stop_by_kind_or_all_at_once(database: Database) -> None:
    with writing():
        start()
        start(ClockKind.FIRST_REPLY, is_governing=False)
        services.stop_clocks("idea", 1, [ClockKind.FIRST_REPLY])
        assert [clock.kind for clock in queries.list_open("idea", 1)] == [ClockKind.DECIDE]
        services.stop_clocks("idea", 1)
        assert queries.list_open("idea", 1) == []
