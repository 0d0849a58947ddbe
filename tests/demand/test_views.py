"""The pages of contact reasons."""

from datetime import date

import pytest

from portal.actor import Role
from portal.database import Database, release, writing
from portal.demand import queries
from portal.people.models import Person
from tests.factories.demand import make_reason
from tests.factories.people import make_department, make_person
from tests.support.client import Client
from tests.support.statements import counting


@pytest.fixture
def administrator(database: Database) -> Person:
    """Somebody who may change reasons."""
    with writing():
        return make_person("Ada Admin", role=Role.ADMINISTRATOR)


def test_every_colleague_sees_reasons_with_owner_and_cost(client: Client) -> None:
    with writing():
        agent = make_person()
        make_reason("Late bill", owner=make_department("Billing"), avoidable_minor=580)
    page = client.sign_in(agent).get("/reasons")
    assert page.status_code == 200
    assert page.text.count("<h1") == 1
    assert "Late bill" in page.text
    assert "Billing" in page.text
    assert "5.80" in page.text
    assert "/reasons/new" not in page.text


def test_a_page_without_reasons_says_what_it_will_hold(
    client: Client, administrator: Person
) -> None:
    page = client.sign_in(administrator).get("/reasons")
    assert "No contact reason yet" in page.text
    assert page.text.count("<h1") == 1


def test_forms_for_reasons_are_the_administrators_alone(client: Client) -> None:
    with writing():
        agent = make_person()
        reason = make_reason()
    client.sign_in(agent)
    assert client.get("/reasons/new").status_code == 404
    assert client.get(f"/reasons/{reason.id}").status_code == 404
    assert client.post(f"/reasons/{reason.id}/costs", {}).status_code == 404


def test_an_administrator_adds_a_reason(client: Client, administrator: Person) -> None:
    with writing():
        billing = make_department("Billing")
    client.sign_in(administrator)
    assert client.get("/reasons/new").text.count("<h1") == 1
    answer = client.post(
        "/reasons/new",
        {
            "key": "late-bill",
            "name": "Late bill",
            "parent": "0",
            "owner": str(billing.id),
            "avoidable_cost": "5.80",
        },
    )
    assert (answer.status_code, answer.location) == (303, "/reasons")
    [row] = queries.list_reasons()
    assert (row.key, row.owner_department_id) == ("late-bill", billing.id)
    assert queries.get_cost(row.id, date(2100, 1, 1)) == (580, 580)


@pytest.mark.parametrize("cost", ["NaN", "-1", "1e99", "much"])
def test_a_cost_that_is_none_comes_back_with_what_was_typed(
    client: Client, administrator: Person, cost: str
) -> None:
    with writing():
        billing = make_department("Billing")
    answer = client.sign_in(administrator).post(
        "/reasons/new",
        {
            "key": "k",
            "name": "Late bill",
            "parent": "0",
            "owner": str(billing.id),
            "avoidable_cost": cost,
        },
    )
    assert answer.status_code == 422
    assert "Late bill" in answer.text
    assert queries.list_reasons() == []


def test_a_taken_key_lands_on_its_field(client: Client, administrator: Person) -> None:
    with writing():
        reason = make_reason(key="late-bill")
    answer = client.sign_in(administrator).post(
        "/reasons/new",
        {
            "key": "late-bill",
            "name": "Again",
            "parent": str(reason.id),
            "owner": str(reason.owner_department_id),
        },
    )
    assert answer.status_code == 422
    assert "is taken" in answer.text


def test_an_administrator_gives_a_reason_away_and_prices_it(
    client: Client, administrator: Person
) -> None:
    with writing():
        reason = make_reason("Late bill")
        metering = make_department("Metering")
    client.sign_in(administrator)
    address = f"/reasons/{reason.id}"
    assert client.get(address).text.count("<h1") == 1
    fields = {"name": "Late bill", "owner": str(metering.id), "is_active": "y"}
    assert client.post(address, fields).status_code == 303
    cost = {"avoidable_cost": "6", "full_cost": "7.5", "valid_from": "2026-01-01"}
    assert client.post(f"{address}/costs", cost).status_code == 303
    release()
    assert queries.list_reasons()[0].owner_department_id == metering.id
    assert queries.get_cost(reason.id, date(2026, 1, 1)) == (600, 750)
    assert "€ 7.50" in client.get(address).text


def test_a_refused_cost_shows_the_page_again(client: Client, administrator: Person) -> None:
    with writing():
        reason = make_reason("Late bill")
    answer = client.sign_in(administrator).post(
        f"/reasons/{reason.id}/costs", {"avoidable_cost": "6", "full_cost": "5"}
    )
    assert answer.status_code == 422
    assert "cannot be less" in answer.text
    assert "Late bill" in answer.text


def test_an_unknown_reason_has_no_page(client: Client, administrator: Person) -> None:
    assert client.sign_in(administrator).get("/reasons/999").status_code == 404


def test_the_list_costs_the_same_for_many_reasons(client: Client, database: Database) -> None:
    with writing():
        agent = make_person()
        owner = make_department()
        make_reason(owner=owner)
    client.sign_in(agent)
    with counting(database) as few:
        client.get("/reasons")
    with writing():
        for _number in range(20):
            make_reason(owner=owner)
    with counting(database) as many:
        client.get("/reasons")
    assert len(few) == len(many)
