"""The brake on guessing: what it stops, and whom it never stops."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from portal.audit.models import AuditRow
from portal.database import Database, reading, release, session, writing
from portal.now import at, now
from portal.people import devices, passwords, sign_in, throttle
from portal.people.models import Person, PortalFact
from portal.people.sign_in import Browser, WrongPassword, account_key, check_password
from portal.people.throttle import TooManyAttempts
from tests.factories.people import make_person
from tests.support.client import Client, plain_text

PASSWORD = "the meter hums at night"
SECRET = "a key that only this test has"


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


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The passwords that reached the hasher; its answer is that they are wrong, but at once."""
    seen: list[str] = []

    def note(password: str, stored: str | None) -> bool:
        seen.append(password)
        return password == PASSWORD and stored is not None

    monkeypatch.setattr(passwords, "is_right", note)
    return seen


def _from(number: int) -> Browser:
    return Browser(f"10.0.{number // 250}.{number % 250}", "test")


def _try(email: str, password: str, browser: Browser, **more: str | None) -> str:
    try:
        check_password(email, password, browser, **more)
    except (WrongPassword, TooManyAttempts) as error:
        return type(error).__name__
    return "in"


@pytest.mark.threat(1)
def test_of_many_wrong_passwords_ten_reach_the_hasher(agent: Person, hashed: list[str]) -> None:
    with at(now()):
        said = [_try(agent.email, "wrong", _from(number)) for number in range(120)]
    assert len(hashed) == throttle.PER_ACCOUNT
    assert said == ["WrongPassword"] * 10 + ["TooManyAttempts"] * 110


@pytest.fixture
def _wide_door() -> Iterator[None]:
    """Room for forty at once."""
    passwords.make_room(41)
    yield
    passwords.make_room(4)


@pytest.mark.threat(1)
@pytest.mark.usefixtures("_wide_door")
def test_tries_at_the_same_time_are_counted_one_after_the_other(
    agent: Person, hashed: list[str]
) -> None:
    said: list[str] = []

    def guess(number: int) -> None:
        said.append(_try(agent.email, "wrong", _from(number)))
        release()

    threads = [threading.Thread(target=guess, args=(number,)) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(said) == 40
    assert len(hashed) == throttle.PER_ACCOUNT


@pytest.mark.threat(1)
def test_five_wrong_ones_from_one_network_brake_that_network_alone(
    agent: Person, hashed: list[str]
) -> None:
    said = [_try(agent.email, "wrong", _from(1)) for _each in range(6)]
    assert said == ["WrongPassword"] * 5 + ["TooManyAttempts"]
    assert _try(agent.email, PASSWORD, _from(2)) == "in"


@pytest.mark.threat(1)
def test_a_known_device_passes_while_the_account_is_braked_and_has_a_brake_of_its_own(
    agent: Person, hashed: list[str]
) -> None:
    cookie = devices.make_device(SECRET, agent.id)
    for number in range(20):
        _try(agent.email, "wrong", _from(number))
    assert _try(agent.email, PASSWORD, _from(99)) == "TooManyAttempts"
    known = {"secret": SECRET, "device": cookie}
    assert _try(agent.email, PASSWORD, _from(99), **known) == "in"
    said = [_try(agent.email, "wrong", _from(99), **known) for _each in range(11)]
    assert said == ["WrongPassword"] * 10 + ["TooManyAttempts"]


def test_a_device_is_known_for_one_person_for_half_a_year_and_cannot_be_made_up(
    agent: Person,
) -> None:
    cookie = devices.make_device(SECRET, agent.id)
    assert devices.find_device(SECRET, agent.id, cookie)
    assert devices.find_device(SECRET, agent.id + 1, cookie) is None
    assert devices.find_device("another key", agent.id, cookie) is None
    assert devices.find_device(SECRET, None, cookie) is None
    name, day, signature = cookie.split(".")
    for forged in ("", "a", "a.b.c", f"{name}.{int(day) + 9}.{signature}", f"x.{day}.{signature}"):
        assert devices.find_device(SECRET, agent.id, forged) is None
    with at(now() + timedelta(days=181)):
        assert devices.find_device(SECRET, agent.id, cookie) is None


@pytest.mark.threat(1)
def test_after_a_hundred_in_a_row_only_a_new_password_opens(
    agent: Person, hashed: list[str]
) -> None:
    moment = now()
    for number in range(100):
        with at(moment + timedelta(minutes=number)):
            assert _try(agent.email, "wrong", _from(number)) == "WrongPassword"
    with at(moment + timedelta(days=2)):
        throttle.forget_old_failures()
        assert _try(agent.email, PASSWORD, _from(7)) == "TooManyAttempts"
        with writing() as unit:
            throttle.release_brake(unit, account_key(agent.email))
        assert _try(agent.email, PASSWORD, _from(7)) == "in"


@pytest.mark.threat(2)
def test_a_spray_from_one_network_is_stopped_within_a_hundred(
    database: Database, hashed: list[str]
) -> None:
    with at(now()):
        said = [_try(f"p{n}@test.example", "Winter2026", _from(1)) for n in range(120)]
    assert said.count("WrongPassword") == throttle.PER_NETWORK
    assert said[100:] == ["TooManyAttempts"] * 20


@pytest.mark.threat(2)
def test_a_shift_signing_in_from_one_address_is_not_braked(
    database: Database, password_hash: str, hashed: list[str]
) -> None:
    with writing():
        shift = [make_person(f"Agent {number}") for number in range(60)]
        for person in shift:
            person.password_hash = password_hash
    start, typos = now(), 0
    for number, person in enumerate(shift):
        with at(start + timedelta(seconds=number)):
            if number % 20 == 0:
                typos += 1
                assert _try(person.email, "a typo", _from(1)) == "WrongPassword"
            assert _try(person.email, PASSWORD, _from(1)) == "in"
    assert typos == 3


@pytest.mark.threat(2)
def test_a_flood_is_told_once_and_brakes_nobody(
    agent: Person, hashed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "_FLOOD", throttle._FLOOD.offset(29))
    for number in range(40):
        assert _try(f"p{number}@test.example", "wrong", _from(number)) == "WrongPassword"
    assert _try(agent.email, PASSWORD, _from(99)) == "in"
    with reading():
        told = session().query(AuditRow).filter_by(action="sign_in.flood").all()
        assert len(told) == 1
        assert session().get(PortalFact, throttle.FLOOD_FACT) is not None


def test_addresses_count_by_their_network() -> None:
    one = sign_in.describe_browser("2001:db8:1:2:3::4", "").network
    assert one == sign_in.describe_browser("2001:db8:1:2:ffff::1", "").network
    assert one != sign_in.describe_browser("2001:db8:1:3::1", "").network
    mapped = sign_in.describe_browser("::ffff:192.0.2.7", "").network
    assert mapped == sign_in.describe_browser("192.0.2.7", "").network == "192.0.2.7"


@pytest.mark.threat(1)
@pytest.mark.threat(3)
def test_the_brake_says_the_same_for_an_account_that_does_not_exist(
    app: Flask, client: Client, agent: Person
) -> None:
    texts = []
    for email in (agent.email, "nobody@test.example"):
        for _each in range(throttle.PER_ACCOUNT_AND_NETWORK + 1):
            answer = client.post("/sign-in", {"email": email, "password": "wrong"})
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "300")
        texts.append(plain_text(answer).replace(email, ""))
    assert texts[0] == texts[1]
