"""When somebody further up hears of what stands open."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.clocks.calendars import BusinessCalendar
from portal.clocks.ladder import Rung, climbs, next_rung_at
from portal.clocks.models import Clock, ClockKind
from tests.clocks.test_calendars import HOLIDAYS, MOMENTS, OFFICE, berlin, calendars

MONDAY = berlin(2026, 11, 16, 9)


def make_clock(
    calendar: BusinessCalendar, start: datetime, days: int, kind: ClockKind = ClockKind.DECIDE
) -> Clock:
    """A governing clock that began at a moment; it is in no database."""
    due = calendar.add_business_days(start, days)
    return Clock(
        kind=kind,
        is_governing=True,
        started_at=start,
        due_at=due,
        allowed_seconds=round(calendar.business_seconds(start, due)),
        rung=0,
    )


def rungs_of(
    calendar: BusinessCalendar, clock: Clock, start: datetime
) -> list[tuple[Rung, datetime]]:
    """Every rung with its moment, as a sweep that never sleeps would climb them."""
    found, moment = [], start
    while (reached := next_rung_at(calendar, clock, moment)) is not None:
        clock.rung += 1
        moment = max(moment, reached)
        found.append((Rung(clock.rung), reached))
    return found


def test_the_rungs_are_three_quarters_all_and_twice_of_the_time() -> None:
    clock = make_clock(OFFICE, MONDAY, 7)  # eight whole days, the first among them
    assert rungs_of(OFFICE, clock, MONDAY) == [
        (Rung.NUDGED, berlin(2026, 11, 23, 17)),
        (Rung.HEAD, berlin(2026, 11, 25, 17)),
        (Rung.SUPERIOR, berlin(2026, 12, 7, 17)),
    ]


def test_holidays_move_the_rungs_too() -> None:
    start = berlin(2026, 12, 21, 9)
    rungs = dict(rungs_of(HOLIDAYS, make_clock(HOLIDAYS, start, 3), start))
    assert rungs[Rung.HEAD] == berlin(2026, 12, 28, 17)  # the 24th and 25th are none
    assert rungs[Rung.SUPERIOR] == berlin(2027, 1, 4, 17)


def test_what_ends_by_itself_climbs_nothing() -> None:
    measuring = make_clock(OFFICE, MONDAY, 130, ClockKind.MEASURE)
    review = make_clock(OFFICE, MONDAY, 30, ClockKind.REVIEW)
    assert climbs(review)
    review.until_on = date(2027, 1, 4)
    beside = make_clock(OFFICE, MONDAY, 3, ClockKind.FIRST_REPLY)
    beside.is_governing = False
    for clock in (measuring, review, beside):
        assert next_rung_at(OFFICE, clock, MONDAY) is None


def test_a_paused_clock_and_one_that_ended_climb_nothing() -> None:
    for name in ("paused_at", "stopped_at"):
        clock = make_clock(OFFICE, MONDAY, 5)
        setattr(clock, name, MONDAY)
        assert next_rung_at(OFFICE, clock, MONDAY) is None


def test_nobody_above_hears_before_the_grace_of_a_receiver_is_over() -> None:
    clock = make_clock(OFFICE, MONDAY, 2)
    clock.rung = Rung.NUDGED.value
    clock.grace_until = berlin(2026, 11, 24, 17)
    assert next_rung_at(OFFICE, clock, MONDAY) == clock.grace_until
    clock.grace_until = MONDAY
    assert next_rung_at(OFFICE, clock, MONDAY) == clock.due_at


@settings(deadline=None)
@given(calendars(), MOMENTS, st.integers(1, 60))
def test_the_rungs_come_in_order_at_their_shares_of_business_time(
    calendar: BusinessCalendar, start: datetime, days: int
) -> None:
    clock = make_clock(calendar, start, days)
    rungs = dict(rungs_of(calendar, clock, start))
    moments = list(rungs.values())
    assert moments == sorted(moments)
    whole = calendar.business_seconds(start, clock.due_at)
    shares = {
        rung: calendar.business_seconds(start, moment) / whole if whole else 0
        for rung, moment in rungs.items()
    }
    if whole > timedelta(hours=1).total_seconds():
        assert abs(shares[Rung.NUDGED] - 0.75) < 0.001
        assert shares[Rung.HEAD] == 1
        assert abs(shares[Rung.SUPERIOR] - 2) < 0.001
    assert all(moment.tzinfo is UTC for moment in moments)
