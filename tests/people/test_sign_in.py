"""Signing in and out."""

from collections.abc import Callable

import pytest
from flask import Flask

from portal.actor import PROGRAM, Role
from portal.database import Database, reading, session, writing
from portal.people import links, passwords, services, sign_in, throttle
from portal.people.models import SignInSession
from tests.factories.people import make_person
from tests.support.client import Client

PASSWORD = "a long enough sentence"


@pytest.fixture
def agent(database: Database) -> str:
    """The address of somebody with a password."""
    password_hash = passwords.hash_password(PASSWORD)
    with writing():
        services.add_person(
            PROGRAM, "agent@test.example", name="Amina Yusuf", password_hash=password_hash
        )
    return "agent@test.example"


def test_the_right_password_opens_the_page_one_wanted(client: Client, agent: str) -> None:
    answer = client.post(
        "/sign-in", {"email": "AGENT@test.example", "password": PASSWORD, "next": "/people"}
    )
    assert (answer.status_code, answer.location) == (303, "/people")
    assert client.get("/people").status_code == 200


def test_a_wrong_password_and_an_unknown_address_look_the_same(client: Client, agent: str) -> None:
    wrong = client.post("/sign-in", {"email": agent, "password": "wrong"})
    unknown = client.post("/sign-in", {"email": "nobody@test.example", "password": "wrong"})
    assert wrong.status_code == unknown.status_code == 422
    assert "do not belong together" in wrong.text
    assert "do not belong together" in unknown.text


@pytest.mark.threat(1)
def test_the_sixth_wrong_password_is_not_even_checked(client: Client, agent: str) -> None:
    for _ in range(throttle.PER_ACCOUNT_AND_NETWORK):
        assert client.post("/sign-in", {"email": agent, "password": "x"}).status_code == 422
    answer = client.post("/sign-in", {"email": agent, "password": PASSWORD})
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "300"


@pytest.mark.threat(13)
def test_a_copied_cookie_is_dead_after_signing_out(client: Client, agent: str, app: Flask) -> None:
    client.post("/sign-in", {"email": agent, "password": PASSWORD})
    cookie = client.http.get_cookie("sid", domain="127.0.0.1")
    assert cookie is not None
    thief = Client(app)
    thief.http.set_cookie("sid", cookie.value, domain="127.0.0.1")
    assert thief.get("/people").status_code == 200
    left = client.post("/sign-out")
    assert left.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert thief.get("/people").status_code == 303


def test_the_session_id_is_not_stored(client: Client, agent: str) -> None:
    client.post("/sign-in", {"email": agent, "password": PASSWORD})
    cookie = client.http.get_cookie("sid", domain="127.0.0.1")
    assert cookie is not None
    with reading():
        row = session().query(SignInSession).one()
        assert row.id_hash == sign_in.digest(cookie.value.removeprefix("s."))


def test_a_one_time_link_signs_in_once(
    client: Client, new_client: Callable[[], Client], database: Database
) -> None:
    with writing():
        token = links.make_link(PROGRAM, make_person("Lena Brandt"))
    assert "Hello, Lena Brandt" in client.get(f"/link/{token}").text
    assert client.post(f"/link/{token}").location == "/"
    assert client.get("/people").status_code == 200
    other = new_client()
    assert other.get(f"/link/{token}").status_code == 410
    assert other.post(f"/link/{token}").status_code == 410


def test_the_first_administrator_is_made_once(
    client: Client, new_client: Callable[[], Client]
) -> None:
    with writing():
        token = links.make_link(PROGRAM, None)
    assert "first administrator" in client.get(f"/link/{token}").text
    data = {"name": "Ada", "email": "ada@test.example", "password": PASSWORD}
    address = f"/link/{token}/administrator"
    short = client.post(address, {**data, "password": "short"})
    assert short.status_code == 422
    assert "ada@test.example" in short.text
    assert client.post(address, data).status_code == 303
    assert new_client().post(address, data).status_code == 410


@pytest.mark.threat(14)
def test_a_closed_account_is_signed_out_with_the_next_click(client: Client, app: Flask) -> None:
    with writing():
        person = make_person(role=Role.ADMINISTRATOR)
        make_person(role=Role.ADMINISTRATOR)
    client.sign_in(person)
    assert client.get("/people").status_code == 200
    with writing():
        services.deactivate_person(PROGRAM, person)
    assert client.get("/people").status_code == 303


@pytest.mark.threat(25)
@pytest.mark.parametrize(
    "headers",
    [{"Sec_Fetch_Site": "cross-site"}, {"Sec_Fetch_Site": "same-site"}, {"X_CSRFToken": "forged"}],
)
def test_a_write_from_elsewhere_or_without_the_token_is_refused(
    client: Client, headers: dict[str, str]
) -> None:
    with writing():
        person = make_person()
    client.sign_in(person)
    assert client.post("/sign-out", **headers).status_code == 403
    assert client.get("/people").status_code == 200
