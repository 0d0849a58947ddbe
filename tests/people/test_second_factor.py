"""The second factor: set up, asked for on every way in, used once, stored sealed."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from html import unescape
from re import findall

import pyotp
import pytest
from flask import Flask

from portal.actor import PROGRAM, Role
from portal.config import Config
from portal.database import Database, reading, session, writing
from portal.now import at, now
from portal.people import links, passwords, second_factor, services
from portal.people.models import LinkPurpose, Person, RecoveryCode, SecondFactor
from portal.people.throttle import TooManyAttempts
from tests.factories.people import actor_of, make_person
from tests.support.client import Client

PASSWORD = "the meter hums at night"
KEY = "a secret that only the tests have, long enough"


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


def _enrol(person: Person) -> tuple[pyotp.TOTP, list[str]]:
    """Set a person's app up ten minutes ago; it, and the recovery codes."""
    with at(now() - timedelta(minutes=10)):
        with writing():
            second_factor.begin(actor_of(person), KEY)
        with writing():
            app = pyotp.TOTP(second_factor.get_secret(person.id, KEY))
            codes = second_factor.confirm(actor_of(person), app.at(now()), KEY)
    return app, codes


def _wrong(app: pyotp.TOTP) -> str:
    near = {app.at(now() + timedelta(seconds=30 * step)) for step in range(-3, 4)}
    return next(code for code in map(str, range(333333, 333350)) if code not in near)


def test_setting_it_up_takes_a_picture_and_a_code_and_shows_ten_recovery_codes_once(
    client: Client, new_client: Callable[[], Client], agent: Person
) -> None:
    elsewhere = new_client().sign_in(agent)
    client.sign_in(agent)
    assert client.post("/me/second-factor/begin").location == "/me/second-factor"
    page = client.get("/me/second-factor").text
    picture = client.get("/me/second-factor/qr.svg")
    assert (picture.status_code, picture.mimetype) == (200, "image/svg+xml")
    assert "<script" not in picture.text
    assert "style=" not in picture.text
    secret = unescape(page).partition("<code>")[2].partition("</code>")[0].replace(" ", "")
    app = pyotp.TOTP(secret)
    wrong = client.post("/me/second-factor/confirm", {"code": _wrong(app)})
    assert wrong.status_code == 422
    assert "This code does not fit." in wrong.text
    shown = client.post("/me/second-factor/confirm", {"code": app.at(now())})
    assert shown.status_code == 200
    codes = findall(r"<code>([A-Z2-7]{4}(?:-[A-Z2-7]{4}){3})</code>", shown.text)
    assert len(set(codes)) == second_factor.RECOVERY_CODES == 10
    later = client.get("/me/second-factor").text
    assert not any(code in later for code in codes)
    assert secret not in later.replace(" ", "")
    assert client.get("/me/second-factor/qr.svg").status_code == 404
    assert elsewhere.get("/people").status_code == 303, "other browsers are signed out"


def test_the_secret_is_sealed_and_recovery_codes_are_hashes(agent: Person) -> None:
    app, codes = _enrol(agent)
    with reading():
        factor = session().get_one(SecondFactor, agent.id)
        assert app.secret.encode() not in factor.sealed_secret
        hashes = [row.code_hash for row in session().query(RecoveryCode)]
    assert not any(code.encode() in stored for code in codes for stored in hashes)


def _by_password(browser: Client, person: Person) -> str:
    answer = browser.post("/sign-in", {"email": person.email, "password": PASSWORD})
    return answer.location or ""


def _by_link(purpose: LinkPurpose) -> Callable[[Client, Person], str]:
    def come(browser: Client, person: Person) -> str:
        with writing():
            token = links.make_link(PROGRAM, person, purpose)
        typed = {"password": PASSWORD} if purpose is not LinkPurpose.SIGN_IN else {}
        return browser.post(f"/link/{token}", typed).location or ""

    return come


WAYS = {
    "password": _by_password,
    "link": _by_link(LinkPurpose.SIGN_IN),
    "reset": _by_link(LinkPurpose.RESET),
    "invite": _by_link(LinkPurpose.INVITE),
}


@pytest.mark.threat(11)
@pytest.mark.parametrize("way", WAYS)
def test_every_way_in_asks_for_the_code(client: Client, agent: Person, way: str) -> None:
    app, _codes = _enrol(agent)
    assert WAYS[way](client, agent).startswith("/sign-in/code?next=")
    assert client.get("/people").status_code == 303, "half in is not in"
    wrong = client.post("/sign-in/code", {"code": _wrong(app)})
    assert wrong.status_code == 422
    assert client.get("/people").status_code == 303
    answer = client.post("/sign-in/code", {"code": app.at(now()), "next": "/people"})
    assert (answer.status_code, answer.location) == (303, "/people")
    assert client.get("/people").status_code == 200


@pytest.mark.threat(11)
def test_the_code_page_opens_nothing_without_a_password_before_it(
    client: Client, agent: Person
) -> None:
    app, _codes = _enrol(agent)
    answer = client.post("/sign-in/code", {"code": app.at(now())})
    assert answer.location.startswith("/sign-in?next=")
    assert client.get("/people").status_code == 303


@pytest.mark.threat(11)
def test_a_new_password_and_ten_minutes_end_what_the_old_one_began(
    client: Client, new_client: Callable[[], Client], agent: Person
) -> None:
    app, _codes = _enrol(agent)
    late = new_client()
    for browser in (client, late):
        assert _by_password(browser, agent).startswith("/sign-in/code")
    with at(now() + timedelta(minutes=11)):
        answer = late.post("/sign-in/code", {"code": app.at(now())})
        assert answer.location.startswith("/sign-in?")
    with writing() as unit:
        unit.get_one(Person, agent.id).password_hash = "another"
    answer = client.post("/sign-in/code", {"code": app.at(now())})
    assert answer.location.startswith("/sign-in?")


@pytest.mark.threat(6)
@pytest.mark.threat(11)
def test_a_code_works_once_and_so_does_a_recovery_code(agent: Person) -> None:
    app, codes = _enrol(agent)
    code = app.at(now())
    second_factor.check_code(agent.id, code, KEY)
    with pytest.raises(second_factor.WrongCode):
        second_factor.check_code(agent.id, code, KEY)
    with pytest.raises(second_factor.WrongCode):
        second_factor.check_code(agent.id, app.at(now() - timedelta(seconds=30)), KEY)
    second_factor.check_code(agent.id, codes[3].lower().replace("-", " "), KEY)
    with pytest.raises(second_factor.WrongCode):
        second_factor.check_code(agent.id, codes[3], KEY)
    with reading():
        assert second_factor.get_standing(agent.id).codes_left == 9


@pytest.mark.threat(6)
def test_five_wrong_codes_an_hour_are_all(agent: Person) -> None:
    app, _codes = _enrol(agent)
    for _each in range(5):
        with pytest.raises(second_factor.WrongCode):
            second_factor.check_code(agent.id, _wrong(app), KEY)
    with pytest.raises(TooManyAttempts):
        second_factor.check_code(agent.id, app.at(now()), KEY)
    with at(now() + timedelta(minutes=61)):
        second_factor.check_code(agent.id, app.at(now()), KEY)


def test_with_another_key_recovery_codes_still_open(agent: Person) -> None:
    app, codes = _enrol(agent)
    with pytest.raises(second_factor.WrongCode):
        second_factor.check_code(agent.id, app.at(now()), "another key, after the first was lost")
    second_factor.check_code(agent.id, codes[0], "another key, after the first was lost")


def test_beside_a_second_factor_eight_characters_are_enough(client: Client, agent: Person) -> None:
    _enrol(agent)
    client.sign_in(agent)
    typed = {"current_password": PASSWORD, "password": "kettle9!mq"}
    assert client.post("/me/password", typed).location == "/me"


@pytest.fixture
def strict(app: Flask) -> Iterator[None]:
    """The portal as it is outside a demo: administrators and leaders set one up."""
    config: Config = app.extensions["portal"]
    assert config.second_factor_roles == ("administrator", "leader")
    yield
    app.extensions["portal"] = config


@pytest.mark.threat(11)
@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.LEADER])
def test_roles_that_need_one_get_no_further_before_it_is_set_up(
    client: Client, agent: Person, role: Role
) -> None:
    with writing():
        make_person("Another", role=Role.ADMINISTRATOR)
        services.grant_role(PROGRAM, agent, role, None)
    assert _by_password(client, agent) == "/"
    for address in ("/", "/people", "/me/sessions", "/rewards/statement.csv"):
        assert client.get(address).location == "/me/second-factor", address
    assert client.post("/me/sessions/end-others").status_code == 403
    client.post("/me/second-factor/begin")
    page = unescape(client.get("/me/second-factor").text)
    app = pyotp.TOTP(page.partition("<code>")[2].partition("</code>")[0].replace(" ", ""))
    shown = client.post("/me/second-factor/confirm", {"code": app.at(now())})
    assert "Your recovery codes" in shown.text
    assert client.get("/people").status_code == 200
    assert client.post("/me/second-factor/off").status_code == 422, "the role keeps it on"


def test_a_demo_forces_nobody_and_the_setting_says_whom_it_forces(
    app: Flask, client: Client, new_client: Callable[[], Client], agent: Person, strict: None
) -> None:
    with writing():
        services.grant_role(PROGRAM, agent, Role.LEADER, None)
    app.extensions["portal"] = replace(app.extensions["portal"], second_factor_roles=())
    assert _by_password(client, agent) == "/"
    assert client.get("/people").status_code == 200
    app.extensions["portal"] = replace(app.extensions["portal"], second_factor_roles=("leader",))
    with writing():
        services.set_fact("demo_password", "known to all")
    other = new_client()
    assert _by_password(other, agent) == "/"
    assert other.get("/people").status_code == 200


def test_an_administrator_turns_off_what_was_lost_but_not_their_own(
    client: Client, agent: Person
) -> None:
    _enrol(agent)
    with writing():
        administrator = make_person("Ada Admin", role=Role.ADMINISTRATOR)
    client.sign_in(administrator)
    assert client.post(f"/people/{administrator.id}/second-factor/off").status_code == 403
    assert client.post(f"/people/{agent.id}/second-factor/off").status_code == 303
    with reading():
        assert not second_factor.get_standing(agent.id).is_on
