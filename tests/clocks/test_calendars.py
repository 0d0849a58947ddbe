"""Business time, over weekends, holidays and the two nights on which the clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from portal.clocks.calendars import BusinessCalendar

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
MONDAY_TO_FRIDAY, EVERY_DAY = 31, 127
OFFICE = BusinessCalendar(BERLIN, MONDAY_TO_FRIDAY, time(9), time(17))
HOLIDAYS = BusinessCalendar(
    BERLIN,
    MONDAY_TO_FRIDAY,
    time(9),
    time(17),
    frozenset({date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 1)}),
)
NIGHT = BusinessCalendar(BERLIN, EVERY_DAY, time(0), time(0))
HOUR = 3600


def berlin(*parts: int) -> datetime:
    """A moment by the clock in Berlin."""
    return datetime(*parts, tzinfo=BERLIN).astimezone(UTC)


def test_due_days_end_at_close_of_business():
    assert OFFICE.add_business_days(berlin(2026, 11, 23, 10), 3) == berlin(2026, 11, 26, 17)


def test_the_day_of_the_start_does_not_count():
    for hour in (0, 8, 10, 20, 23):
        assert OFFICE.add_business_days(berlin(2026, 11, 27, hour), 1) == berlin(2026, 11, 30, 17)


def test_a_weekend_and_holidays_do_not_count():
    assert OFFICE.add_business_days(berlin(2026, 11, 28, 12), 1) == berlin(2026, 11, 30, 17)
    assert HOLIDAYS.add_business_days(berlin(2026, 12, 23, 12), 1) == berlin(2026, 12, 28, 17)
    assert HOLIDAYS.add_business_days(berlin(2026, 12, 23, 12), 5) == berlin(2027, 1, 4, 17)


def test_due_in_no_days_is_the_next_closing():
    assert OFFICE.add_business_days(berlin(2026, 11, 23, 10), 0) == berlin(2026, 11, 23, 17)
    assert OFFICE.add_business_days(berlin(2026, 11, 23, 18), 0) == berlin(2026, 11, 24, 17)
    assert OFFICE.add_business_days(berlin(2026, 11, 28, 10), 0) == berlin(2026, 11, 30, 17)


def test_the_closing_hour_stays_when_the_clocks_change():
    before = berlin(2026, 10, 23, 12)
    assert OFFICE.add_business_days(before, 1) == datetime(2026, 10, 26, 16, tzinfo=UTC)
    assert OFFICE.close_of(date(2026, 10, 23)) == datetime(2026, 10, 23, 15, tzinfo=UTC)


def test_it_is_open_from_opening_until_just_before_closing():
    assert not OFFICE.is_open(berlin(2026, 11, 23, 8, 59))
    assert OFFICE.is_open(berlin(2026, 11, 23, 9))
    assert OFFICE.is_open(berlin(2026, 11, 23, 16, 59))
    assert not OFFICE.is_open(berlin(2026, 11, 23, 17))
    assert not OFFICE.is_open(berlin(2026, 11, 22, 12))
    assert not HOLIDAYS.is_open(berlin(2026, 12, 25, 12))


def test_the_next_opening():
    assert OFFICE.next_open(berlin(2026, 11, 23, 11)) == berlin(2026, 11, 23, 11)
    assert OFFICE.next_open(berlin(2026, 11, 23, 7)) == berlin(2026, 11, 23, 9)
    assert OFFICE.next_open(berlin(2026, 11, 27, 17)) == berlin(2026, 11, 30, 9)
    assert HOLIDAYS.next_open(berlin(2026, 12, 23, 18)) == berlin(2026, 12, 28, 9)


def test_business_seconds_leave_nights_and_weekends_out():
    friday, monday = berlin(2026, 11, 27, 16), berlin(2026, 11, 30, 10)
    assert OFFICE.business_seconds(friday, monday) == 2 * HOUR
    assert OFFICE.business_seconds(monday, friday) == -2 * HOUR
    assert OFFICE.business_seconds(friday, friday) == 0


def test_business_seconds_are_added_up_to_the_closing():
    friday = berlin(2026, 11, 27, 16)
    assert OFFICE.add_business_seconds(friday, HOUR) == berlin(2026, 11, 27, 17)
    assert OFFICE.add_business_seconds(friday, 2 * HOUR) == berlin(2026, 11, 30, 10)
    assert OFFICE.add_business_seconds(berlin(2026, 11, 28, 3), 0) == berlin(2026, 11, 28, 3)


@pytest.mark.threat(86)
def test_only_those_awake_in_that_night_work_an_hour_more_or_less():
    for calendar, spring, autumn in ((NIGHT, 23, 25), (OFFICE, 0, 0)):
        at_spring = (berlin(2026, 3, 29, 0), berlin(2026, 3, 30, 0))
        at_autumn = (berlin(2026, 10, 25, 0), berlin(2026, 10, 26, 0))
        assert calendar.business_seconds(*at_spring) == spring * HOUR
        assert calendar.business_seconds(*at_autumn) == autumn * HOUR
    year = NIGHT.business_seconds(berlin(2026, 1, 1), berlin(2027, 1, 1))
    assert year == 365 * 24 * HOUR


@pytest.mark.threat(86)
def test_a_second_a_day_that_is_an_hour_once_a_year_is_counted():
    odd = BusinessCalendar(BERLIN, EVERY_DAY, time(2, 59, 59), time(3))
    start = berlin(2026, 10, 20)
    for seconds in (1, 5, 6, 100, 3606, 3607, 5000):
        due = odd.add_business_seconds(start, seconds)
        assert odd.business_seconds(start, due) == seconds


def test_a_year_counts_its_business_days():
    assert OFFICE.business_days_between(berlin(2025, 12, 31), berlin(2026, 12, 31)) == 261
    assert HOLIDAYS.business_days_between(berlin(2025, 12, 31), berlin(2026, 12, 31)) == 259
    assert OFFICE.business_days_between(berlin(2026, 11, 30), berlin(2026, 11, 27)) == -1


@pytest.mark.parametrize(
    "wrong",
    [
        {"weekdays": 0},
        {"weekdays": 128},
        {"opens": time(17), "closes": time(9)},
        {"opens": time(9), "closes": time(9)},
    ],
)
def test_a_calendar_that_never_opens_is_refused(wrong):
    right = {"weekdays": 31, "opens": time(9), "closes": time(17)}
    with pytest.raises(ValueError, match="a calendar"):
        BusinessCalendar(BERLIN, **{**right, **wrong})


def test_business_time_is_not_taken_away():
    with pytest.raises(ValueError, match="taken away"):
        OFFICE.add_business_days(berlin(2026, 11, 27), -1)
    with pytest.raises(ValueError, match="taken away"):
        OFFICE.add_business_seconds(berlin(2026, 11, 27), -1)


START = datetime(2024, 1, 1, tzinfo=UTC)
MOMENTS = st.timedeltas(timedelta(), timedelta(days=1800)).map(lambda passed: START + passed)
DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
TIMES = st.times().map(lambda at: at.replace(microsecond=0))


@st.composite
def calendars(draw):
    """Any calendar: odd hours, odd weekdays, scattered and clustered holidays."""
    opens, closes = draw(TIMES), draw(TIMES | st.just(time()))
    assume(closes == time() or opens < closes)
    assume(not (opens == closes != time()))
    start = draw(DAYS)
    cluster = {start + timedelta(days=number) for number in range(draw(st.integers(0, 40)))}
    zone = draw(st.sampled_from([BERLIN, NEW_YORK, ZoneInfo("UTC"), ZoneInfo("Asia/Kolkata")]))
    holidays = frozenset(cluster | draw(st.sets(DAYS, max_size=20)))
    return BusinessCalendar(zone, draw(st.integers(1, 127)), opens, closes, holidays)


@pytest.mark.threat(86)
@settings(deadline=None)
@given(calendars(), MOMENTS, st.integers(0, 400 * 86_400))
def test_what_is_added_lies_between(calendar, start, seconds):
    assert (
        calendar.business_seconds(start, calendar.add_business_seconds(start, seconds)) == seconds
    )


@settings(deadline=None)
@given(calendars(), MOMENTS, st.integers(1, 400))
def test_days_that_are_added_lie_between(calendar, start, days):
    due = calendar.add_business_days(start, days)
    assert calendar.business_days_between(start, due - timedelta(microseconds=1)) == days
    assert due > start


@settings(deadline=None)
@given(calendars(), MOMENTS, MOMENTS, st.integers(0, 100))
def test_who_starts_later_is_never_due_earlier(calendar, one, other, count):
    early, late = sorted((one, other))
    assert calendar.add_business_days(early, count) <= calendar.add_business_days(late, count)
    assert calendar.next_open(early) <= calendar.next_open(late)
    hours = count * HOUR
    assert calendar.add_business_seconds(early, hours) <= calendar.add_business_seconds(late, hours)


@settings(deadline=None)
@given(calendars(), MOMENTS, MOMENTS, MOMENTS)
def test_business_time_adds_up(calendar, one, other, third):
    whole = calendar.business_seconds(one, third)
    parts = calendar.business_seconds(one, other) + calendar.business_seconds(other, third)
    assert parts == pytest.approx(whole, abs=1e-4)


@settings(deadline=None)
@given(calendars(), MOMENTS, st.integers(0, 60))
def test_the_arithmetic_agrees_with_counting_day_by_day(calendar, start, length):
    end = start + timedelta(days=length)
    day, last = start.astimezone(calendar.zone).date(), end.astimezone(calendar.zone).date()
    worked = 0
    while day < last:
        day += timedelta(days=1)
        worked += calendar.is_business_day(day)
    assert calendar.business_days_between(start, end) == worked


@settings(deadline=None)
@given(calendars(), MOMENTS)
def test_the_next_opening_is_open_or_has_no_time_at_all(calendar, moment):
    opening = calendar.next_open(moment)
    assert opening >= moment
    assert calendar.is_open(opening) or calendar.business_seconds(moment, opening) == 0


def test_whole_days_that_are_left_end_at_a_closing_not_at_the_next_opening() -> None:
    calendar = BusinessCalendar(
        zone=ZoneInfo("Europe/Berlin"), weekdays=0b0011111, opens=time(9), closes=time(17)
    )
    monday = datetime(2026, 11, 16, 9, tzinfo=ZoneInfo("Europe/Berlin"))
    due = calendar.add_business_seconds(monday, 3 * 8 * 3600)
    assert due == datetime(2026, 11, 18, 17, tzinfo=ZoneInfo("Europe/Berlin"))
