"""Asking again before what matters most: what is asked, what is carried, where it leads."""

from collections.abc import Callable
from datetime import timedelta

import pyotp
import pytest
from flask import Flask

from portal.actor import Role
from portal.audit.models import AuditRow
from portal.database import Database, reading, session, writing
from portal.now import at, now
from portal.people import passwords, second_factor
from portal.people.models import OneTimeLink, Person, RoleAssignment
from portal.web.access import list_routes
from tests.factories.people import actor_of, make_person
from tests.support.client import Client
from tests.support.forms import read_page

PASSWORD = "the meter hums at night"
LATER = timedelta(minutes=11)

SENSITIVE = {
    "admin.audit_csv",
    "admin.erase",
    "admin.mask_settings",
    "admin.my_data",
    "boards.funnel_csv",
    "boards.impact_csv",
    "impact.points",
    "metrics.points",
    "people.close",
    "people.end_role",
    "people.give_role",
    "people.make_link",
    "people.remove_factor",
    "people.second_factor_begin",
    "people.second_factor_codes",
    "people.second_factor_confirm",
    "people.second_factor_off",
    "people.second_factor_page",
    "people.second_factor_picture",
    "rewards.move",
    "rewards.redeem",
    "rewards.statement_csv",
    "rewards.take_out",
    "rewards.voucher",
}
"""Second factors, roles, links, exports, erasure, what is masked, approvals and orders; a new
password asks by itself."""


@pytest.fixture(scope="module")
def password_hash() -> str:
    """The hash of PASSWORD, made once."""
    return passwords.hash_password(PASSWORD)


@pytest.fixture
def administrator(database: Database, password_hash: str) -> Person:
    """An administrator with a password."""
    with writing():
        person = make_person("Ada Admin", role=Role.ADMINISTRATOR)
        person.password_hash = password_hash
    return person


@pytest.fixture
def agent(database: Database) -> Person:
    """Somebody else."""
    with writing():
        return make_person("Amina Yusuf")


@pytest.mark.threat(17)
def test_what_matters_most_is_declared_sensitive(app: Flask) -> None:
    declared = {route.endpoint for route in list_routes(app) if route.says.is_sensitive}
    assert declared == SENSITIVE
    exports = {each.endpoint for each in list_routes(app) if "export." in str(each.audit)}
    assert exports <= declared


@pytest.mark.threat(17)
def test_a_page_comes_after_the_question_and_then_where_one_wanted_to_go(
    client: Client, administrator: Person
) -> None:
    client.sign_in(administrator)
    assert client.get("/rewards/statement.csv").status_code == 200
    with at(now() + LATER):
        asked = client.get("/rewards/statement.csv")
        assert asked.location == "/me/prove?next=/rewards/statement.csv"
        page = client.get(asked.location)
        form = next(one for one in read_page(page.text, asked.location)[0] if "prove" in one.action)
        wrong = client.post(form.action, {"proof_password": "no"})
        assert wrong.status_code == 422
        assert client.post(form.action).status_code == 422, "nothing typed"
        right = client.post(form.action, {"proof_password": PASSWORD})
        assert (right.status_code, right.location) == (303, "/rewards/statement.csv")
        assert client.get("/rewards/statement.csv").status_code == 200
    with reading():
        assert session().query(AuditRow).filter_by(action="person.proved").count() == 1


@pytest.mark.threat(17)
@pytest.mark.threat(32)
def test_the_way_on_is_one_of_ours(client: Client, administrator: Person) -> None:
    client.sign_in(administrator)
    for elsewhere in ("//evil.example", "https://evil.example", "/\\evil.example"):
        answer = client.post(f"/me/prove?next={elsewhere}", {"proof_password": PASSWORD})
        assert answer.location == "/"


@pytest.mark.threat(17)
def test_a_form_sent_too_late_asks_in_the_same_step_and_loses_nothing(
    client: Client, administrator: Person, agent: Person
) -> None:
    client.sign_in(administrator)
    address = f"/people/{agent.id}/roles"
    typed = {"role": "validator", "department": "", "note": "4111 1111 1111 1111", "password": "x"}
    with at(now() + LATER):
        asked = client.post(address, typed)
        assert asked.status_code == 403
        form = next(one for one in read_page(asked.text, address)[0] if one.action == address)
        assert form.values["role"] == "validator"
        assert form.values["note"] == "[card ••1111]"
        assert "password" not in form.values
        with reading():
            assert session().query(RoleAssignment).filter_by(role=Role.VALIDATOR).count() == 0
        again = client.post(address, {**form.values, "proof_password": "no"} | _token(client))
        assert again.status_code == 422
        assert 'value="validator"' in again.text
        done = client.post(address, {**form.values, "proof_password": PASSWORD} | _token(client))
        assert done.status_code == 303
        assert client.get("/people").status_code == 200
    with reading():
        assert session().query(RoleAssignment).filter_by(role=Role.VALIDATOR).count() == 1


def _token(client: Client) -> dict[str, str]:
    return {"csrf_token": client.token()}


@pytest.mark.threat(17)
def test_an_htmx_request_gets_the_question_in_place_of_the_page(
    client: Client, administrator: Person, agent: Person
) -> None:
    client.sign_in(administrator)
    with at(now() + LATER):
        answer = client.post(f"/people/{agent.id}/link", {"purpose": "reset"}, HX_Request="true")
    assert answer.status_code == 422
    assert answer.headers["HX-Retarget"] == "#main"
    assert answer.headers["HX-Reselect"] == "#main > *"
    assert 'name="purpose" value="reset"' in answer.text
    with reading():
        assert session().query(OneTimeLink).count() == 0


@pytest.mark.threat(17)
def test_a_code_proves_as_well_as_a_password(client: Client, administrator: Person) -> None:
    client.sign_in(administrator)
    key = str(client.app.config["SECRET_KEY"])
    with writing():
        second_factor.begin(actor_of(administrator), key)
    with writing():
        secret = second_factor.get_secret(administrator.id, key)
        first = pyotp.TOTP(secret).at(now() - timedelta(seconds=30))
        codes = second_factor.confirm(actor_of(administrator), first, key)
    with at(now() + LATER):
        page = client.get("/me/prove")
        assert "Or a code of your app" in page.text
        assert client.post("/me/prove?next=/rewards", {"proof_code": codes[0]}).status_code == 303
        assert client.get("/rewards/statement.csv").status_code == 200


def test_whoever_came_by_a_link_chooses_a_password_while_that_is_fresh(
    client: Client, new_client: Callable[[], Client], agent: Person
) -> None:
    client.sign_in(agent)
    with at(now() + LATER):
        assert "Ask an administrator for a new link" in client.get("/me/password").text
        assert "Ask an administrator for a new link" in client.get("/me/prove").text
        late = client.post("/me/password", {"password": "nineteen blue kettles sing"})
        assert late.status_code == 200
    assert client.post("/me/password", {"password": "nineteen blue kettles sing"}).location == "/me"
    answer = new_client().post(
        "/sign-in", {"email": agent.email, "password": "nineteen blue kettles sing"}
    )
    assert answer.status_code == 303
