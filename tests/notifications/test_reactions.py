"""Who hears of what."""

from flask import Flask
from sqlalchemy import select

from portal.database import release, session, writing
from portal.ideas.models import Idea
from portal.notifications.models import Notice
from portal.notifications.queries import count_unread
from portal.notifications.services import read_all
from portal.triage.services import accept_idea, ask_author, decline_idea
from tests.factories.people import actor_of
from tests.factories.triage import House, make_house, submit
from tests.support.client import Client

SENTENCE = "Yes, because three customers a day ask for exactly this."


def _titles(person_id: int) -> list[str]:
    release()
    rows = select(Notice.title).where(Notice.person_id == person_id).order_by(Notice.id)
    return list(session().scalars(rows))


def _house() -> tuple[House, Idea]:
    with writing():
        house = make_house()
        return house, submit(house.agent, house.billing.reason)


def test_a_new_idea_reaches_its_author_and_the_head_who_owes_an_answer(app: Flask) -> None:
    house, _idea = _house()
    assert _titles(house.agent.id) == ["Billing has “Say that the reading was estimated”."]
    assert _titles(house.billing.head.id) == [
        "“Say that the reading was estimated” waits for your answer."
    ]
    assert _titles(house.colleague.id) == []


def test_a_decision_always_reaches_its_author_and_never_the_one_who_signed(app: Flask) -> None:
    house, idea = _house()
    head = actor_of(house.billing.head)
    before = len(_titles(house.billing.head.id))
    with writing():
        idea = session().get_one(Idea, idea.id)
        decline_idea(
            head,
            idea,
            reason_code="not_now",
            sentence="Not before the print system is replaced in spring.",
            would_change="A new print system.",
        )
    assert "said no" in _titles(house.agent.id)[-1]
    assert len(_titles(house.billing.head.id)) == before


def test_a_question_is_owed_by_the_author_and_told_once(app: Flask) -> None:
    house, idea = _house()
    with writing():
        ask_author(
            actor_of(house.billing.head),
            session().get_one(Idea, idea.id),
            question="Which letter did the customer hold in hand?",
        )
    asked = [title for title in _titles(house.agent.id) if "asks you" in title]
    assert len(asked) == 1


def test_reading_the_list_clears_the_bell(app: Flask, client: Client) -> None:
    house, idea = _house()
    with writing():
        accept_idea(
            actor_of(house.billing.head), session().get_one(Idea, idea.id), sentence=SENTENCE
        )
    client.sign_in(house.agent)
    page = client.get("/notifications")
    assert page.status_code == 200
    assert page.text.count("<h1") == 1
    assert "Billing said yes" in page.text
    assert client.post("/notifications/read").status_code == 303
    release()
    assert count_unread(actor_of(house.agent)) == 0


def test_reading_is_ones_own(app: Flask) -> None:
    house, _idea = _house()
    with writing():
        read_all(actor_of(house.agent))
    release()
    assert count_unread(actor_of(house.agent)) == 0
    assert count_unread(actor_of(house.billing.head)) == 1
