"""When a day begins: where the house stands, not in Greenwich."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from portal import i18n
from portal.now import at, day_of, house_zone, live_in, midnight, today

DAY = date(2026, 3, 29)
"""On this day summer time begins in Berlin."""


@pytest.fixture
def _elsewhere() -> Iterator[None]:
    before = house_zone().key
    yield
    live_in(before)


@pytest.mark.usefixtures("_elsewhere")
@pytest.mark.parametrize(
    ("zone", "moment", "day"),
    [
        ("UTC", datetime(2026, 3, 28, 23, 30, tzinfo=UTC), date(2026, 3, 28)),
        ("Europe/Berlin", datetime(2026, 3, 28, 23, 30, tzinfo=UTC), DAY),
        ("America/New_York", datetime(2026, 3, 30, 3, 30, tzinfo=UTC), DAY),
        ("Pacific/Auckland", datetime(2026, 3, 28, 11, 30, tzinfo=UTC), DAY),
        ("Europe/Berlin", datetime(2026, 12, 31, 23, 30, tzinfo=UTC), date(2027, 1, 1)),
    ],
)
def test_today_is_the_day_of_the_house(zone: str, moment: datetime, day: date) -> None:
    live_in(zone)
    with at(moment):
        assert today() == day
        assert today(ZoneInfo("UTC")) == moment.date()
    assert midnight(day) <= moment
    assert day_of(midnight(day)) == day
    with i18n.speaking("en"):
        assert i18n.local(moment).date() == day, "who names no zone reads in the house's"


@pytest.mark.usefixtures("_elsewhere")
def test_a_day_lasts_as_long_as_the_clocks_on_the_wall_say() -> None:
    live_in("Europe/Berlin")
    after = midnight(date(2026, 3, 30)) - midnight(DAY)
    assert after.total_seconds() == 23 * 3600
    assert midnight(DAY) == datetime(2026, 3, 28, 23, tzinfo=UTC)


def test_the_house_stands_where_the_setting_says(app: object) -> None:
    assert app is not None
    assert house_zone().key == "Europe/Berlin"
