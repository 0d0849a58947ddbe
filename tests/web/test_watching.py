"""What is counted of requests, and what the audit log keeps of those that change nothing."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from portal.actor import Role
from portal.audit.models import AuditRow
from portal.database import Database, reading, writing
from portal.ideas.models import Comment
from portal.people.models import Person
from portal.web.rates import LIMITS, Rate
from tests.factories.ideas import make_idea
from tests.factories.people import make_headed_department, make_person
from tests.support.client import Client

SENTENCE = "What I say about it, number"


@pytest.fixture
def people(app: Flask) -> tuple[Person, Person]:
    """Somebody who comments, and the author of the idea I-1001."""
    with writing():
        desk = make_headed_department("Customer Office", takes_orphans=True)[0]
        author = make_person("Grace Okafor", home=desk)
        assert make_idea(author).number == 1001
        return make_person(home=desk), author


def _actions(action: str) -> list[tuple[int | None, object]]:
    with reading() as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.action == action))
        return [(row.actor_id, row.details) for row in rows]


@pytest.mark.threat(55)
def test_who_says_too_much_is_told_so_and_loses_nothing(
    client: Client, people: tuple[Person, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.web.watching.LIMITS", {**LIMITS, Rate.COMMENT: 2})
    client.sign_in(people[0])
    for number in (1, 2):
        said = client.post("/ideas/I-1001/comments", {"body": f"{SENTENCE} {number}"})
        assert said.status_code == 303
    refused = client.post("/ideas/I-1001/comments", {"body": f"{SENTENCE} 3"})
    assert refused.status_code == 429
    assert 3500 < int(refused.headers["Retry-After"]) <= 3601
    assert "That is enough for now: 2 an hour. Go on in 60 minutes." in refused.text
    assert f"{SENTENCE} 3" in refused.text
    with reading() as session:
        assert len(session.scalars(select(Comment.id)).all()) == 2


@pytest.mark.threat(55)
def test_what_was_refused_for_its_shape_is_not_counted(
    client: Client, people: tuple[Person, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.web.watching.LIMITS", {**LIMITS, Rate.COMMENT: 1})
    client.sign_in(people[0])
    for _ in range(3):
        assert client.post("/ideas/I-1001/comments", {"body": " "}).status_code == 422
    assert client.post("/ideas/I-1001/comments", {"body": SENTENCE}).status_code == 303


def test_what_is_done_without_a_browser_is_not_counted(
    client: Client, people: tuple[Person, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.web.watching.LIMITS", {**LIMITS, Rate.COMMENT: 1})
    client.sign_in(people[0])
    client.post("/ideas/I-1001/comments", {"body": SENTENCE})
    with writing():
        make_idea(people[0])
    assert client.post("/ideas/I-1001/comments", {"body": SENTENCE}).status_code == 429


@pytest.mark.threat(68)
def test_a_file_that_was_taken_away_is_in_the_audit_log(
    client: Client, people: tuple[Person, Person]
) -> None:
    client.sign_in(people[0])
    assert client.get("/boards/impact.csv").status_code == 200
    assert client.get("/boards/impact.csv?level=nowhere").status_code == 404
    assert client.get("/boards/impact").status_code == 200
    assert _actions("export.impact") == [(people[0].id, {})]


@pytest.mark.threat(68)
@pytest.mark.parametrize(
    ("method", "address", "endpoint"),
    [
        ("GET", "/boards/funnel.csv", "boards.funnel_csv"),
        ("GET", "/admin/", "admin.overview"),
        ("POST", "/ideas/I-1001/withdraw", "ideas.withdraw"),
    ],
)
def test_what_is_refused_for_want_of_a_right_is_in_the_audit_log(
    client: Client, people: tuple[Person, Person], method: str, address: str, endpoint: str
) -> None:
    client.sign_in(people[0])
    answer = client.get(address) if method == "GET" else client.post(address)
    assert answer.status_code in {403, 404}
    assert _actions("access.denied") == [(people[0].id, {"endpoint": endpoint, "method": method})]


@pytest.mark.threat(68)
def test_what_is_not_there_or_asked_by_a_stranger_is_no_refusal(
    client: Client, people: tuple[Person, Person], new_client: Callable[[], Client]
) -> None:
    client.sign_in(people[0])
    assert client.get("/ideas/I-9999").status_code == 404
    assert client.get("/nowhere").status_code == 404
    assert new_client().get("/admin/").status_code == 303
    assert _actions("access.denied") == []


@pytest.mark.threat(18)
def test_a_door_without_the_right_looks_like_one_that_never_was(
    client: Client, people: tuple[Person, Person], database: Database
) -> None:
    client.sign_in(people[0])
    closed, absent = client.get("/boards/funnel"), client.get("/boards/nothing")
    assert closed.status_code == absent.status_code == 404
    with writing():
        leader = make_person("Leo", role=Role.LEADER)
    assert client.sign_in(leader).get("/boards/funnel").status_code == 200
