"""Letters: fixed headers, text and HTML that say the same, and nothing that breaks out of them."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markupsafe import escape

from portal.database import Database, writing
from portal.errors import RuleBroken
from portal.notifications import post
from portal.notifications.letters import (
    clean_header,
    read_ticket,
    write_digest,
    write_letter,
    write_ticket,
)
from portal.notifications.models import DeliveryState, NoticeClass
from portal.notifications.post import Folder, MailRefused, PostOffice, office
from portal.notifications.sentences import KINDS
from tests.factories.people import make_person

MOMENT = datetime(2026, 3, 2, 9, tzinfo=UTC)
VALUES = {
    "title": "Say that it was estimated",
    "other": "Mark what was guessed",
    "count": "7",
    "twice": "2",
    "department": "Billing",
    "owner": "Metering",
    "item": "Umbrella",
    "points": "970",
    "address": "amina@test.example",
    "name": "Amina Yusuf",
    "day": "Fri, 4 Dec 2026",
}
HEADERS = {
    *("From", "To", "Subject", "Date", "Auto-Submitted", "Message-ID", "In-Reply-To"),
    *("References", "MIME-Version", "Content-Type"),
}
DIGEST_HEADERS = HEADERS - {"In-Reply-To", "References"} | {
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
}


@pytest.fixture(autouse=True)
def _post_office(tmp_path: Path) -> Iterator[None]:
    before = post._office
    secret = "a secret that only the tests have, long enough"
    post.use(
        PostOffice(
            carrier=Folder(tmp_path),
            sender="Ideas <ideas@portal.example>",
            public_url="https://portal.example",
            site_name="Idea portal",
            secret=secret,
            locale="en",
        )
    )
    yield
    post._office = before


def _row(**changes: Any) -> Any:
    values = {
        "id": 1,
        "copy": 1,
        "state": DeliveryState.QUEUED,
        "due_at": MOMENT,
        "settled_at": None,
        "notice_id": 7,
        "notice_class": NoticeClass.OWED,
        "kind": "author.accept",
        "title": "Billing said yes to “Say that it was estimated”.",
        "body": "Yes, because three customers a day ask for exactly this.",
        "subject_kind": "idea",
        "subject_number": 1042,
        "created_at": MOMENT,
        "read_at": None,
        "person_id": 5,
        "name": "Amina Yusuf",
        "email": "amina@test.example",
        "locale": None,
        "time_zone": None,
        "is_active": True,
        "refused_address": None,
        "item_title": "Say that it was estimated",
    }
    return SimpleNamespace(**{**values, **changes})


def _parts(letter: EmailMessage) -> tuple[str, str]:
    text, html = letter.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    return text.get_content(), html.get_content()


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_of_notice_says_something_in_the_list_and_in_its_letter(
    kind: str,
) -> None:
    title = KINDS[kind].say(VALUES)
    letter = write_letter(_row(kind=kind, title=title), MOMENT)
    text, html = _parts(letter)
    assert letter["Subject"] == title
    flat = " ".join(text.replace(">", " ").split())
    for sentence in (title, KINDS[kind].say_then(), _row().body):
        assert sentence in flat
        assert str(escape(sentence)) in html
    assert "%(" not in text
    assert not re.search(r"!|\bplease\b|successful", title + KINDS[kind].then, re.I)


@pytest.mark.threat(44)
def test_a_letter_has_its_fixed_headers_and_hangs_on_its_item() -> None:
    first, second = (write_letter(_row(notice_id=number), MOMENT) for number in (7, 8))
    assert set(first.keys()) == HEADERS
    assert first["Message-ID"] != second["Message-ID"]
    assert first["References"] == second["References"] == first["In-Reply-To"]
    assert first["Date"] == "Mon, 02 Mar 2026 09:00:00 +0000"
    assert f"{office().public_url}/ideas/I-1042" in _parts(first)[0]
    again = write_letter(_row(copy=2), MOMENT)
    assert again["Message-ID"] not in {first["Message-ID"], second["Message-ID"]}


@pytest.mark.threat(44)
def test_a_digest_can_be_ended_by_one_click_and_a_letter_of_something_owed_cannot() -> None:
    digest = write_digest([_row(kind="author.start", is_digest=True)], [], MOMENT)
    assert set(digest.keys()) == DIGEST_HEADERS
    assert digest["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = digest["List-Unsubscribe"].strip("<>")
    assert address.startswith(office().public_url + "/no-digests/")
    assert read_ticket(address.rpartition("/")[2]) == 5
    assert "List-Unsubscribe" not in write_letter(_row(), MOMENT)


@pytest.mark.threat(44)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(name=st.text(max_size=80), title=st.text(min_size=1, max_size=200), body=st.text())
def test_no_name_subject_or_words_break_a_letter(name: str, title: str, body: str) -> None:
    clean = [text.encode("utf-8", "replace").decode() for text in (name, title, body)]
    letter = write_letter(_row(name=clean[0], title=clean[1], body=clean[2]), MOMENT)
    assert set(letter.keys()) == HEADERS
    raw = letter.as_bytes()
    head = raw.partition(b"\r\n\r\n")[0].decode("ascii")
    assert "\nBcc:" not in head
    assert all(line and not line.isspace() for line in head.split("\r\n"))
    assert [one.addr_spec for one in letter["To"].addresses] == ["amina@test.example"]


@pytest.mark.threat(44)
def test_line_breaks_in_a_name_add_no_header() -> None:
    letter = write_letter(
        _row(name="Amina\r\nBcc: all@test.example", title="One\nSubject: two"), MOMENT
    )
    assert set(letter.keys()) == HEADERS
    assert "Bcc: all@test.example" in letter["To"].addresses[0].display_name
    assert clean_header("a\r\n\tb\x00\u2028c") == "a b c"


@pytest.mark.threat(44)
def test_a_name_that_breaks_a_line_is_stored_as_one_line_or_refused(database: Database) -> None:
    with writing():
        person = make_person("Amina\r\nBcc: all@test.example")
    assert person.name == "Amina Bcc: all@test.example"
    with pytest.raises(RuleBroken), writing():
        make_person("Amina\x00Bcc: all@test.example")


@pytest.mark.threat(44)
def test_what_people_write_is_text_in_both_parts() -> None:
    hostile = '<script>alert(1)</script> & "quotes" <img src=x>'
    text, html = _parts(write_letter(_row(title=hostile, body=hostile), MOMENT))
    assert "<script" not in html.replace("<style>", "")
    assert "<img" not in html
    assert "&lt;script&gt;" in html
    assert "<script>alert(1)</script>" in text


def test_an_address_that_cannot_be_written_is_refused_for_good() -> None:
    with pytest.raises(MailRefused) as refusal:
        write_letter(_row(email="no address at all"), MOMENT)
    assert refusal.value.is_address


def test_a_digest_groups_by_item_with_the_newest_and_what_waits_on_top() -> None:
    rows = [
        _row(notice_id=9, subject_number=2, item_title="Second", title="Work has begun."),
        _row(notice_id=8, subject_number=1, item_title="First", title="First moved."),
        _row(notice_id=7, subject_number=2, item_title="Second", title="Somebody wrote."),
    ]
    waiting = [SimpleNamespace(number=3, title="Third", due_at=MOMENT, is_paused=False)]
    digest = write_digest(rows, waiting, MOMENT)
    assert digest["Subject"] == "3 pieces of news about 2 things, one waits on you"
    text, html = _parts(digest)
    order = ["Third", "Second", "Work has begun.", "Somebody wrote.", "First", "First moved."]
    for part in (text, html):
        places = [part.lower().index(one.lower(), part.index("Third")) for one in order]
        assert places == sorted(places)
    assert "due Mon 2 Mar, 10:00" in text, "in the reader's zone"


def test_a_ticket_of_another_secret_or_cut_short_is_none_of_ours() -> None:
    ticket = write_ticket(5)
    assert read_ticket(ticket) == 5
    assert read_ticket(ticket[:-1]) is None
    assert read_ticket("5.abc") is None
