"""Business hours that are changed while clocks run: what is owed keeps the time it had left."""

from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from portal import now
from portal.actor import PROGRAM, Role
from portal.audit.models import AuditRow
from portal.clocks import queries, services, setting
from portal.clocks.calendars import BusinessCalendar
from portal.clocks.models import Calendar, Clock, ClockKind, DepartmentCalendar, Holiday
from portal.database import Database, reading, release, session, writing
from portal.errors import NotAllowed, RuleBroken
from portal.ideas.models import Idea, MarkKind
from portal.ideas.queries import get_timeline
from portal.people.models import Department
from portal.triage.services import ask_author
from tests.clocks.test_ical import ics
from tests.factories.clocks import make_calendar
from tests.factories.people import actor_of, make_person
from tests.factories.triage import House, make_house, submit
from tests.support.client import Client

MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
OFFICE = {"time_zone": "Europe/Berlin", "opens": time(9), "closes": time(17), "weekdays": 31}
SINCE = date(2026, 1, 1)


@pytest.fixture
def house(app: object) -> House:
    """A board, billing, metering, and two agents."""
    with writing():
        return make_house()


def change(calendar: Calendar, **terms: object) -> int:
    """Another form of the calendar, from this year on."""
    values = {**OFFICE, "holidays": {}, "since": SINCE, **terms}
    stored = session().get_one(Calendar, calendar.id)
    return setting.change_calendar(PROGRAM, stored, **values)


def clock_of(idea: Idea, kind: ClockKind = ClockKind.DECIDE) -> Clock:
    """An open clock of an idea."""
    return next(one for one in queries.list_open("idea", idea.id) if one.kind is kind)


def test_a_new_day_off_moves_what_is_owed_and_the_items_say_so(house: House) -> None:
    with now.at(MONDAY), writing():
        calendar = make_calendar()
        idea = submit(house.agent, house.billing.reason)
    assert idea.due_at == datetime(2026, 11, 30, 16, tzinfo=UTC)
    with now.at(MONDAY + DAY), writing():
        assert change(calendar, holidays={date(2026, 11, 20): "Repentance Day"}) == 1
    with reading():
        clock = clock_of(idea)
        assert clock.due_at == datetime(2026, 12, 1, 16, tzinfo=UTC)
        assert session().get_one(Idea, idea.id).due_at == clock.due_at
        top = get_timeline(idea.id)[0]
        assert (top.what, top.details["due"]) == (MarkKind.REPLANNED, "2026-12-01T16:00:00+00:00")
        row = session().scalars(select(AuditRow).where(AuditRow.action == "calendar.changed")).one()
        assert row.details["replanned"] == 1


def test_a_calendar_that_stays_as_it_is_moves_nothing(house: House) -> None:
    with now.at(MONDAY), writing():
        calendar = make_calendar()
        idea = submit(house.agent, house.billing.reason)
    with now.at(MONDAY + DAY), writing():
        assert change(calendar) == 0
    with reading():
        assert [row.what for row in get_timeline(idea.id) if isinstance(row.what, MarkKind)] == []


def test_what_is_over_stays_over_and_other_departments_keep_their_clocks(house: House) -> None:
    with now.at(MONDAY), writing():
        make_calendar()
        own = make_calendar(house.billing.department, key="billing")
        ours = submit(house.agent, house.billing.reason)
        theirs = submit(house.agent, house.metering.reason)
    late = MONDAY + 30 * DAY
    with now.at(late), writing():
        before = {one.id: clock_of(one).due_at for one in (ours, theirs)}
        assert change(own, holidays={(late + DAY).date(): "Off"}) == 0
        assert {one.id: clock_of(one).due_at for one in (ours, theirs)} == before


def test_a_paused_clock_has_as_much_left_as_before(house: House) -> None:
    with now.at(MONDAY), writing():
        calendar = make_calendar()
        idea = submit(house.agent, house.billing.reason)
    with now.at(MONDAY + DAY), writing():
        stored = session().get_one(Idea, idea.id)
        ask_author(actor_of(house.billing.head), stored, question="Which letter?")
        left = queries.get_calendar(1).business_seconds(MONDAY + DAY, clock_of(idea).due_at)
        asked_until = stored.due_at
    with now.at(MONDAY + 2 * DAY), writing():
        change(calendar, opens=time(8), closes=time(12), weekdays=127)
        clock, calendar_now = clock_of(idea), queries.get_calendar(1)
        assert calendar_now.business_seconds(MONDAY + DAY, clock.due_at) == left
        stored = session().get_one(Idea, idea.id)
        assert stored.due_at == clock_of(idea, ClockKind.ANSWER).due_at != asked_until
    with now.at(MONDAY + 9 * DAY), writing():
        due = services.resume_clock("idea", idea.id)
        assert due is not None
        assert queries.get_calendar(1).business_seconds(MONDAY + 9 * DAY, due) == left


def test_a_promised_day_stays_that_day_unless_it_becomes_a_day_off(database: Database) -> None:
    with now.at(MONDAY), writing():
        calendar = make_calendar()
        services.start_clock(
            ClockKind.DELIVER,
            "idea",
            1,
            department_id=1,
            accountable_id=1,
            is_governing=True,
            until=date(2026, 12, 11),
        )
        session().add(DepartmentCalendar(department_id=1, calendar_id=calendar.id))
        calendar.key = "one"
    with now.at(MONDAY + DAY), writing():
        change(calendar, closes=time(18))
        assert queries.list_open("idea", 1)[0].due_at == datetime(2026, 12, 11, 17, tzinfo=UTC)
        change(calendar, holidays={date(2026, 12, 11): "Closed"})
        assert queries.list_open("idea", 1)[0].due_at == datetime(2026, 12, 14, 16, tzinfo=UTC)


def test_another_calendar_for_a_department_moves_its_clocks_and_back(house: House) -> None:
    with now.at(MONDAY), writing():
        make_calendar()
        idea = submit(house.agent, house.billing.reason)
        due = clock_of(idea).due_at
        short = setting.add_calendar(PROGRAM, "Saturdays too", **{**OFFICE, "weekdays": 63})
        department_id = house.billing.department.id
        assert setting.give_calendar(PROGRAM, department_id, short) == 1
        assert clock_of(idea).due_at < due
        assert setting.give_calendar(PROGRAM, department_id, None) == 1
        assert clock_of(idea).due_at == due


def test_the_first_default_calendar_takes_the_place_of_the_built_in_one(house: House) -> None:
    with now.at(MONDAY), writing():
        idea = submit(house.agent, house.billing.reason)
        due = clock_of(idea).due_at
        setting.add_calendar(PROGRAM, "default", **OFFICE, holidays={date(2026, 11, 20): "Off"})
        assert clock_of(idea).due_at == due + DAY
        assert clock_of(idea).next_at is not None


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"time_zone": "Mars/Base"}, "time_zone"),
        ({"time_zone": "../etc/passwd"}, "time_zone"),
        ({"weekdays": 0}, "weekdays"),
        ({"opens": time(17), "closes": time(9)}, "closes"),
        ({"holidays": {date(2020, 1, 1): "Past"}}, "holidays"),
        ({"holidays": {SINCE + n * DAY: "Off" for n in range(1001)}}, "holidays"),
    ],
)
def test_a_calendar_that_makes_no_sense_is_refused_at_its_field(
    database: Database, wrong: dict[str, object], field: str
) -> None:
    with writing():
        calendar = make_calendar()
    with pytest.raises(RuleBroken) as refused, writing():
        change(calendar, **wrong)
    assert refused.value.field == field


def test_only_administrators_set_business_hours(house: House) -> None:
    with writing():
        calendar = make_calendar()
    head = actor_of(house.billing.head)
    with pytest.raises(NotAllowed), writing():
        setting.add_calendar(head, "mine", **OFFICE)
    with pytest.raises(NotAllowed), writing():
        setting.give_calendar(head, house.billing.department.id, calendar)


HOURS = st.tuples(st.integers(0, 22), st.integers(1, 23)).filter(lambda pair: pair[0] < pair[1])
CALENDARS = st.builds(
    lambda zone, days, hours, off: {
        "time_zone": zone,
        "weekdays": days,
        "opens": time(hours[0]),
        "closes": time(hours[1]),
        "holidays": {date(2026, 3, 1) + n * DAY: "Off" for n in off},
    },
    st.sampled_from(["Europe/Berlin", "America/New_York", "UTC", "Asia/Kolkata"]),
    st.integers(1, 127),
    HOURS,
    st.sets(st.integers(0, 400), max_size=30),
)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(
    first=CALENDARS,
    second=CALENDARS,
    start=st.integers(0, 300 * 24),
    passed=st.integers(0, 20 * 24),
    days=st.integers(1, 30),
)
def test_whatever_becomes_of_a_calendar_what_was_left_is_left(
    database: Database,
    first: dict[str, object],
    second: dict[str, object],
    start: int,
    passed: int,
    days: int,
) -> None:
    began = datetime(2026, 3, 20, tzinfo=UTC) + timedelta(hours=start)  # over both DST days
    changed = began + timedelta(hours=passed)
    release()
    with now.at(began), writing() as unit:
        for table in (Clock, Holiday, DepartmentCalendar, Calendar, Department):
            unit.execute(delete(table))
        calendar = setting.add_calendar(PROGRAM, "one", **first)
        unit.add(DepartmentCalendar(department_id=7, calendar_id=calendar.id))
        unit.flush()
        queries.forget_calendars()
        due = services.start_clock(
            ClockKind.DECIDE,
            "idea",
            1,
            department_id=7,
            accountable_id=1,
            is_governing=True,
            days=days,
        )
        before = queries.get_calendar(7)
    with now.at(changed), writing():
        change(calendar, **second)
        after, clock = queries.get_calendar(7), queries.list_open("idea", 1)[0]
        if due <= changed:
            assert clock.due_at == due
        else:
            left = before.business_seconds(changed, due)
            assert after.business_seconds(changed, clock.due_at) == pytest.approx(left, abs=1e-3)
            assert falls_in_business(after, clock.due_at)
        assert clock.next_at is None or clock.next_at >= began


def falls_in_business(calendar: BusinessCalendar, moment: datetime) -> bool:
    """Whether a moment is within, or at the end of, a day that is worked."""
    just_before = moment - timedelta(microseconds=1)
    return calendar.is_open(just_before) or calendar.is_open(moment)


def sign_in_administrator(client: Client) -> None:
    """A browser of an administrator."""
    with writing():
        administrator = make_person("Ada", role=Role.ADMINISTRATOR)
    client.sign_in(administrator)


def test_the_page_changes_hours_and_days_off(house: House, client: Client) -> None:
    sign_in_administrator(client)
    assert "built in" in client.get("/admin/calendars").text
    made = client.post(
        "/admin/calendars/new",
        {
            "key": "default",
            "time_zone": "Europe/Berlin",
            "days": ["1", "2", "4", "8", "16"],
            "opens": "09:00",
            "closes": "17:00",
        },
    )
    assert made.status_code == 303
    release()
    (calendar, _count) = queries.list_calendars()[0]
    address = f"/admin/calendars/{calendar.id}"
    year = now.today().year
    form = {
        "time_zone": "Europe/Berlin",
        "days": ["1", "2", "4"],
        "opens": "08:00",
        "closes": "16:00",
        "holidays": f"{year}-12-25 Christmas Day\n\n{year}-12-31",
    }
    assert client.post(address, form).status_code == 303
    shown = client.get(address).text
    assert f"{year}-12-25 Christmas Day" in shown
    assert f"{year}-12-31 Closed" in shown
    wrong = client.post(address, {**form, "holidays": f"{year}-12-25 Fine\nChristmas"})
    assert wrong.status_code == 422
    assert "Line 2 does not begin with a day" in wrong.text
    assert "Fine" in wrong.text
    given = client.post(f"{address}/departments", {"department": str(house.billing.department.id)})
    assert given.status_code == 303


def test_a_file_is_shown_before_anything_is_kept_and_a_bad_one_says_what_is_wrong(
    house: House, client: Client
) -> None:
    sign_in_administrator(client)
    with writing():
        calendar = make_calendar(holidays=[date(now.today().year, 12, 24)])
    address = f"/admin/calendars/{calendar.id}/import"
    year = now.today().year
    good = ics(f"DTSTART;VALUE=DATE:{year}1225\nRRULE:FREQ=YEARLY\nSUMMARY:Christmas <b>Day</b>")
    shown = client.post(address, {"file": (BytesIO(good), "days.ics")})
    assert shown.status_code == 200
    assert "4 days off were read from the file." in shown.text
    assert f"{year}-12-25 Christmas &lt;b&gt;Day" in shown.text
    assert f"{year}-12-24 Holiday" in shown.text
    release()
    assert list(queries.map_days_off(calendar.id, date(year, 1, 1)).values()) == ["Holiday"]
    for data, said in (
        (b"\x89PNG not a calendar", "This is no iCalendar file"),
        (b"", "Choose a file first."),
        (ics("DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=DAILY\nSUMMARY:Daily"), "only yearly"),
    ):
        bad = client.post(address, {"file": (BytesIO(data), "days.ics")})
        assert bad.status_code == 422
        assert said in bad.text
        assert f"{year}-12-24 Holiday" in bad.text  # nothing is lost


def test_the_zone_of_a_calendar_is_a_zone(database: Database) -> None:
    with writing():
        calendar = make_calendar()
        change(calendar, time_zone="America/New_York")
        assert queries.get_calendar(None).zone == ZoneInfo("America/New_York")
