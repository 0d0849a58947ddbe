"""The working days of the demo company."""

from datetime import UTC, date, datetime
from random import Random

import pytest

from portal.demo.days import Workdays, at_local, easter, is_workday, workday_after


@pytest.mark.parametrize(
    ("year", "sunday"),
    [(2000, date(2000, 4, 23)), (2025, date(2025, 4, 20)), (2026, date(2026, 4, 5))],
)
def test_easter_falls_on_the_known_sundays(year: int, sunday: date) -> None:
    assert easter(year) == sunday


def test_nobody_works_at_the_weekend_or_on_whit_monday() -> None:
    assert not is_workday(date(2026, 11, 22))
    assert not is_workday(date(2026, 5, 25))
    assert is_workday(date(2026, 5, 26))


def test_local_minutes_follow_summer_time() -> None:
    assert at_local(date(2026, 7, 1), 600) == datetime(2026, 7, 1, 8, tzinfo=UTC)
    assert at_local(date(2026, 12, 1), 600) == datetime(2026, 12, 1, 9, tzinfo=UTC)


def test_workdays_are_counted_backwards_from_the_last_one() -> None:
    workdays = Workdays.before(date(2026, 11, 22))
    assert workdays.days[:2] == (date(2026, 11, 20), date(2026, 11, 19))
    assert workdays.age_of(date(2026, 11, 18)) == 2
    assert workdays.age_of(date(2026, 11, 15)) == 4
    assert workdays.age_of(date(2026, 11, 21)) == 0
    assert workdays.at(1, Random(1)).date() == date(2026, 11, 19)


def test_workdays_ahead_jump_over_christmas() -> None:
    assert workday_after(date(2026, 12, 23), 2) == date(2026, 12, 28)
