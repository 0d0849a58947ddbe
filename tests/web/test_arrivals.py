"""A form with a key: the same again is one, something else is refused, and waiting has an end."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal import database as storage
from portal.database import Database, reading, writing
from portal.ideas import services
from portal.ideas.models import Comment, Idea, Support
from portal.limits.models import SentForm
from portal.limits.services import forget_counts
from portal.now import at, now, today
from portal.people.models import Person
from tests.factories.ideas import make_idea
from tests.factories.people import make_headed_department, make_person
from tests.support.client import Client

SAID = "What I have to say about it."
OTHER = "Something else entirely, under the same key."
PLACE = "/ideas/I-1001/comments"
WORDS = {"problem": SAID, "proposal": SAID}


@pytest.fixture
def person(app: Flask, client: Client) -> Person:
    """Somebody signed in, beside the idea I-1001 of somebody else."""
    with writing():
        desk = make_headed_department("Customer Office", takes_orphans=True)[0]
        assert make_idea(make_person(home=desk)).number == 1001
        someone = make_person(home=desk)
    client.sign_in(someone)
    return someone


def _count(model: type[Any]) -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


@pytest.mark.threat(50)
def test_something_else_under_a_used_key_is_refused_by_name_and_can_be_sent_anew(
    client: Client, person: Person
) -> None:
    key = str(uuid4())
    assert client.post(PLACE, {"body": SAID, "nonce": key}).status_code == 303
    refused = client.post(PLACE, {"body": OTHER, "nonce": key})
    assert refused.status_code == 422
    assert f"This form was sent before, with something else in it (key {key})." in refused.text
    assert OTHER in refused.text
    assert _count(Comment) == 1
    fresh = client.fields(refused, PLACE)["nonce"]
    assert fresh != key
    assert client.post(PLACE, {"body": OTHER, "nonce": fresh}).status_code == 303
    assert _count(Comment) == 2


@pytest.mark.threat(50)
def test_a_key_holds_for_the_place_it_was_sent_to(client: Client, person: Person) -> None:
    key = str(uuid4())
    with writing():
        make_idea(make_person())
    assert client.post(PLACE, {"body": SAID, "nonce": key}).status_code == 303
    elsewhere = client.post("/ideas/I-1002/comments", {"body": SAID, "nonce": key})
    assert elsewhere.status_code == 422
    assert _count(Comment) == 1


@pytest.mark.threat(50)
def test_what_failed_leaves_its_key_free(client: Client, person: Person) -> None:
    key = str(uuid4())
    assert client.post("/ideas/new", {"problem": SAID, "nonce": key}).status_code == 422
    assert _count(SentForm) == 0
    assert client.post("/ideas/new", {**WORDS, "nonce": key}).status_code == 303


@pytest.mark.threat(50)
def test_a_draft_may_be_kept_again_and_again_before_it_is_handed_in(
    client: Client, person: Person
) -> None:
    sent = {**WORDS, "nonce": str(uuid4()), "action": "draft"}
    for words in (SAID, OTHER):
        assert client.post("/ideas/new", {**sent, "problem": words}).status_code == 303
    assert _count(SentForm) == 0
    assert client.post("/ideas/new", {**sent, "action": "submit"}).status_code == 303
    again = client.post("/ideas/new", {**sent, "action": "submit", "problem": OTHER})
    assert again.status_code == 422
    assert OTHER in again.text
    assert _count(Idea) == 2


@pytest.mark.threat(50)
def test_the_row_of_a_key_names_nobody(client: Client, person: Person) -> None:
    key = str(uuid4())
    client.post(PLACE, {"body": SAID, "nonce": key})
    assert set(SentForm.__table__.columns.keys()) == {"key_hash", "body_hash", "arrived_on"}
    with reading() as session:
        row = session.scalars(select(SentForm)).one()
        assert re.fullmatch("[0-9a-f]{64}", row.key_hash)
        assert row.arrived_on == today()


def test_keys_are_forgotten_after_two_days(client: Client, person: Person) -> None:
    client.post(PLACE, {"body": SAID, "nonce": str(uuid4())})
    for days, left in ((2, 1), (3, 0)):
        with at(now() + timedelta(days=days)):
            forget_counts()
        assert _count(SentForm) == left


@pytest.mark.slow
@pytest.mark.threat(50)
def test_who_meets_a_form_under_way_for_too_long_is_told_to_send_it_again(
    client: Client,
    new_client: Callable[[], Client],
    person: Person,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(storage, "WRITER_PATIENCE_SECONDS", 0.2)
    began, go_on, add = Event(), Event(), services.add_comment

    def add_slowly(*given: Any, **more: Any) -> Comment:
        began.set()
        assert go_on.wait(60)
        return add(*given, **more)

    twin = new_client().sign_in(person)
    form = {"body": SAID, "nonce": str(uuid4())}
    forms = [{**form, "csrf_token": each.token()} for each in (client, twin)]
    monkeypatch.setattr(services, "add_comment", add_slowly)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(client.post, PLACE, forms[0])
        assert began.wait(60)
        second = twin.post(PLACE, forms[1])
        go_on.set()
        assert first.result(60).status_code == 303
    assert second.status_code == 409
    assert second.headers["Retry-After"] == "1"
    assert "This form is still being worked on." in second.text
    assert SAID in second.text
    again = twin.post(PLACE, forms[1])
    assert (again.status_code, again.location) == (303, first.result().location)
    assert _count(Comment) == 1


@pytest.mark.threat(48)
def test_however_a_support_is_sent_the_count_is_that_of_its_rows(
    client: Client, person: Person
) -> None:
    place, day = "/ideas/I-1001/support", str(today())
    for fields in (
        {"occurred_on": day},
        {"occurred_on": day},
        {},
        {"occurred_on": ""},
        {"occurred_on": [day, day, "2020-01-01"]},
        {"occurred_on[]": [day, day]},
        {"occurred_on": "[1, 2]", "support_count": "900", "person_id": ["1", "2", "3"]},
    ):
        assert client.post(place, fields).status_code in {303, 422}
        _assert_counted(1)
    for _time in range(2):
        client.post("/ideas/I-1001/unsupport")
        _assert_counted(0)


def _assert_counted(number: int) -> None:
    assert _count(Support) == number
    with reading() as session:
        assert session.scalar(select(Idea.support_count).where(Idea.number == 1001)) == number


@pytest.mark.threat(48)
def test_nobody_supports_their_own_idea_nor_after_they_have_left(
    client: Client, new_client: Callable[[], Client], person: Person
) -> None:
    with writing():
        own = make_idea(person)
    place = f"/ideas/I-{own.number}/support"
    assert client.post(place, {"occurred_on": str(today())}).status_code == 403
    token = client.token()
    with writing() as session:
        session.get_one(Person, person.id).is_active = False
    left = client.post("/ideas/I-1001/support", {"occurred_on": str(today()), "csrf_token": token})
    assert left.status_code in {401, 403}
    assert _count(Support) == 0
