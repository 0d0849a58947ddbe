"""Days off from iCalendar files, good ones and hostile ones."""

from datetime import date
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.clocks.ical import MAX_BYTES, read_days_off
from portal.errors import RuleBroken

FIRST, LAST = date(2026, 1, 1), date(2028, 12, 31)


def ics(*events: str) -> bytes:
    """A file of events, each given by its lines."""
    body = "".join(f"BEGIN:VEVENT\r\n{event.strip()}\r\nEND:VEVENT\r\n" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{body}END:VCALENDAR\r\n".encode()


def days_of(*events: str) -> dict[date, str]:
    """The days off of a file."""
    return read_days_off(ics(*events), first=FIRST, last=LAST).days


def test_a_day_and_several_days_are_read_with_their_names() -> None:
    assert days_of(
        "DTSTART;VALUE=DATE:20261225\nSUMMARY:Christmas Day",
        "DTSTART;VALUE=DATE:20261228\nDTEND;VALUE=DATE:20261231\nSUMMARY:Between the years",
        "DTSTART;VALUE=DATE:20270104\nDURATION:P2D\nSUMMARY:Stocktaking",
    ) == {
        date(2026, 12, 25): "Christmas Day",
        date(2026, 12, 28): "Between the years",
        date(2026, 12, 29): "Between the years",
        date(2026, 12, 30): "Between the years",
        date(2027, 1, 4): "Stocktaking",
        date(2027, 1, 5): "Stocktaking",
    }


def test_what_repeats_yearly_falls_on_every_year() -> None:
    assert list(days_of("DTSTART;VALUE=DATE:19991003\nRRULE:FREQ=YEARLY\nSUMMARY:Unity")) == [
        date(year, 10, 3) for year in (2026, 2027, 2028)
    ]
    thanks = "DTSTART;VALUE=DATE:20251127\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH\nSUMMARY:Thanks"
    assert list(days_of(thanks)) == [date(2026, 11, 26), date(2027, 11, 25), date(2028, 11, 23)]
    twice = "DTSTART;VALUE=DATE:20260501\nRRULE:FREQ=YEARLY;COUNT=2\nSUMMARY:Twice"
    assert list(days_of(twice)) == [date(2026, 5, 1), date(2027, 5, 1)]
    until = "DTSTART;VALUE=DATE:20260501\nRRULE:FREQ=YEARLY;UNTIL=20270601\nSUMMARY:Until"
    assert list(days_of(until)) == [date(2026, 5, 1), date(2027, 5, 1)]
    last = "DTSTART;VALUE=DATE:20200525\nRRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO\nSUMMARY:Last"
    assert list(days_of(last)) == [date(2026, 5, 25), date(2027, 5, 31), date(2028, 5, 29)]
    leap = "DTSTART;VALUE=DATE:20240229\nRRULE:FREQ=YEARLY\nSUMMARY:Leap day"
    assert list(days_of(leap)) == [date(2028, 2, 29)]
    but = "DTSTART;VALUE=DATE:20260501\nRRULE:FREQ=YEARLY\nEXDATE;VALUE=DATE:20270501\nSUMMARY:But"
    assert list(days_of(but)) == [date(2026, 5, 1), date(2028, 5, 1)]


def test_an_event_with_an_hour_is_named_as_left_out_and_a_cancelled_one_is_none() -> None:
    found = read_days_off(
        ics(
            "DTSTART:20261224T120000Z\nSUMMARY:Party",
            "DTSTART;VALUE=DATE:20261231\nSTATUS:CANCELLED\nSUMMARY:Off",
            "DTSTART;VALUE=DATE:20261225",
        ),
        first=FIRST,
        last=LAST,
    )
    assert found.left_out == ("Party",)
    assert found.days == {date(2026, 12, 25): "Closed"}


REFUSED = {
    "not one": (b"PK\x03\x04 a spreadsheet", "no iCalendar file"),
    "empty": (b"", "no iCalendar file"),
    "huge": (b"BEGIN:VCALENDAR\r\n" + b"X" * MAX_BYTES, "larger than 1 MB"),
    "other letters": (
        b"BEGIN:VCALENDAR\r\nSUMMARY:Allerheiligen f\xfcr alle\r\nEND:VCALENDAR\r\n",
        "not in UTF-8: byte 41",
    ),
    "cut off": (b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", "no event|cannot be read"),
    "broken": (
        b"BEGIN:VCALENDAR\r\nnonsense without a colon\r\nEND:VCALENDAR\r\n",
        "read|no event",
    ),
    "without events": (ics(), "no event"),
    "a crowd": (ics(*["DTSTART;VALUE=DATE:20260101"] * 2100), "too many"),
    "without a day": (ics("SUMMARY:When?"), "“When\\?” cannot be read: DTSTART"),
    "no such day": (ics("DTSTART;VALUE=DATE:20260230\nSUMMARY:Odd"), "cannot be read"),
    "long ago": (ics("DTSTART;VALUE=DATE:00010101\nSUMMARY:Once"), "Once.*DTSTART"),
    "without end": (
        ics("DTSTART;VALUE=DATE:20260101\nDTEND;VALUE=DATE:99991231\nSUMMARY:For ever"),
        "For ever.*it takes 2912",
    ),
    "backwards": (
        ics("DTSTART;VALUE=DATE:20260105\nDTEND;VALUE=DATE:20260101\nSUMMARY:Back"),
        "Back.*it takes -4 days",
    ),
    "daily": (
        ics("DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=DAILY\nSUMMARY:Always"),
        "Always.*only yearly repetitions can be read, not FREQ=DAILY",
    ),
    "every second": (
        ics("DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=YEARLY;BYSECOND=1\nSUMMARY:Tick"),
        "Tick.*only yearly",
    ),
    "a weekday without its place": (
        ics("DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=MO\nSUMMARY:Mondays"),
        "Mondays.*makes no sense",
    ),
    "a month that is none": (
        ics("DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=YEARLY;BYMONTH=13\nSUMMARY:Thirteenth"),
        "Thirteenth.*makes no sense|cannot be read",
    ),
    "a list of months": (
        ics("DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=YEARLY;BYMONTH=1,2,3\nSUMMARY:Many"),
        "Many.*more than one",
    ),
    "years ago": (ics("DTSTART;VALUE=DATE:20200101\nSUMMARY:Past"), "No day off in this file"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_refused_and_named(name: str) -> None:
    data, said = REFUSED[name]
    with pytest.raises(RuleBroken, match=said):
        read_days_off(data, first=FIRST, last=LAST)


def test_a_repetition_that_never_comes_ends_soon() -> None:
    never = "DTSTART;VALUE=DATE:19000101\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30\nSUMMARY:Never"
    started = perf_counter()
    with pytest.raises(RuleBroken, match="No day off"):
        days_of(*[never] * 900)
    assert perf_counter() - started < 8


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
def test_no_bytes_do_anything_but_be_read_or_refused(data: bytes) -> None:
    lines = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n" + data + b"\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    for each in (data, lines):
        try:
            found = read_days_off(each, first=FIRST, last=LAST)
        except RuleBroken:
            continue
        assert all(FIRST <= day <= LAST for day in found.days)
