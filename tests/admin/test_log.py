"""The audit log as administrators read it."""

import csv
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.actor import PROGRAM, Actor, Role
from portal.audit.models import AuditRow
from portal.audit.services import record
from portal.database import Database, reading, writing
from portal.ideas.confidential import submit_confidentially
from portal.ideas.services import save_draft
from portal.now import at, now, today
from portal.people.models import Person
from tests.factories.ideas import make_idea
from tests.factories.people import actor_of, make_person
from tests.factories.triage import House, make_house
from tests.support.client import Client
from tests.support.statements import counting

LOG = "/admin/audit"
FILE = "/admin/audit.csv"


@pytest.fixture
def house(app: Flask) -> House:
    """Departments, heads and agents."""
    with writing():
        return make_house()


@pytest.fixture
def administrator(house: House, client: Client) -> Person:
    """An administrator, signed in."""
    with writing():
        person = make_person("Bram de Wit", role=Role.ADMINISTRATOR)
    client.sign_in(person)
    return person


def _note(
    actor: Actor, action: str, kind: str = "idea", key: int | None = 1, **said: object
) -> None:
    with writing():
        record(actor, action, kind, key, **said)


def _body(client: Client, query: str = "") -> str:
    page = client.get(f"{LOG}{query}")
    assert page.status_code == 200, page.text
    return page.text.partition("<tbody>")[2].partition("</tbody>")[0]


def test_the_log_says_who_did_what_to_which_thing(
    house: House, client: Client, administrator: Person
) -> None:
    with writing():
        number = make_idea(house.agent, title="A line").number
    page = client.get(LOG)
    assert page.text.count("<h1") == 1
    body = _body(client, "?action=idea.submit")
    assert "Amina Yusuf" in body
    assert f'<a href="/ideas/I-{number}"><bdi>I-{number}</bdi></a>' in body
    body = _body(client, "?action=role.granted&thing=person")
    assert "Bram de Wit" in body
    assert "role administrator" in body


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("?action=test.", {"test.first", "test.second", "test.third"}),
        ("?action=test.first", {"test.first"}),
        ("?action=test.&who=AMINA+yusuf", {"test.first"}),
        ("?action=test.&who={email}", {"test.first"}),
        ("?action=test.&who=Nobody", set()),
        ("?action=test.&who=%25", set()),
        ("?action=test.&thing=order", {"test.second", "test.third"}),
        ("?action=test.&thing=order+8", {"test.third"}),
        ("?action=test.&thing=I-999999", set()),
        ("?action=test.&last={yesterday}", {"test.first"}),
        ("?action=test.&first={today}", {"test.second", "test.third"}),
        ("?action=test.&first={today}&last={yesterday}", set()),
    ],
)
def test_the_log_is_narrowed(
    house: House, client: Client, administrator: Person, query: str, kept: set[str]
) -> None:
    with at(now() - timedelta(days=1)):
        _note(actor_of(house.agent), "test.first")
    _note(actor_of(house.colleague), "test.second", "order", 7)
    _note(PROGRAM, "test.third", "order", 8)
    yesterday = today() - timedelta(days=1)
    asked = query.format(email=house.agent.email, today=today(), yesterday=yesterday)
    body = _body(client, asked)
    assert {one for one in ("test.first", "test.second", "test.third") if one in body} == kept
    lines = client.get(f"{FILE}{asked}").text.splitlines()
    assert len(lines) == len(kept) + 1


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?action=Robert'); DROP", "Such as idea. or role.granted"),
        ("?thing=%3Cscript%3E", "Such as I-1042, or person 7, or role"),
        ("?first=soon", "This is not a day of the calendar."),
    ],
)
def test_a_filter_that_means_nothing_is_told_and_narrows_nothing(
    client: Client, administrator: Person, query: str, said: str
) -> None:
    page = client.get(f"{LOG}{query}")
    assert page.status_code == 200
    assert said in page.text
    assert "role.granted" in page.text


def test_pages_of_the_log_follow_each_other_without_gap_or_repetition(
    client: Client, administrator: Person
) -> None:
    for number in range(120):
        _note(PROGRAM, "test.done", "thing", number)
    seen: list[str] = []
    address = f"{LOG}?action=test.done"
    for _page in range(3):
        text = client.get(address).text
        body = text.partition("<tbody>")[2].partition("</tbody>")[0]
        seen += [row.partition("</bdi>")[0] for row in body.split("<bdi>")[1:]]
        found = text.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
        address = found.replace("&amp;", "&")
    assert seen == [f"thing {number}" for number in range(119, -1, -1)]
    assert client.get(f"{LOG}?after=nonsense").status_code == 404


def test_the_log_asks_the_same_for_few_and_for_many(
    house: House, client: Client, administrator: Person, database: Database
) -> None:
    counts = []
    for number in (1, 40):
        for _each in range(number):
            with writing():
                make_idea(house.agent)
        client.get(LOG)
        with counting(database) as statements:
            client.get(LOG)
        counts.append(len([one for one in statements if not one.startswith("PRAGMA")]))
    assert counts[0] == counts[1] <= 6


@pytest.mark.threat(20)
@pytest.mark.threat(56)
def test_the_log_knows_neither_name_nor_hour_of_a_hidden_author(
    house: House, client: Client, administrator: Person
) -> None:
    with writing():
        idea = submit_confidentially(
            actor_of(house.agent), problem="He was told twice.", proposal="Tell him once."
        )
    body = _body(client, f"?thing=I-{idea.number}&action=idea.submit")
    assert "No name" in body
    assert house.agent.name not in body
    assert f'<time datetime="{today()}"' in body, "the day alone"
    rows = list(csv.DictReader(client.get(f"{FILE}?thing=I-{idea.number}").text.splitlines()))
    submitted = next(row for row in rows if row["what"] == "idea.submit")
    assert (submitted["who"], submitted["at"]) == ("", str(today()))
    assert house.agent.name not in _body(client, f"?who={house.agent.email}&thing=idea")


def test_a_draft_is_not_a_way_into_itself(
    house: House, client: Client, administrator: Person
) -> None:
    with writing():
        number = save_draft(actor_of(house.agent), problem="Not yet.").number
    body = _body(client, "?action=idea.drafted")
    assert f"I-{number}" in body
    assert f"/ideas/I-{number}" not in body


def test_an_ideas_page_leads_administrators_and_nobody_else_to_its_entries(
    house: House, client: Client, administrator: Person
) -> None:
    with writing():
        number = make_idea(house.agent).number
    link = f'href="/admin/audit?thing=I-{number}"'
    assert link in client.get(f"/ideas/I-{number}").text
    assert "idea.submit" in _body(client, f"?thing=I-{number}")
    client.sign_in(house.billing.head)
    assert link not in client.get(f"/ideas/I-{number}").text
    assert client.get(LOG).status_code == client.get(FILE).status_code == 404


@pytest.mark.threat(17)
@pytest.mark.threat(42)
@pytest.mark.threat(68)
def test_the_file_is_text_is_asked_for_again_and_is_in_the_log_itself(
    house: House, client: Client, administrator: Person
) -> None:
    _note(PROGRAM, "test.done", "thing", 1, said="=1+1", more="+2")
    answer = client.get(f"{FILE}?action=test.done")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="audit.csv"'
    (row,) = csv.DictReader(answer.text.splitlines())
    assert row["details"] == "more +2 · said =1+1"
    assert len(row["hash"]) == 64
    with reading() as session:
        last = session.scalars(select(AuditRow).order_by(AuditRow.seq.desc())).first()
        assert (last.action, last.actor_id) == ("export.audit", administrator.id)
    with at(now() + timedelta(minutes=11)):
        asked = client.get(f"{FILE}?action=test.done")
        assert asked.status_code == 303
        assert asked.location.startswith("/me/prove")
