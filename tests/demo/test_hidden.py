"""The demo shows authors without a name: sealed, anonymous, and one seal that was opened."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.authors.models import FollowUp, Opening, Seal
from portal.authors.opening import OpeningRow, find_name, list_guards
from portal.database import reading, release, session, writing
from portal.demo.days import at_local
from portal.demo.hidden import PHRASE, SEALED, UNNAMED, tell_hidden
from portal.demo.people import BY_KEY, TRUSTED
from portal.demo.plan import plan
from portal.demo.stage import set_stage
from portal.ideas.lifecycle import State
from portal.ideas.models import Idea
from portal.notifications.models import Delivery
from portal.now import at
from portal.people.models import Person
from portal.people.queries import find_person_by_email, get_actor
from tests.support.client import Client

TODAY = date(2026, 11, 22)


@pytest.fixture
def told(app: Flask) -> None:
    """The stage of the demo with its last week."""
    with at(at_local(TODAY, 0)), writing():
        set_stage(plan(1, "small", TODAY), "a password", "no hash")
    assert tell_hidden(TODAY) == len(SEALED) + len(UNNAMED)
    release()


def _person(key: str) -> Person:
    found = find_person_by_email(BY_KEY[key].email)
    assert found
    return found


def test_the_last_week_has_sealed_and_anonymous_ideas_on_desks(told: None) -> None:
    with reading():
        ideas = session().scalars(select(Idea).order_by(Idea.id)).all()
        assert [idea.title for idea in ideas[: len(SEALED)]] == [one[2] for one in SEALED]
        assert {idea.title for idea in ideas[len(SEALED) :]} == {one[1] for one in UNNAMED}
        assert sorted(idea.state for idea in ideas) == [State.ACCEPTED, *[State.TRIAGE] * 3]
        assert session().scalar(select(func.count()).select_from(Seal)) == len(SEALED)
        assert session().scalar(select(func.count()).select_from(FollowUp)) == len(UNNAMED)
        lettered = select(Person.email).join(Delivery, Delivery.person_id == Person.id)
        addresses = session().scalars(lettered).all()
        assert addresses
        assert not [one for one in addresses if one.endswith("@hidden.invalid")]


def test_one_seal_was_opened_by_two_and_is_shut_again(
    told: None, new_client: Callable[[], Client]
) -> None:
    trusted = _person(TRUSTED)
    opening, seal = session().execute(select(Opening, Seal).join(Seal)).one()
    assert list_guards() == [trusted.id]
    assert opening.answered_by_id == trusted.id
    guard = get_actor(trusted.id)
    row = OpeningRow(opening, seal)
    with at(opening.answered_at):
        assert find_name(guard, row) == BY_KEY[SEALED[0][0]].name
    with at(at_local(TODAY, 9 * 60)):
        assert find_name(guard, row) is None
        assert opening.asked_because in new_client().sign_in(trusted).get("/seals").text


def test_the_phrase_of_the_demo_opens_what_was_told_without_a_name(
    told: None, client: Client
) -> None:
    shown = client.post("/follow-up", {"phrase": PHRASE})
    assert all(title in shown.text for _reason, title, *_texts in UNNAMED)
