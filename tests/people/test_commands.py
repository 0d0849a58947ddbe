"""Accounts from the command line."""

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from portal.actor import Capability
from portal.database import reading, writing
from portal.people.queries import (
    find_department_by_key,
    find_person_by_email,
    get_orphans_desk,
    has_people,
)
from tests.factories.people import actor_of, make_headed_department, make_person
from tests.support.client import Client

ROWS = """\
email,name,department,role
ada@test.example,Ada Byron,company,head
amina@test.example,Amina Yusuf,Calls,
"""


def _run(app: Flask, *arguments: str, typed: str | None = None) -> Result:
    result = app.test_cli_runner().invoke(args=["people", *arguments], input=typed)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A good file."""
    path = tmp_path / "people.csv"
    path.write_text(ROWS)
    return path


def test_a_file_of_people_is_imported_once(app: Flask, file: Path) -> None:
    first = _run(app, "import", str(file), "--orphans-desk", "Company")
    assert first.stdout == "2 people added, 0 known already, 2 departments added.\n"
    with reading():
        assert get_orphans_desk().key == "company"
    again = _run(app, "import", str(file))
    assert again.stdout == "0 people added, 2 known already, 0 departments added.\n"


def test_a_dry_run_says_what_would_be_and_keeps_nothing(app: Flask, file: Path) -> None:
    result = _run(app, "import", str(file), "--dry-run")
    assert result.exit_code == 0
    assert result.stdout == (
        "2 people would be added, 0 known already, 2 departments would be added.\n"
    )
    with reading():
        assert not has_people()


def test_a_faulty_file_is_refused_in_one_line(app: Flask, file: Path) -> None:
    file.write_text(ROWS + "otto,Otto Lind,calls,\n")
    result = _run(app, "import", str(file))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("people.csv: Row 4, column email: This address has no ending")
    assert result.stderr.endswith("Nothing was imported.\n")
    assert result.stderr.count("\n") == 1
    with reading():
        assert not has_people()


def test_a_desk_that_is_not_there_imports_nothing(app: Flask, file: Path) -> None:
    result = _run(app, "import", str(file), "--orphans-desk", "moon")
    assert (result.exit_code, result.stderr) == (2, "There is no department moon.\n")
    with reading():
        assert not has_people()


def test_a_file_that_is_not_there_is_a_wrong_use(app: Flask) -> None:
    assert _run(app, "import", "nowhere.csv").exit_code == 2


def test_a_head_who_is_added_takes_the_chair(app: Flask) -> None:
    with writing():
        department, before, deputy = make_headed_department("Billing")
        key = department.key
    arguments = ("--name", "Ada", "--department", key.upper(), "--role", "head")
    result = _run(app, "add", "ada@test.example", *arguments)
    assert result.stdout == "ada@test.example added.\n"
    with reading():
        ada, found = find_person_by_email("ada@test.example"), find_department_by_key(key)
        assert ada is not None
        assert found is not None
        assert (found.head_id, found.deputy_id) == (ada.id, deputy.id)
        assert actor_of(ada).departments(Capability.TRIAGE) == {found.id}
        assert not actor_of(before).can(Capability.TRIAGE)


@pytest.mark.parametrize(
    ("arguments", "code", "expected"),
    [
        (("ada", "--name", "Ada"), 1, "This address has no ending"),
        (("taken@test.example", "--name", "Ada"), 1, "has an account already"),
        (("ada@test.example", "--name", " "), 1, "A name has 1 to 120 characters"),
        (("ada@test.example", "--name", "Ada", "--department", "x"), 2, "no department x"),
        (("ada@test.example", "--name", "Ada", "--role", "head"), 2, "needs --department"),
        (("ada@test.example", "--name", "Ada", "--role", "king"), 2, "king"),
        (("ada@test.example",), 2, "--name"),
    ],
)
def test_an_account_that_cannot_be_is_refused(
    app: Flask, arguments: tuple[str, ...], code: int, expected: str
) -> None:
    with writing():
        make_person("Taken").email_key = "taken@test.example"
    result = _run(app, "add", *arguments)
    assert (result.exit_code, result.stdout) == (code, "")
    assert expected in result.stderr
    with reading():
        assert find_person_by_email("ada@test.example") is None


def test_a_password_is_asked_for_and_has_to_be_long(app: Flask, client: Client) -> None:
    arguments = ("add", "ada@test.example", "--name", "Ada", "--ask-password")
    short = _run(app, *arguments, typed="short\nshort\n")
    assert short.exit_code == 1
    assert "15 to 128 characters" in short.stderr
    password = "a long enough sentence"
    assert _run(app, *arguments, typed=f"{password}\n{password}\n").exit_code == 0
    data = {"email": "ada@test.example", "password": password}
    assert client.post("/sign-in", data).status_code == 303


def test_a_sign_in_link_is_one_address_and_opens(app: Flask, client: Client) -> None:
    with writing():
        email = make_person("Amina Yusuf").email
    result = _run(app, "sign-in-link", email.upper())
    assert (result.exit_code, result.stderr) == (0, "")
    address = result.stdout.rstrip("\n")
    assert address.startswith("http://127.0.0.1:8000/link/")
    assert "\n" not in address
    path = address.removeprefix("http://127.0.0.1:8000")
    assert "Hello, Amina Yusuf" in client.get(path).text
    assert client.post(path).status_code == 303


def test_a_link_for_nobody_is_refused(app: Flask) -> None:
    result = _run(app, "sign-in-link", "nobody@test.example")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "nobody@test.example has no active account.\n"
