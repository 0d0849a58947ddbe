"""The pages of routing: rules, the router's setting, suggestions."""

import re

import pytest

from portal.actor import PROGRAM, Role
from portal.database import Database, release, session, writing
from portal.demand.queries import get_reason
from portal.insights.services import add_insight
from portal.now import today
from portal.people.models import Department, Person
from portal.routing import router
from portal.routing.jobs import learn_anew
from portal.routing.models import RoutingRule, RoutingRuleVersion
from portal.routing.router import get_setting
from portal.routing.rules import Conditions
from portal.routing.ruling import Draft, add_rule
from tests.factories.people import actor_of, make_person
from tests.factories.triage import House, submit
from tests.support.client import Client
from tests.support.statements import counting

HOME = "/admin/routing"
NEW = f"{HOME}/rules/new"


@pytest.fixture
def admin(house: House, client: Client) -> Client:
    """An administrator's browser."""
    with writing():
        person = make_person("Ada Admin", role=Role.ADMINISTRATOR)
    return client.sign_in(person)


def make_rule(house: House, name: str = "Refund words", **asked: object) -> RoutingRule:
    """A rule to billing."""
    with writing():
        asked = asked or {"words": ("refund",)}
        draft = Draft(name, house.billing.department.id, Conditions(**asked))
        return add_rule(PROGRAM, draft)


def typed(house: House, **changes: object) -> dict[str, object]:
    """What an administrator types."""
    return {
        "name": "Refund words",
        "department": house.billing.department.id,
        "words": "refund\ncredit note, chargeback",
        "words_mode": "any",
        "kind": "",
        "severity": "",
        **changes,
    }


def stored() -> list[RoutingRule]:
    """The rules in their order."""
    release()
    return session().query(RoutingRule).order_by(RoutingRule.position).all()


def test_only_administrators_see_and_change_routing(house: House, client: Client) -> None:
    rule = make_rule(house)
    client.sign_in(house.billing.head)
    one = f"{HOME}/rules/{rule.id}"
    assert {client.get(url).status_code for url in (HOME, NEW, one)} == {404}
    for url in (NEW, one, f"{one}/move", f"{one}/switch", f"{one}/restore", f"{HOME}/router"):
        assert client.post(url, {"way": "up"}).status_code == 404
    assert client.post(f"{HOME}/learn").status_code == 404


def test_a_portal_without_rules_says_what_they_are_for(admin: Client) -> None:
    page = admin.get(HOME)
    assert "No rule yet" in page.text
    assert "It has learned nothing yet" in page.text
    assert page.text.count("<h1") == 1


def test_a_rule_is_written_and_stands_on_the_list_in_words(house: House, admin: Client) -> None:
    answer = admin.post(NEW, typed(house, channels=["chat", "phone"], severity="3"))
    assert (answer.status_code, answer.location) == (303, HOME)
    (rule,) = stored()
    assert rule.conditions["words"] == ["refund", "credit note", "chargeback"]
    page = admin.get(HOME).text
    assert "“refund”, “credit note”, “chargeback” · Phone or Chat" in page.replace(
        "Chat or Phone", "Phone or Chat"
    )
    assert "at least: Cost them money" in page


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"department": "0"}, "department"),
        ({"department": "x"}, "department"),
        ({"department": "999999999999"}, "department"),
        ({"words": "?!"}, "words"),
        ({"words": "x" * 20_000}, "words"),
        ({"severity": "9"}, "severity"),
        ({"kind": "letter"}, "kind"),
        ({"channels": "pigeon"}, "channels"),
        ({"reason_ids": "99999"}, "reason_ids"),
        ({"department_ids": "x"}, "department_ids"),
    ],
)
def test_what_cannot_be_kept_is_told_at_its_field_and_stays(
    house: House, admin: Client, changes: dict[str, object], field: str
) -> None:
    for action in ({}, {"action": "try"}):
        answer = admin.post(NEW, typed(house, **changes) | action)
        assert answer.status_code == 422
        assert f'id="{field}-error"' in answer.text or 'class="field-error"' in answer.text
    assert stored() == []


def test_a_rule_is_tried_on_the_past_before_it_is_kept(house: House, admin: Client) -> None:
    with writing():
        idea = submit(house.agent, problem="The refund takes weeks.")
        number = idea.number
    answer = admin.post(NEW, typed(house, action="try"))
    assert answer.status_code == 200
    said = " ".join(re.sub("<[^>]+>", " ", answer.text).split())
    assert "Of 1 newer item without an owner by its reason, the rule would take 1." in said
    assert "1 would be elsewhere than now." in said
    assert f'href="/ideas/I-{number}"' in answer.text
    assert "chargeback" in answer.text
    assert stored() == []


def test_a_rule_that_takes_everything_must_be_meant(house: House, admin: Client) -> None:
    rule = make_rule(house)
    make_rule(house, "Meters", words=("meter",))
    with writing():
        submit(house.agent)
    url = f"{HOME}/rules/{rule.id}"
    everything = typed(house, words="", version="1")
    answer = admin.post(url, everything)
    assert answer.status_code == 422
    assert "it would take all 1 of the last" in answer.text
    assert 'name="is_confirmed"' in answer.text
    assert admin.post(url, everything | {"is_confirmed": "y"}).status_code == 303


def test_of_two_administrators_the_second_is_told_and_keeps_what_was_typed(
    house: House, admin: Client
) -> None:
    rule = make_rule(house)
    url = f"{HOME}/rules/{rule.id}"
    assert admin.post(url, typed(house, name="One", version="1")).status_code == 303
    answer = admin.post(url, typed(house, name="Two", version="1"))
    assert answer.status_code == 422
    assert "Somebody changed this rule meanwhile" in answer.text
    assert 'value="Two"' in answer.text


def test_buttons_order_switch_and_restore_without_javascript(house: House, admin: Client) -> None:
    one, two = make_rule(house).id, make_rule(house, "Meters", words=("meter",)).id
    assert admin.post(f"{HOME}/rules/{two}/move", {"way": "up"}).status_code == 303
    assert [rule.id for rule in stored()] == [two, one]
    admin.post(f"{HOME}/rules/{two}/switch", {"way": "off"})
    assert "switched off" in admin.get(HOME).text
    admin.post(f"{HOME}/rules/{one}", typed(house, name="Changed", version="1"))
    page = admin.get(f"{HOME}/rules/{one}").text
    assert "Changed: Changed" in page
    assert "Added: Refund words" in page
    assert admin.post(f"{HOME}/rules/{one}/restore", {"way": "1"}).status_code == 303
    assert [rule.name for rule in stored()] == ["Meters", "Refund words"]
    assert session().query(RoutingRuleVersion).count() == 6
    assert admin.post(f"{HOME}/rules/{one}/restore", {"way": "x"}).status_code == 404
    assert admin.post(f"{HOME}/rules/99999/move", {"way": "up"}).status_code == 404


def test_an_open_rule_cannot_be_moved_before_others(house: House, admin: Client) -> None:
    make_rule(house)
    last = make_rule(house, "All the rest", severity=None).id
    answer = admin.post(f"{HOME}/rules/{last}/move", {"way": "up"})
    assert answer.status_code == 422
    assert "would never be asked" in answer.text


def test_what_is_gone_is_shown_and_nothing_is_lost(house: House, admin: Client) -> None:
    reasons = (house.billing.reason.id, house.metering.reason.id)
    rule = make_rule(house, reason_ids=reasons)
    with writing() as unit:
        get_reason(reasons[0]).is_active = False
        unit.get_one(Department, house.billing.department.id).valid_until = today()
    for url in (HOME, f"{HOME}/rules/{rule.id}"):
        page = admin.get(url).text
        assert "Its department is closed, so it is passed over." in page
        assert "About Billing: no longer in use. The rest of the rule is asked." in page
    assert "About Billing (retired)" in admin.get(f"{HOME}/rules/{rule.id}").text
    assert stored()[0].conditions["reason_ids"] == list(reasons)


def test_the_router_is_set_with_a_plain_number(house: House, admin: Client) -> None:
    url = f"{HOME}/router"
    assert admin.post(url, {"is_on": "y", "confidence_percent": "92"}).status_code == 303
    release()
    assert (get_setting().is_on, get_setting().confidence_percent) == (True, 92)
    assert admin.post(url, {"confidence_percent": "70"}).status_code == 303
    release()
    assert not get_setting().is_on
    for wrong in ("", "49", "101", "many", "99999999999999999999"):
        answer = admin.post(url, {"confidence_percent": wrong})
        assert answer.status_code == 422
        assert 'id="confidence_percent-error"' in answer.text


def test_the_page_shows_what_was_measured_at_each_confidence(
    house: House, admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    teach(house, house.agent)
    assert "It has learned from 24 settled items and only suggests." in admin.get(HOME).text
    monkeypatch.setattr(router.RouterRow, "has_enough", True)
    page = admin.get(HOME).text
    assert "Measured on items that it had not seen" in page
    assert page.count('<th scope="row" class="num">') == 9
    assert admin.post(f"{HOME}/learn").status_code == 303


def teach(house: House, agent: Person) -> None:
    """Let the router learn from a dozen insights for each of two desks."""
    with writing():
        for desk, word in ((house.billing, "refund"), (house.metering, "meter")):
            for number in range(12):
                text = f"The {word} {number}, again the {word}"
                add_insight(actor_of(agent), text=text, reason_id=desk.reason.id)
    learn_anew({})


def test_suggestions_come_while_writing_and_nothing_is_kept(house: House, client: Client) -> None:
    teach(house, house.agent)
    client.sign_in(house.agent)
    url = "/routing/suggestions"
    part = client.post(url, {"problem": "Where is my refund?"}, HX_Request="true")
    assert part.text.lstrip().startswith('<div id="suggestions"')
    assert re.search(r"<li>Billing <span[^>]*>\(refund", part.text)
    page = client.post(url, {"text": "Where is the meter?"})
    assert page.text.count("<h1") == 1
    assert re.search(r"<li>Metering", page.text)
    assert "write a sentence first" in client.post(url, {"text": " "}, HX_Request="true").text


def test_the_form_of_a_transfer_names_three_departments_first(house: House, client: Client) -> None:
    teach(house, house.agent)
    with writing():
        number = submit(house.agent, house.billing.reason, problem="The meter is broken.").number
    client.sign_in(house.billing.head)
    page = client.get(f"/triage/I-{number}/transfer")
    assert re.search(
        r'value="0">Choose a department</option>\s*<option value="\d+">Metering, by', page.text
    )
    assert "the likeliest first: Metering (meter" in page.text
    assert len(re.findall(", by its words</option>", page.text)) <= 3


def test_the_pages_ask_a_fixed_number_of_statements(
    house: House, admin: Client, database: Database
) -> None:
    make_rule(house)

    def ask(url: str) -> int:
        with counting(database) as statements:
            assert admin.get(url).status_code == 200
        return len(statements)

    rule = stored()[0].id
    release()
    admin.get(HOME)
    few = ask(HOME), ask(f"{HOME}/rules/{rule}")
    for number in range(5):
        make_rule(house, f"Rule {number}", words=("meter",), reason_ids=(house.board.reason.id,))
    admin.get(HOME)
    assert (ask(HOME), ask(f"{HOME}/rules/{rule}")) == few


def test_whoever_captures_can_ask_where_it_may_belong(house: House, client: Client) -> None:
    client.sign_in(house.agent)
    for url in ("/ideas/new", "/insights/new"):
        page = client.get(url).text
        assert 'formaction="/routing/suggestions"' in page
        assert 'hx-target="#suggestions"' in page
