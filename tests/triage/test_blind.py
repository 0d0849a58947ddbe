"""Where a department reviews blind, the first look does not say who had the idea."""

import pytest
from sqlalchemy import select

from portal.audit.models import AuditRow
from portal.database import Database, reading, writing
from portal.ideas.confidential import submit_confidentially
from portal.ideas.models import Idea
from portal.triage.services import ask_author
from tests.factories.people import actor_of
from tests.factories.triage import House, submit
from tests.support.client import Client
from tests.support.statements import counting
from tests.triage.reviews import address, review_with

NAME, HIDDEN = "Amina Yusuf", "Author hidden"


@pytest.fixture
def idea(house: House) -> Idea:
    """An idea of Amina Yusuf on billing's desk, which reviews blind."""
    review_with(house.billing.department, house.billing.head, blind=True)
    with writing():
        return submit(house.agent, house.billing.reason)


def test_the_author_is_on_no_place_of_the_bench(head: Client, idea: Idea) -> None:
    for url in ("/triage", address(idea), address(idea, "accept"), address(idea, "notes")):
        page = head.get(url).text
        assert NAME not in page, url
        assert ">AY<" not in page, url
    assert HIDDEN in head.get("/triage").text
    letter = head.post(address(idea, "accept"), {"sentence": "Yes, we do.", "preview": "1"})
    assert "Hello," in letter.text
    assert "Amina" not in letter.text


def test_joining_it_to_another_does_not_say_it_either(
    house: House, head: Client, idea: Idea
) -> None:
    with writing():
        other = submit(house.colleague, house.billing.reason)
    url = f"{address(idea, 'merge')}?into=I-{other.number}"
    assert NAME not in head.get(url).text
    page = head.post(url, {"sentence": "Both ask for the same line.", "preview": "1"})
    assert "Amina" not in page.text


def test_a_question_of_a_colleague_does_not_name_whom_it_waits_on(
    house: House, head: Client, deputy: Client, idea: Idea
) -> None:
    with writing() as unit:
        found = unit.get_one(Idea, idea.id)
        ask_author(actor_of(house.billing.head), found, question="Which letter do you mean?")
    assert NAME in head.get(address(idea)).text  # who asked has decided something
    page = deputy.get(address(idea)).text
    assert NAME not in page
    assert "its author" in page


def test_a_score_lifts_it_for_who_scored_alone(head: Client, deputy: Client, idea: Idea) -> None:
    head.post(address(idea, "score"), {"effort": "days", "confidence": "sure"})
    assert NAME in head.get(address(idea)).text
    assert NAME in head.get("/triage").text
    assert NAME not in deputy.get(address(idea)).text


def test_who_asks_is_shown_and_it_is_kept(
    house: House, head: Client, deputy: Client, idea: Idea
) -> None:
    assert head.post(address(idea, "show-author")).status_code == 303
    head.post(address(idea, "show-author"))
    assert NAME in head.get(address(idea)).text
    assert NAME not in deputy.get(address(idea)).text
    with reading() as reader:
        row = reader.scalars(select(AuditRow).where(AuditRow.action == "idea.author_shown")).one()
        assert row.actor_id == house.billing.head.id


def test_where_nobody_wants_it_the_author_is_there_as_ever(
    house: House, head: Client, idea: Idea
) -> None:
    review_with(house.billing.department, house.billing.head, blind=False)
    page = head.get(address(idea)).text
    assert NAME in page
    assert HIDDEN not in page


def test_after_the_decision_of_another_there_is_no_first_look_any_more(
    head: Client, deputy: Client, idea: Idea
) -> None:
    head.post(address(idea, "accept"), {"sentence": "Yes. I would want it so myself."})
    assert NAME in deputy.get(address(idea)).text


def test_a_sealed_author_stays_sealed_when_the_author_is_shown(house: House, head: Client) -> None:
    review_with(house.billing.department, house.billing.head, blind=True)
    with writing():
        idea = submit_confidentially(
            actor_of(house.agent),
            title="Say that the reading was estimated",
            problem="The bill is twice the last one and does not say why.",
            proposal="Print a line under the reading: estimated.",
            reason_id=house.billing.reason.id,
        )
    before = head.get(address(idea)).text
    assert HIDDEN in before
    assert "Confidential" not in before
    head.post(address(idea, "show-author"))
    after = head.get(address(idea)).text
    assert "Confidential" in after
    assert NAME not in after


def test_a_blind_inbox_costs_what_another_costs(
    house: House, head: Client, idea: Idea, database: Database
) -> None:
    head.get("/triage")
    with counting(database) as blind:
        head.get("/triage")
    review_with(house.billing.department, house.billing.head, blind=False)
    head.get("/triage")
    with counting(database) as plain:
        head.get("/triage")
    assert len(blind) == len(plain)
