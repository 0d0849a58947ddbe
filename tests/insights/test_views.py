"""The pages of insights."""

import base64
import json

import pytest
from sqlalchemy import select

from portal.database import Database, release, session, writing
from portal.demand.models import ContactReason
from portal.insights.models import Channel, DemandType, Insight
from portal.insights.services import add_insight
from portal.people.models import Person
from tests.factories.demand import make_reason
from tests.factories.insights import make_insight
from tests.factories.people import actor_of, make_department, make_headed_department, make_person
from tests.support.client import Client
from tests.support.statements import counting

NEW = "/insights/new"


@pytest.fixture
def agent(database: Database) -> Person:
    """Somebody on the phone, in a portal with an orphans' desk."""
    with writing():
        make_headed_department("Service quality", takes_orphans=True)
        return make_person()


@pytest.fixture
def reason(agent: Person) -> ContactReason:
    """A reason that is Billing's."""
    with writing():
        return make_reason("Bill unclear", key="bill-unclear", owner=make_department("Billing"))


def _stored() -> list[Insight]:
    release()
    return list(session().scalars(select(Insight).order_by(Insight.id)))


def test_only_the_text_is_required(client: Client, agent: Person) -> None:
    answer = client.sign_in(agent).post(NEW, {"text": "He waited an hour."})
    assert (answer.status_code, answer.location) == (303, "/insights/N-1")
    page = client.get("/insights/N-1")
    assert page.status_code == 200
    assert page.text.count("<h1") == 1
    assert "It is with Service quality." in page.text
    assert "He waited an hour." in page.text


def test_everything_an_agent_says_stands_on_the_page(
    client: Client, agent: Person, reason: ContactReason
) -> None:
    client.sign_in(agent).post(
        NEW,
        {
            "text": "The reading is a guess.",
            "reason": str(reason.id),
            "channel": "phone",
            "demand_type": "failure",
            "expected": "To see that it is an estimate",
            "severity": "3",
            "friction": "unclear letter",
            "minutes": "11",
            "segment": "tenant",
            "moment": "first bill",
            "occurred_at": "2026-03-31T14:05",
            "external_id": "call-99",
        },
    )
    [insight] = _stored()
    assert (insight.channel, insight.demand_type) == (Channel.PHONE, DemandType.FAILURE)
    page = client.get("/insights/N-1").text
    for words in (
        "It is with Billing.",
        "To Billing because the contact reason “Bill unclear” is theirs.",
        "To see that it is an estimate",
        "Cost them money",
        "A letter was unclear",
        "tenant",
        "first bill",
        "call-99",
        "31 Mar",
        agent.name,
    ):
        assert words in page


@pytest.mark.threat(62)
def test_what_is_masked_is_shown_before_it_is_sent(client: Client, agent: Person) -> None:
    shown = client.sign_in(agent).post(NEW, {"text": "She read me 4111 1111 1111 1111."})
    assert shown.status_code == 200
    assert "We masked a card number." in shown.text
    assert "She read me [card ••1111]." in shown.text
    assert client.get("/insights/N-1").status_code == 404
    assert client.post(NEW, {"text": "She read me [card ••1111]."}).status_code == 303


def test_what_was_masked_on_its_way_in_is_told_to_the_writer_alone(
    client: Client, agent: Person, new_client: object
) -> None:
    with writing():
        add_insight(actor_of(agent), text="She read me 4111 1111 1111 1111.")
    page = client.sign_in(agent).get("/insights/N-1").text
    assert "We masked a card number." in page
    assert "4111" not in page
    with writing():
        colleague = make_person("Grace Okafor")
    assert "We masked" not in client.sign_in(colleague).get("/insights/N-1").text


def test_the_form_sent_twice_is_one_insight(client: Client, agent: Person) -> None:
    client.sign_in(agent)
    fields = client.fields(client.get(NEW), NEW)
    assert fields["nonce"]
    sent = {"nonce": fields["nonce"], "text": "Once."}
    answers = [client.post(NEW, sent) for _time in range(2)]
    assert [answer.location for answer in answers] == ["/insights/N-1"] * 2
    assert len(_stored()) == 1


@pytest.mark.parametrize(
    ("bad", "fault"),
    [
        ({"text": "  "}, "Say what the customer said"),
        ({"minutes": "-1"}, "minutes"),
        ({"minutes": "99999999999999999999"}, "minutes"),
        ({"occurred_at": "2126-01-01T00:00"}, "This has not happened yet."),
        ({"occurred_at": "soon"}, "occurred_at"),
        ({"reason": "12345"}, "reason"),
        ({"reason": "x"}, "reason"),
        ({"friction": "magic"}, "friction"),
        ({"demand_type": "magic"}, "demand_type"),
        ({"expected": "x" * 2_001}, "expected"),
    ],
)
def test_a_refused_form_keeps_what_was_typed(
    client: Client, agent: Person, bad: dict[str, str], fault: str
) -> None:
    typed = {"text": "What she told me.", "segment": "a tenant", **bad}
    answer = client.sign_in(agent).post(NEW, typed)
    assert answer.status_code == 422
    assert answer.text.count("<h1") == 1
    assert fault in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert "a tenant" in answer.text
    assert bad.get("text", "What she told me.") in answer.text
    assert _stored() == []


def test_a_reference_that_was_used_says_where(client: Client, agent: Person) -> None:
    client.sign_in(agent).post(NEW, {"text": "One.", "external_id": "call-1"})
    answer = client.post(NEW, {"text": "Two.", "external_id": "call-1"})
    assert answer.status_code == 422
    assert "as N-1" in answer.text
    assert "Two." in answer.text


def test_without_a_desk_for_orphans_the_form_keeps_its_words(
    client: Client, database: Database
) -> None:
    with writing():
        agent = make_person()
    answer = client.sign_in(agent).post(NEW, {"text": "Nobody owns this."})
    assert answer.status_code == 422
    assert "No department takes what nobody owns" in answer.text
    assert "Nobody owns this." in answer.text


def test_a_capture_link_fills_the_form(
    client: Client, agent: Person, reason: ContactReason
) -> None:
    page = client.sign_in(agent).get(f"{NEW}?reason=bill-unclear&channel=chat&ref=call-5")
    assert page.status_code == 200
    assert page.text.count("<h1") == 1
    assert f'<option selected value="{reason.id}">Bill unclear (Billing)' in page.text
    assert 'value="call-5"' in page.text
    assert 'checked id="channel-1"' in page.text
    assert 'data-draft="insight"' in page.text


def test_a_capture_link_with_nonsense_gives_an_empty_form(client: Client, agent: Person) -> None:
    page = client.sign_in(agent).get(f"{NEW}?reason=nothing&channel=pigeon&ref=")
    assert page.status_code == 200


def test_the_list_can_be_narrowed(client: Client, agent: Person, reason: ContactReason) -> None:
    with writing():
        child = make_reason("Estimated reading", owner=make_department("Metering"), parent=reason)
        make_insight("About the bill", reason_id=reason.id, channel=Channel.CHAT)
        make_insight("About the reading", reason_id=child.id, demand_type=DemandType.FAILURE)
        make_insight("About nothing")
    client.sign_in(agent)

    def found(query: str) -> set[str]:
        page = client.get(f"/insights{query}")
        assert page.status_code == 200
        assert page.text.count("<h1") == 1
        return {
            word
            for word in ("bill", "reading", "nothing")
            if f"About the {word}" in page.text or f"About {word}" in page.text
        }

    assert found("") == {"bill", "reading", "nothing"}
    assert found(f"?reason={reason.id}") == {"bill", "reading"}
    assert found(f"?reason={child.id}") == {"reading"}
    assert found(f"?department={reason.owner_department_id}") == {"bill"}
    assert found("?demand_type=failure") == {"reading"}
    assert found("?channel=chat") == {"bill"}
    assert found(f"?channel=chat&department={child.owner_department_id}") == set()
    assert found("?channel=pigeon&reason=x&department=-1") == {"bill", "reading", "nothing"}


def test_an_empty_list_says_what_it_will_hold(client: Client, agent: Person) -> None:
    client.sign_in(agent)
    assert "Nobody has told us anything yet" in client.get("/insights").text
    assert "Nobody has said this yet" in client.get("/insights?channel=chat").text


def test_the_list_is_paged_with_its_filters(client: Client, agent: Person) -> None:
    with writing():
        for number in range(35):
            make_insight(f"Number {number}.", channel=Channel.CHAT)
    page = client.sign_in(agent).get("/insights?channel=chat").text
    assert "Number 34." in page
    assert "Number 4." not in page
    older = page.split('rel="next"')[0].rpartition('href="')[2].split('"')[0].replace("&amp;", "&")
    assert "channel=chat" in older
    assert "Number 4." in client.get(older).text


@pytest.mark.parametrize(
    "cursor",
    ["x", "WzAsMSwyXQ", base64.urlsafe_b64encode(json.dumps([0, "a", "b"]).encode()).decode()],
)
def test_a_forged_cursor_is_not_found(client: Client, agent: Person, cursor: str) -> None:
    assert client.sign_in(agent).get(f"/insights?after={cursor}").status_code == 404


@pytest.mark.parametrize("ref", ["N-999", "N-0", "N-x", "I-1", "N-9999999999"])
def test_an_unknown_reference_is_not_found(client: Client, agent: Person, ref: str) -> None:
    assert client.sign_in(agent).get(f"/insights/{ref}").status_code == 404


def test_words_are_shown_as_words(client: Client, agent: Person) -> None:
    client.sign_in(agent).post(NEW, {"text": "<script>alert(1)</script> & <b>bold</b>"})
    for address in ("/insights", "/insights/N-1"):
        page = client.get(address).text
        assert "<script>alert" not in page
        assert "<b>bold" not in page


def test_strangers_are_sent_to_the_sign_in(client: Client, agent: Person) -> None:
    for address in ("/insights", NEW, "/insights/N-1"):
        assert client.get(address).status_code == 303


def test_the_list_asks_the_same_few_questions_for_any_number_of_rows(
    client: Client, agent: Person, database: Database, reason: ContactReason
) -> None:
    actor = actor_of(agent)
    with writing():
        make_insight(actor=actor, reason_id=reason.id)
    client.sign_in(agent)
    client.get("/insights")
    with counting(database) as few:
        client.get("/insights")
    with writing():
        for _number in range(40):
            make_insight(actor=actor, reason_id=reason.id)
    with counting(database) as many:
        client.get("/insights")
    asked = [statement for statement in many if statement.startswith("SELECT")]
    assert len(few) == len(many)
    assert len(asked) <= 6
