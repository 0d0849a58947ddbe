"""Quiet hours and mornings: right over midnight, weekends, holidays and both changes of clocks."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.notifications.models import Rhythm
from portal.notifications.timing import end_of_quiet, next_digest

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = (time(20), time(7))


def _berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def _weekday(day: date) -> bool:
    return day.weekday() < 5


@pytest.mark.parametrize(
    ("moment", "goes"),
    [
        ("2026-03-02 12:00", "2026-03-02 12:00"),
        ("2026-03-02 20:00", "2026-03-03 07:00"),
        ("2026-03-02 23:30", "2026-03-03 07:00"),
        ("2026-03-03 06:59", "2026-03-03 07:00"),
        ("2026-03-03 07:00", "2026-03-03 07:00"),
        ("2026-03-28 23:00", "2026-03-29 07:00"),  # that night has no 2:30
        ("2026-10-24 23:00", "2026-10-25 07:00"),  # that night has it twice
    ],
)
def test_a_letter_of_the_night_goes_in_the_morning_of_its_reader(moment: str, goes: str) -> None:
    found = end_of_quiet(_berlin(moment), BERLIN, *NIGHT)
    assert found.astimezone(BERLIN) == _berlin(goes)


def test_quiet_hours_by_day_end_on_that_day() -> None:
    found = end_of_quiet(_berlin("2026-03-02 10:15"), BERLIN, time(9), time(13))
    assert found.astimezone(BERLIN) == _berlin("2026-03-02 13:00")


def test_without_quiet_hours_a_letter_goes_at_once() -> None:
    moment = _berlin("2026-03-02 03:00")
    assert end_of_quiet(moment, BERLIN, None, None) == moment


@pytest.mark.parametrize(
    ("moment", "rhythm", "goes"),
    [
        ("2026-03-02 07:59", Rhythm.DAILY, "2026-03-02 08:00"),
        ("2026-03-02 08:00", Rhythm.DAILY, "2026-03-03 08:00"),
        ("2026-03-06 09:00", Rhythm.DAILY, "2026-03-09 08:00"),  # Friday's news on Monday
        ("2026-03-27 12:00", Rhythm.DAILY, "2026-03-30 08:00"),  # over the change of clocks
        ("2026-10-23 12:00", Rhythm.DAILY, "2026-10-26 08:00"),
        ("2026-03-02 07:00", Rhythm.WEEKLY, "2026-03-02 08:00"),
        ("2026-03-02 09:00", Rhythm.WEEKLY, "2026-03-09 08:00"),
        ("2026-03-08 23:00", Rhythm.WEEKLY, "2026-03-09 08:00"),
    ],
)
def test_a_digest_comes_on_a_working_morning(moment: str, rhythm: Rhythm, goes: str) -> None:
    found = next_digest(_berlin(moment), BERLIN, rhythm, is_working_day=_weekday)
    assert found.astimezone(BERLIN) == _berlin(goes)


def test_a_weekly_digest_passes_over_a_holiday_on_monday() -> None:
    easter = date(2026, 4, 6)
    found = next_digest(
        _berlin("2026-04-03 12:00"),
        BERLIN,
        Rhythm.WEEKLY,
        is_working_day=lambda day: _weekday(day) and day != easter,
    )
    assert found.astimezone(BERLIN) == _berlin("2026-04-07 08:00")


def test_a_digest_comes_when_the_quiet_hours_end() -> None:
    found = next_digest(
        _berlin("2026-03-02 12:00"),
        BERLIN,
        Rhythm.DAILY,
        is_working_day=_weekday,
        hour=time(13, 30),
    )
    assert found.astimezone(BERLIN) == _berlin("2026-03-02 13:30")


START = datetime(2025, 1, 1, tzinfo=UTC)
_MOMENTS = st.integers(0, 3 * 365 * 24 * 60).map(lambda n: START + timedelta(minutes=n))
_ZONES = st.sampled_from(
    ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"]
)


@settings(max_examples=200, deadline=None)
@given(moment=_MOMENTS, zone=_ZONES, rhythm=st.sampled_from([Rhythm.DAILY, Rhythm.WEEKLY]))
def test_a_digest_is_always_later_and_never_far(
    moment: datetime, zone: str, rhythm: Rhythm
) -> None:
    found = next_digest(moment, ZoneInfo(zone), rhythm, is_working_day=_weekday)
    assert moment < found <= moment + timedelta(days=7, hours=1)
    here = found.astimezone(ZoneInfo(zone))
    assert (here.hour, here.minute) == (8, 0)
    assert here.weekday() == 0 if rhythm is Rhythm.WEEKLY else here.weekday() < 5


@settings(max_examples=200, deadline=None)
@given(moment=_MOMENTS, zone=_ZONES, begins=st.times(), ends=st.times())
def test_no_letter_goes_in_the_quiet_hours_and_none_waits_for_more_than_a_day(
    moment: datetime, zone: str, begins: time, ends: time
) -> None:
    found = end_of_quiet(moment, ZoneInfo(zone), begins, ends)
    assert moment <= found <= moment + timedelta(hours=25)
    assert end_of_quiet(found, ZoneInfo(zone), begins, ends) == found
