"""The page where a password is changed, and what signing in does to an old hash."""

import pytest
from argon2 import PasswordHasher

from portal.database import Database, writing
from portal.people import passwords
from portal.people.models import Person
from tests.factories.people import make_person
from tests.support.client import Client

OLD = "the meter hums at night"
NEW = "nineteen blue kettles sing"


@pytest.fixture
def agent(database: Database) -> Person:
    """Somebody with a password."""
    hashed = passwords.hash_password(OLD)
    with writing():
        person = make_person("Amina Yusuf")
        person.password_hash = hashed
    return person


def test_changing_a_password_asks_for_the_one_until_now(client: Client, agent: Person) -> None:
    client.sign_in(agent)
    wrong = client.post("/me/password", {"current_password": "no", "password": NEW})
    assert wrong.status_code == 422
    assert "This is not your password." in wrong.text
    weak = client.post(
        "/me/password", {"current_password": OLD, "password": "Amina Yusuf 1985 1985"}
    )
    assert weak.status_code == 422
    assert "easily guessed" in weak.text
    assert OLD not in weak.text
    assert client.post("/me/password", {"current_password": OLD, "password": NEW}).location == "/me"


@pytest.mark.threat(1)
def test_guessing_the_password_of_an_open_session_is_braked(client: Client, agent: Person) -> None:
    client.sign_in(agent)
    for _each in range(5):
        client.post("/me/password", {"current_password": "no", "password": NEW})
    answer = client.post("/me/password", {"current_password": OLD, "password": NEW})
    assert answer.status_code == 429
    assert client.post("/me/prove", {"proof_password": OLD}).status_code == 429


def test_a_weaker_hash_is_renewed_when_its_owner_signs_in(client: Client, agent: Person) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(OLD)
    with writing() as unit:
        unit.get_one(Person, agent.id).password_hash = weak
    assert client.post("/sign-in", {"email": agent.email, "password": OLD}).status_code == 303
    with writing() as unit:
        stored = unit.get_one(Person, agent.id).password_hash
    assert stored is not None
    assert not passwords.needs_rehash(stored)
    assert passwords.is_right(OLD, stored)
