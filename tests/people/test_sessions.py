"""Sessions: how long they last, when their ids change, and who can end them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from portal.actor import PROGRAM, Role
from portal.database import Database, reading, session, writing
from portal.now import at, now
from portal.people import passwords, services, sign_in
from portal.people.models import Person, RoleAssignment, SignInSession
from portal.people.store import Sessions
from tests.factories.people import make_department, make_person
from tests.support.client import Client

PASSWORD = "the meter hums at night"
COOKIE = "sid"


@pytest.fixture(scope="module")
def password_hash() -> str:
    """The hash of PASSWORD, made once."""
    return passwords.hash_password(PASSWORD)


@pytest.fixture
def agent(database: Database, password_hash: str) -> Person:
    """Somebody with a password."""
    with writing():
        person = make_person("Amina Yusuf")
        person.password_hash = password_hash
    return person


def _cookie(client: Client) -> str:
    found = client.http.get_cookie(COOKIE, domain="127.0.0.1")
    assert found is not None
    return found.value


def _thief(app: Flask, cookie: str) -> Client:
    thief = Client(app)
    thief.http.set_cookie(COOKIE, cookie, domain="127.0.0.1")
    return thief


def _is_out(client: Client) -> bool:
    """Whether the cookie opens nothing: a page leads to the door, a piece of one answers 401."""
    page, piece = client.get("/people"), client.get("/people", HX_Request="true")
    assert (page.status_code == 303) == (piece.status_code == 401)
    return page.status_code == 303


LIMITS = [
    (Role.AGENT, 60, 12),
    (Role.HANDLER, 60, 12),
    (Role.HEAD, 60, 12),
    (Role.DEPUTY, 60, 12),
    (Role.VALIDATOR, 60, 12),
    (Role.LEADER, 30, 8),
    (Role.ADMINISTRATOR, 30, 8),
]


@pytest.mark.threat(15)
@pytest.mark.parametrize(("role", "idle_minutes", "hours"), LIMITS)
def test_a_session_ends_after_its_roles_idle_and_absolute_time(
    database: Database, role: Role, idle_minutes: int, hours: int
) -> None:
    browser, store = sign_in.Browser("127.0.0.1", ""), Sessions()
    with writing():
        scope = make_department() if role is not Role.AGENT else None
        person = make_person(role=role, scope=scope)
        limits = sign_in.limits_of({Role.AGENT, role})
        idle, busy = (
            sign_in.open_session(person, method="test", browser=browser, limits=limits)
            for _each in range(2)
        )
    start = now()
    with at(start + timedelta(minutes=idle_minutes, seconds=-5)), reading():
        assert store.load(idle, is_passive=True), "still there"
    with at(start + timedelta(minutes=idle_minutes, seconds=5)), reading():
        assert store.load(idle) is None, "asked for by nobody, so it did not live longer"
    moment = start
    while moment < start + timedelta(hours=hours) - timedelta(minutes=20):
        moment += timedelta(minutes=20)
        with at(moment), reading():
            assert store.load(busy), moment - start
    with at(start + timedelta(hours=hours, seconds=5)), reading():
        assert store.load(busy) is None, "used all the time, and over all the same"


@pytest.mark.threat(15)
def test_what_a_page_asks_for_by_itself_keeps_nobody_signed_in(
    app: Flask, client: Client, agent: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = app.view_functions["people.departments"]
    declared = vars(view)["declaration"]
    monkeypatch.setattr(view, "declaration", replace(declared, is_passive=True))
    client.sign_in(agent)
    start = now()
    with at(start + timedelta(minutes=50)):
        assert client.get("/departments").status_code == 200
    with at(start + timedelta(minutes=61)):
        assert _is_out(client)


@pytest.mark.threat(15)
def test_the_bell_that_rings_by_itself_keeps_nobody_signed_in(
    app: Flask, client: Client, agent: Person
) -> None:
    client.sign_in(agent)
    start = now()
    for minutes in (20, 40, 59):
        with at(start + timedelta(minutes=minutes)):
            assert client.get("/notifications/bell?seen=0", HX_Request="true").status_code == 204
    with at(start + timedelta(minutes=61)):
        assert _is_out(client)


@pytest.mark.threat(13)
def test_signing_in_gives_a_new_id_and_ends_the_session_from_before(
    app: Flask, client: Client, agent: Person
) -> None:
    client.sign_in(agent)
    before = _cookie(client)
    client.http.set_cookie("other", "kept", domain="127.0.0.1")
    answer = client.post("/sign-in", {"email": agent.email, "password": PASSWORD})
    assert answer.status_code == 303
    assert _cookie(client) != before
    assert _is_out(_thief(app, before))
    assert not _is_out(client)


@pytest.mark.threat(13)
def test_a_strangers_cookie_does_not_become_a_session(
    app: Flask, client: Client, agent: Person
) -> None:
    client.get("/sign-in")
    fixed = _cookie(client)
    client.post("/sign-in", {"email": agent.email, "password": PASSWORD})
    assert _cookie(client) != fixed
    assert _is_out(_thief(app, fixed))


@pytest.mark.threat(13)
@pytest.mark.threat(17)
def test_proving_oneself_again_gives_a_new_id(app: Flask, client: Client, agent: Person) -> None:
    client.sign_in(agent)
    before = _cookie(client)
    answer = client.post("/me/prove?next=/rewards", {"proof_password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/rewards")
    assert _is_out(_thief(app, before))
    assert not _is_out(client)


@pytest.mark.threat(13)
def test_a_new_password_ends_every_other_session_and_renames_this_one(
    app: Flask, client: Client, new_client: Callable[[], Client], agent: Person
) -> None:
    elsewhere = new_client().sign_in(agent)
    client.sign_in(agent)
    before = _cookie(client)
    typed = {"current_password": PASSWORD, "password": "nineteen blue kettles sing"}
    assert client.post("/me/password", typed).location == "/me"
    assert _is_out(_thief(app, before))
    assert _is_out(elsewhere)
    assert not _is_out(client)


def _give(person: Person) -> None:
    services.grant_role(PROGRAM, person, Role.LEADER, None)


def _take(person: Person) -> None:
    held = session().query(RoleAssignment).filter_by(person_id=person.id).first()
    assert held is not None
    services.end_role(PROGRAM, held)


def _close(person: Person) -> None:
    services.deactivate_person(PROGRAM, person)


@pytest.mark.threat(13)
@pytest.mark.threat(14)
@pytest.mark.parametrize("change", [_give, _take, _close])
def test_a_change_of_roles_or_a_closed_account_ends_every_session(
    client: Client, agent: Person, change: Callable[[Person], None]
) -> None:
    client.sign_in(agent)
    assert not _is_out(client)
    with writing():
        change(agent)
    assert _is_out(client)
    with reading() as unit:
        assert unit.query(SignInSession).filter_by(person_id=agent.id).count() == 0


def test_the_page_of_sessions_marks_this_browser_and_ends_the_others(
    client: Client, new_client: Callable[[], Client], agent: Person
) -> None:
    elsewhere = new_client().sign_in(agent)
    client.sign_in(agent)
    page = client.get("/me/sessions").text
    assert page.count("Sign out there") == 1
    assert page.count("this browser") == 1
    assert client.post("/me/sessions/end-others").location == "/me/sessions"
    assert _is_out(elsewhere)
    assert "Nowhere else." in client.get("/me/sessions").text


def test_one_browser_can_be_signed_out_and_nobody_elses(
    client: Client, new_client: Callable[[], Client], agent: Person
) -> None:
    with writing():
        other = make_person("Ben Otter")
    stranger, elsewhere = new_client().sign_in(other), new_client().sign_in(agent)
    client.sign_in(agent)
    forms = [line for line in client.get("/me/sessions").text.split('action="') if "/end" in line]
    addresses = {line.partition('"')[0] for line in forms if line.startswith("/me/sessions/")}
    for address in sorted(addresses - {"/me/sessions/end-others"}):
        assert stranger.post(address).status_code == 404
    with reading():
        mine = sign_in.list_sessions(agent.id, sign_in.USUAL)
    here = sign_in.digest(_cookie(client).removeprefix("s."))
    there = next(one for one in mine if one.id_hash != here)
    assert client.post(f"/me/sessions/{there.key}/end").status_code == 303
    assert _is_out(elsewhere)
    assert not _is_out(stranger)
    this = next(one for one in mine if one.id_hash == here)
    assert client.post(f"/me/sessions/{this.key}/end").location == "/sign-in"
    assert _is_out(client)


@pytest.mark.threat(14)
def test_an_administrator_ends_all_of_somebodys_sessions(
    client: Client, new_client: Callable[[], Client], agent: Person
) -> None:
    with writing():
        administrator = make_person("Ada Admin", role=Role.ADMINISTRATOR)
    theirs = [new_client().sign_in(agent) for _each in range(2)]
    client.sign_in(administrator)
    assert "Sign out everywhere" in client.get(f"/people/{agent.id}").text
    assert theirs[0].post(f"/people/{administrator.id}/sessions/end").status_code == 404
    assert client.post(f"/people/{agent.id}/sessions/end").status_code == 303
    assert all(_is_out(one) for one in theirs)
    assert not _is_out(client)


@pytest.mark.threat(16)
def test_signing_out_clears_what_the_browser_keeps_but_that_it_is_known(
    client: Client, agent: Person
) -> None:
    client.post("/sign-in", {"email": agent.email, "password": PASSWORD})
    assert client.http.get_cookie("dev", domain="127.0.0.1") is not None
    answer = client.post("/sign-out")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "sid=;" in answer.headers["Set-Cookie"]
    assert client.http.get_cookie(COOKIE, domain="127.0.0.1") is None
    assert client.http.get_cookie("dev", domain="127.0.0.1") is not None


@pytest.mark.threat(31)
def test_a_form_sent_after_the_session_ended_is_shown_back_masked_and_kept_nowhere(
    client: Client, agent: Person
) -> None:
    client.sign_in(agent)
    token = client.token()
    with writing():
        sign_in.end_sessions(agent.id)
    words = "She read me 4111 1111 1111 1111 for nothing."
    fields = {"text": words, "csrf_token": token, "password": "not to be shown"}
    here = "http://127.0.0.1:8000"
    headers = {"Origin": here, "Sec-Fetch-Site": "same-origin", "Referer": f"{here}/insights/new"}
    answer = client.http.post(
        "/insights/new", data=fields, headers=headers, base_url=headers["Origin"]
    )
    assert answer.status_code == 401
    assert "She read me [card ••1111] for nothing." in answer.text
    assert "4111 1111" not in answer.text
    assert "not to be shown" not in answer.text
    assert 'href="/sign-in?next=/insights/new"' in answer.text
