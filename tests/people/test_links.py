"""One-time links: for whom, how long, and exactly once."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portal.actor import PROGRAM, Role
from portal.database import Database, reading, release, session, writing
from portal.errors import NotAllowed
from portal.now import at, now
from portal.people import links, passwords, tokens
from portal.people.models import LinkPurpose, OneTimeLink, Person, RoleAssignment
from tests.factories.people import actor_of, make_person
from tests.support.client import Client

Form = dict[str, str]

NEW = "nineteen blue kettles sing"
LIVES = [
    (LinkPurpose.SIGN_IN, timedelta(minutes=10)),
    (LinkPurpose.RESET, timedelta(minutes=60)),
    (LinkPurpose.INVITE, timedelta(days=7)),
]


@pytest.fixture
def agent(database: Database) -> Person:
    """Somebody without a password."""
    with writing():
        return make_person("Amina Yusuf")


def _link(person: Person | None, purpose: LinkPurpose = LinkPurpose.SIGN_IN) -> str:
    with writing():
        return links.make_link(PROGRAM, person, purpose)


@pytest.mark.threat(6)
@pytest.mark.parametrize(("purpose", "life"), LIVES)
def test_a_link_opens_as_long_as_its_purpose_says(
    client: Client, agent: Person, purpose: LinkPurpose, life: timedelta
) -> None:
    token, made = _link(agent, purpose), now()
    with at(made + life - timedelta(seconds=5)):
        assert client.get(f"/link/{token}").status_code == 200
    with at(made + life + timedelta(seconds=5)):
        assert client.get(f"/link/{token}").status_code == 410
        answer = client.post(f"/link/{token}", {"password": NEW})
        assert answer.status_code == 410
        assert "This link was used or has expired." in answer.text


@pytest.mark.threat(6)
def test_only_the_hash_is_stored_and_guesses_open_nothing(client: Client, agent: Person) -> None:
    token = _link(agent)
    assert len(token) == 43, "256 bits"
    with reading():
        stored = session().query(OneTimeLink).one()
        assert stored.token_hash == tokens.digest(token)
        assert not any(links.find_link(tokens.digest(tokens.new_token())) for _each in range(200))
    assert client.get(f"/link/{tokens.new_token()}").status_code == 410


@pytest.mark.threat(6)
def test_a_new_link_kills_the_one_before(client: Client, agent: Person) -> None:
    first, second = _link(agent, LinkPurpose.INVITE), _link(agent, LinkPurpose.RESET)
    assert client.get(f"/link/{first}").status_code == 410
    assert client.get(f"/link/{second}").status_code == 200


@pytest.mark.threat(6)
def test_of_twenty_who_use_a_link_at_once_one_gets_in(
    app: Flask, new_client: Callable[[], Client], agent: Person
) -> None:
    token = _link(agent)
    statuses = _all_at_once(
        20, new_client, lambda one, _number, form: one.post(f"/link/{token}", form)
    )
    assert sorted(statuses) == [303] + [410] * 19


def _all_at_once(
    count: int, new_client: Callable[[], Client], send: Callable[[Client, int, Form], TestResponse]
) -> list[int]:
    """Let many browsers send at the same moment; the statuses they get."""
    browsers = [new_client() for _each in range(count)]
    for browser in browsers:
        browser.get("/sign-in")
    ready, statuses = threading.Barrier(count), []

    def run(browser: Client, number: int) -> None:
        form = {"csrf_token": browser.token()}
        ready.wait()
        statuses.append(send(browser, number, form).status_code)
        release()

    threads = [
        threading.Thread(target=run, args=(browser, number))
        for number, browser in enumerate(browsers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


@pytest.mark.threat(12)
def test_of_twenty_who_would_be_the_first_administrator_one_is(
    app: Flask,
    new_client: Callable[[], Client],
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known_hash = passwords.hash_password(NEW)
    monkeypatch.setattr(passwords, "hash_password", lambda _password: known_hash)
    token = _link(None)

    def send(browser: Client, number: int, form: Form) -> TestResponse:
        typed = {"name": "Ada", "email": f"ada{number}@test.example", "password": NEW}
        return browser.post(f"/link/{token}/administrator", typed | form)

    statuses = _all_at_once(20, new_client, send)
    assert sorted(statuses) == [303] + [410] * 19
    with reading():
        held = session().query(RoleAssignment).filter_by(role=Role.ADMINISTRATOR)
        assert held.count() == 1
        assert session().query(Person).count() == 1


@pytest.mark.threat(12)
def test_the_first_administrator_is_not_made_without_the_printed_link(
    client: Client, database: Database
) -> None:
    typed = {"name": "Eve", "email": "eve@test.example", "password": NEW}
    assert client.post("/link/made-up/administrator", typed).status_code == 403
    _link(None)
    assert client.post(f"/link/{tokens.new_token()}/administrator", typed).status_code == 403
    with writing():
        agent = make_person()
    assert client.post(f"/link/{_link(agent)}/administrator", typed).status_code == 403
    with reading():
        assert session().query(Person).count() == 1


@pytest.mark.threat(6)
def test_an_invitation_asks_for_a_password_and_signs_in(
    client: Client, new_client: Callable[[], Client], agent: Person
) -> None:
    token = _link(agent, LinkPurpose.INVITE)
    assert "Choose the password" in client.get(f"/link/{token}").text
    short = client.post(f"/link/{token}", {"password": "short"})
    assert short.status_code == 422
    assert "A password has 15 to 128 characters." in short.text
    assert client.post(f"/link/{token}", {"password": NEW}).location == "/"
    assert client.get("/people").status_code == 200
    other = new_client()
    answer = other.post("/sign-in", {"email": agent.email, "password": NEW})
    assert answer.status_code == 303


@pytest.mark.threat(14)
def test_a_reset_signs_every_browser_out_and_lets_the_brake_go(
    client: Client, new_client: Callable[[], Client], agent: Person
) -> None:
    elsewhere = new_client().sign_in(agent)
    for _each in range(6):
        last = client.post("/sign-in", {"email": agent.email, "password": "wrong"})
    assert last.status_code == 429
    token = _link(agent, LinkPurpose.RESET)
    assert client.post(f"/link/{token}", {"password": NEW}).status_code == 303
    assert elsewhere.get("/people").status_code == 303
    answer = elsewhere.post("/sign-in", {"email": agent.email, "password": NEW})
    assert answer.status_code == 303


def test_an_administrator_makes_a_link_that_is_shown_once(
    client: Client, new_client: Callable[[], Client], agent: Person
) -> None:
    with writing():
        administrator = make_person("Ada Admin", role=Role.ADMINISTRATOR)
    client.sign_in(administrator)
    made = client.post(f"/people/{agent.id}/link", {"purpose": "reset"})
    assert made.status_code == 200
    address = made.text.partition("http://127.0.0.1:8000/link/")[2].partition("<")[0]
    assert address not in client.get(f"/people/{agent.id}").text
    assert "Choose a new password" in new_client().get(f"/link/{address}").text
    assert client.post(f"/people/{agent.id}/link", {"purpose": "x"}).status_code == 422


def test_only_administrators_make_links_and_only_for_open_accounts(agent: Person) -> None:
    with writing(), pytest.raises(NotAllowed):
        links.make_link(actor_of(agent), agent)
    with writing(), pytest.raises(NotAllowed):
        agent.is_active = False
        links.make_link(PROGRAM, agent)
