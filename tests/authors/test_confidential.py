"""Handing in under seal: nobody sees who, the author keeps all an author has."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from portal.actor import Role
from portal.audit.models import AuditRow
from portal.authors import sealing
from portal.authors.models import Opening, Seal
from portal.authors.queries import BLOCK
from portal.database import session, writing
from portal.ideas.confidential import submit_confidentially
from portal.ideas.lifecycle import State
from portal.ideas.models import Idea
from portal.now import at, now
from portal.people.models import Person
from portal.triage.services import ask_author
from tests.factories.people import actor_of, make_person
from tests.factories.triage import House, make_house
from tests.support.client import Client

PROBLEM = "Customers call because the reminder arrives after the payment."
PROPOSAL = "Hold the reminder back for three days. Then most have paid."
REASON = "The text threatens a colleague, the police asked for it."


@pytest.fixture
def house(app: Flask) -> House:
    """Departments with heads, and agents."""
    with writing():
        return make_house()


@pytest.fixture
def agent(house: House, client: Client) -> Client:
    """The author's browser."""
    return client.sign_in(house.agent)


def seal_idea(client: Client, house: House, **typed: str) -> Idea:
    """An idea handed in under seal by the page."""
    fields = client.fields(client.get("/ideas/new"), "/ideas/new")
    answer = client.post(
        "/ideas/new",
        {
            **fields,
            "problem": PROBLEM,
            "proposal": PROPOSAL,
            "reason_id": str(house.billing.reason.id),
            "mode": "confidential",
            "action": "submit",
            **typed,
        },
    )
    assert answer.status_code == 303, answer.text
    session().expire_all()
    found: Idea = session().scalars(select(Idea).order_by(Idea.id.desc())).first()
    return found


def main_of(text: str) -> str:
    """The page without its frame, which names its reader."""
    return text.partition("<main")[2].partition("</main>")[0]


@pytest.mark.threat(56)
def test_the_author_alone_sees_that_it_is_theirs(
    agent: Client, house: House, new_client: Callable[[], Client]
) -> None:
    idea = seal_idea(agent, house)
    page = main_of(agent.get(f"/ideas/I-{idea.number}").text)
    assert "Confidential" in page
    assert "Take it back" in page
    assert f"I-{idea.number}" in main_of(agent.get("/ideas?mine=y").text)
    assert idea.title in main_of(agent.get("/").text)
    assert idea.title in main_of(agent.get("/notifications").text)
    for other in (house.colleague, house.billing.head):
        theirs = new_client().sign_in(other)
        page = main_of(theirs.get(f"/ideas/I-{idea.number}").text)
        assert house.agent.name not in page
        assert "Take it back" not in page
        assert theirs.post(f"/ideas/I-{idea.number}/withdraw", {"sentence": "No."}).status_code in {
            *(403, 404, 422)
        }


@pytest.mark.threat(56)
def test_no_table_holds_the_author_beside_what_they_sealed(agent: Client, house: House) -> None:
    idea = seal_idea(agent, house)
    seal = session().scalars(select(Seal)).one()
    assert idea.submitter_id == seal.persona_id != house.agent.id
    assert house.agent.id.to_bytes(8, "big") not in seal.sealed
    rows = session().scalars(select(AuditRow).where(AuditRow.object_kind == "idea"))
    assert {row.actor_id for row in rows} == {None}


def test_the_author_is_asked_and_answers(agent: Client, house: House) -> None:
    idea = seal_idea(agent, house)
    with writing():
        found = session().get_one(Idea, idea.id)
        ask_author(actor_of(house.billing.head), found, question="Which letter do you mean?")
    assert "asks you about" in agent.get("/notifications").text
    address = f"/ideas/I-{idea.number}/answer"
    assert f'href="{address}"' in agent.get(f"/ideas/I-{idea.number}").text
    assert agent.get(address).status_code == 200
    assert agent.post(address, {"answer": "The second reminder."}).status_code == 303
    session().expire_all()
    idea = session().get_one(Idea, idea.id)
    assert idea.state is State.TRIAGE
    assert house.agent.name not in main_of(agent.get(f"/ideas/I-{idea.number}").text)
    assert agent.post(f"/ideas/I-{idea.number}/withdraw", {"sentence": ""}).status_code == 303


def test_everything_sealed_is_found_however_much_it_is(agent: Client, house: House) -> None:
    many = 2 * BLOCK + 1
    with writing():
        for _one in range(many):
            submit_confidentially(actor_of(house.agent), problem=PROBLEM, proposal=PROPOSAL)
    listed = main_of(agent.get("/ideas?mine=y").text)
    assert listed.count('class="item"') == many
    tokens = session().scalars(select(Seal.owner_token)).all()
    assert len(set(tokens)) == many


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"action": "draft"}, "nothing is kept here"),
        ({"authors": "person1@test.example"}, "Under seal there is one author"),
        ({"problem": ""}, "Say what happens today"),
    ],
)
def test_nothing_is_begun_that_would_name_the_author(
    typed: dict[str, str], sentence: str, agent: Client, house: House
) -> None:
    fields = agent.fields(agent.get("/ideas/new"), "/ideas/new")
    given = {"problem": PROBLEM, "proposal": PROPOSAL, "mode": "confidential", "action": "submit"}
    answer = agent.post("/ideas/new", {**fields, **given, **typed})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert session().scalars(select(Idea)).all() == []


def test_a_form_sent_twice_is_one_sealed_idea(agent: Client, house: House) -> None:
    nonce = {"nonce": "7" * 36}
    assert seal_idea(agent, house, **nonce).id == seal_idea(agent, house, **nonce).id


def _ask(house: House, kind: str, subject_id: int, client: Client) -> tuple[Client, Person]:
    with writing():
        administrator = make_person("Bram de Wit", role=Role.ADMINISTRATOR)
        guard = make_person("Ines Duarte", role=Role.PERSON_OF_TRUST)
    asking = client.sign_in(administrator)
    answer = asking.post(f"/seals/ask/{kind}/{subject_id}", {"reason": REASON})
    assert answer.status_code == 303, answer.text
    return asking, guard


@pytest.mark.threat(56, 68)
def test_a_seal_takes_two_to_open_and_the_author_is_told(
    agent: Client, house: House, new_client: Callable[[], Client]
) -> None:
    idea = seal_idea(agent, house)
    asking, guard = _ask(house, "idea", idea.id, new_client())
    address = f"/seals/{session().scalars(select(Opening.id)).one()}"
    assert house.agent.name not in asking.get(address).text
    refused = asking.post(address, {"reason": REASON, "answer": "agree"})
    assert refused.status_code == 403
    agreeing = new_client().sign_in(guard)
    assert "asks to open a seal" in agreeing.get("/notifications").text
    short = agreeing.post(address, {"reason": "Yes.", "answer": "agree"})
    assert short.status_code == 422
    assert agreeing.post(address, {"reason": REASON, "answer": "agree"}).status_code == 303
    assert house.agent.name in main_of(asking.get(address).text)
    assert house.agent.name in main_of(agreeing.get(address).text)
    assert "was opened" in agent.get("/notifications").text
    with writing():
        second = make_person("Otto Krall", role=Role.PERSON_OF_TRUST)
    assert house.agent.name not in new_client().sign_in(second).get(address).text
    with at(now().replace(year=now().year + 1)):
        late = new_client().sign_in(guard)
        assert house.agent.name not in main_of(late.get(address).text)
    tags = session().scalars(select(AuditRow.action)).all()
    assert {"seal.asked", "seal.opened"} <= set(tags)


def test_a_refused_seal_stays_shut(
    agent: Client, house: House, new_client: Callable[[], Client]
) -> None:
    idea = seal_idea(agent, house)
    asking, guard = _ask(house, "idea", idea.id, new_client())
    address = f"/seals/{session().scalars(select(Opening.id)).one()}"
    new_client().sign_in(guard).post(address, {"reason": REASON, "answer": "refuse"})
    assert house.agent.name not in asking.get(address).text
    assert "stays shut" in asking.get("/notifications").text
    assert "was opened" not in agent.get("/notifications").text


@pytest.mark.threat(56)
def test_an_insight_is_sealed_too(
    agent: Client, house: House, new_client: Callable[[], Client]
) -> None:
    fields = agent.fields(agent.get("/insights/new"), "/insights/new")
    typed = {"text": "He was told twice, by 0170 1234567.", "mode": "confidential"}
    shown = agent.post("/insights/new", {**fields, **typed, "demand_type": "failure"})
    assert "We masked a phone number." in shown.text
    typed["text"] = "He was told twice, by [phone ••67]."
    answer = agent.post("/insights/new", {**fields, **typed, "demand_type": "failure"})
    assert answer.status_code == 303, answer.text
    assert "Confidential" in main_of(agent.get(answer.location).text)
    head = new_client().sign_in(house.billing.head)
    theirs = main_of(head.get(answer.location).text)
    assert house.agent.name not in theirs
    assert "We masked" not in theirs
    seal = session().scalars(select(Seal)).one()
    asking, guard = _ask(house, "insight", seal.subject_id, new_client())
    address = f"/seals/{session().scalars(select(Opening.id)).one()}"
    new_client().sign_in(guard).post(address, {"reason": REASON, "answer": "agree"})
    assert house.agent.name in main_of(asking.get(address).text)
    assert "was opened" in agent.get("/notifications").text


def test_a_portal_offers_what_its_administrator_chose(
    agent: Client, house: House, new_client: Callable[[], Client]
) -> None:
    with writing():
        administrator = make_person("Bram de Wit", role=Role.ADMINISTRATOR)
    setting = new_client().sign_in(administrator)
    assert setting.post("/admin/author-modes", {"modes": []}).status_code == 422
    assert setting.post("/admin/author-modes", {"modes": ["named"]}).status_code == 303
    page = agent.get("/ideas/new").text
    assert "Confidential: sealed" not in page
    assert "Go on without a name" not in page
    fields = agent.fields(agent.get("/ideas/new"), "/ideas/new")
    given = {"problem": PROBLEM, "proposal": PROPOSAL, "mode": "confidential"}
    assert agent.post("/ideas/new", {**fields, **given}).status_code == 422
    assert agent.post("/anonymous/idea", {"action": "open"}).status_code == 404


def test_a_seal_opens_with_its_own_key_on_its_own_thing_alone(app: Flask) -> None:
    sealed = sealing.seal(17, "idea:1")
    assert sealing.unseal(sealed, "idea:1") == 17
    assert len(sealed) == len(sealing.seal(2**40, "idea:1"))
    with pytest.raises(sealing.SealBroken):
        sealing.unseal(sealed, "idea:2")
    with pytest.raises(sealing.SealBroken):
        sealing.unseal(sealed[:-1] + bytes([sealed[-1] ^ 1]), "idea:1")
