"""Pages that show several slices: whole, for everybody, in a fixed number of statements."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.database import Database, release, session, writing
from portal.ideas.models import Idea
from portal.ideas.services import support_idea
from portal.now import at, now
from portal.people.queries import get_person
from portal.triage.services import accept_idea, ask_author, decline_idea
from tests.factories.people import actor_of
from tests.factories.triage import House, make_house, submit
from tests.support.client import Client
from tests.support.statements import counting

FRAME = 2
"""Statements of every page: who is signed in, and what waits on them."""


@pytest.fixture
def house(app: Flask) -> House:
    """Two departments, their heads, two agents."""
    with writing():
        return make_house()


def _ideas(house: House, count: int) -> list[int]:
    with writing():
        made = [submit(house.agent, house.billing.reason, title=f"Idea {n}") for n in range(count)]
        for idea in made:
            support_idea(actor_of(house.colleague), idea, occurred_on=now().date())
        return [idea.number for idea in made]


@pytest.mark.parametrize("address", ["/", "/ideas/I-1001", "/done", "/me", "/notifications"])
def test_a_page_is_whole_with_one_heading(client: Client, house: House, address: str) -> None:
    _ideas(house, 1)
    answer = client.sign_in(house.agent).get(address)
    assert answer.status_code == 200
    assert answer.text.count("<h1") == 1


@pytest.mark.parametrize(("address", "most"), [("/", 7), ("/ideas/I-1001", 13), ("/done", 1)])
def test_a_page_asks_a_fixed_number_of_times(
    client: Client, house: House, database: Database, address: str, most: int
) -> None:
    counts = []
    for more in (1, 10):
        _ideas(house, more)
        client.sign_in(house.agent)
        client.get(address)
        with counting(database) as seen:
            client.get(address)
        counts.append(sum(not one.startswith("BEGIN") for one in seen))
    assert counts[0] == counts[1] <= FRAME + most


def test_home_shows_a_head_how_their_department_stands(
    client: Client, house: House, database: Database
) -> None:
    with at(now() - timedelta(days=60)):
        _ideas(house, 2)
    _ideas(house, 1)
    with writing() as unit:
        first = unit.scalars(select(Idea).order_by(Idea.number)).first()
        assert first is not None
        accept_idea(actor_of(house.billing.head), first, sentence="Yes. I would want it so.")
    client.sign_in(house.billing.head)
    with counting(database) as seen:
        text = client.get("/").text
    assert len([one for one in seen if not one.startswith("BEGIN")]) <= FRAME + 11
    tiles = re.findall(r'class="stat" href="([^"]+)">.*?stat-value">(\d+)<', text, re.DOTALL)
    assert tiles == [
        ("/triage?view=decide", "2"),
        ("/triage?view=overdue", "1"),
        ("/triage?view=commit", "1"),
        ("/delivery?scope=ours&amp;overdue=1", "0"),
    ]
    for address, count in tiles:
        listed = client.get(address.replace("&amp;", "&")).text
        assert listed.count('class="inbox-row"') == int(count)
    assert "Your department" not in client.sign_in(house.agent).get("/").text


def test_home_shows_what_waits_on_whom(client: Client, house: House) -> None:
    _ideas(house, 1)
    assert "Decide: Idea 0" in client.sign_in(house.billing.head).get("/").text
    mine = client.sign_in(house.agent).get("/").text
    assert "Nothing waits on you" in mine
    assert "waits on Head of Billing" in mine


def test_a_question_waits_on_the_author(client: Client, house: House) -> None:
    _ideas(house, 1)
    with writing():
        idea = session().query(Idea).one()
        ask_author(
            actor_of(house.billing.head),
            idea,
            question="Which letter did the customer hold in hand?",
        )
    home = client.sign_in(house.agent).get("/").text
    assert "Billing asks about: Idea 0" in home
    assert "Which letter did the customer hold in hand?" in home
    assert "/ideas/I-1001/answer" in client.get("/ideas/I-1001").text


def test_the_idea_page_shows_the_decision_with_what_would_change_it(
    client: Client, house: House
) -> None:
    _ideas(house, 1)
    with writing():
        decline_idea(
            actor_of(house.billing.head),
            session().query(Idea).one(),
            reason_code="not_now",
            sentence="Not before the print system is replaced in spring.",
            would_change="A new print system.",
        )
    text = client.sign_in(house.colleague).get("/ideas/I-1001").text
    assert "Not before the print system is replaced in spring." in text
    assert "A new print system." in text
    assert "To Billing because" in text


def test_only_those_who_may_are_offered_a_step(client: Client, house: House) -> None:
    _ideas(house, 1)
    decide = "/triage/I-1001"
    assert decide in client.sign_in(house.billing.head).get("/ideas/I-1001").text
    assert decide not in client.sign_in(house.metering.head).get("/ideas/I-1001").text
    agent = client.sign_in(house.agent).get("/ideas/I-1001").text
    assert decide not in agent
    assert "Take it back" in agent


def test_consent_to_be_named_is_ones_own_setting(client: Client, house: House) -> None:
    client.sign_in(house.agent)
    answer = client.post("/me", {"named_on_boards": "y", "time_zone": "Europe/Lisbon"})
    assert answer.status_code == 303
    release()
    person = get_person(house.agent.id)
    assert person.named_on_boards
    assert not person.single_keys
    assert person.time_zone == "Europe/Lisbon"
    assert client.post("/me", {"time_zone": "Mars/Olympus"}).status_code == 422
