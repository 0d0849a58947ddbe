"""Starting and stopping the portal as ``make run`` does, and what can be wrong with it."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

import pytest

from portal.config import ROOT
from portal.database import Database, reading, writing
from portal.demo.filling import CannotFill, filling
from portal.people.queries import find_fact, has_people
from portal.people.services import set_fact
from tests.factories.people import make_person
from tests.support.server import environment, free_port

PATIENCE_SECONDS = 90


def _variables(instance: Path, **changes: str) -> dict[str, str]:
    settings = environment(f"sqlite:///{instance / 'portal.sqlite3'}", instance)
    return {**settings, "PORT": str(free_port()), "DEMO": "0", **changes}


def _run(*command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )


def _assert_one_line(done: subprocess.CompletedProcess[str], expected: str) -> None:
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1, done.stderr
    assert expected in done.stderr


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"PORT": "abc"}, "PORT is 'abc'; expected a number from 1 to 65535."),
        ({"PORT": "²"}, "PORT is '²'; expected a number"),
        ({"PORTAL_DATABSE_URL": "sqlite:///x"}, "PORTAL_DATABSE_URL is not a setting"),
        ({"PORTAL_WORKERS": "two"}, "PORTAL_WORKERS is 'two'; expected a whole number"),
        (
            {"PORTAL_DATABASE_URL": "postgresql+psycopg://portal:hunter2@127.0.0.1:1/portal"},
            "portal:***@127.0.0.1:1/portal does not answer",
        ),
        (
            {"PORTAL_PUBLIC_URL": "https://ideas.example.com", "DEMO": "1"},
            "A demo has public passwords, so it serves on loopback only",
        ),
    ],
)
def test_what_is_wrong_at_the_start_is_said_in_one_line(
    tmp_path: Path, changes: dict[str, str], expected: str
) -> None:
    _assert_one_line(_run("-m", "portal.run", **_variables(tmp_path, **changes)), expected)


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = _run("-m", "portal.run", **_variables(tmp_path, PORT=port))
    _assert_one_line(done, f"Port {port} is taken.")


def test_an_instance_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = _run("-m", "portal.run", **_variables(tmp_path / "file" / "instance"))
    _assert_one_line(done, "cannot be written: Not a directory.")


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "portal.sqlite3").write_bytes(b"a letter to grandmother " * 100)
    done = _run("-m", "portal.run", **_variables(tmp_path))
    _assert_one_line(done, "does not answer: file is not a database")


@contextmanager
def _started(instance: Path, **changes: str) -> Iterator[subprocess.Popen[str]]:
    child = subprocess.Popen(
        [sys.executable, "-u", "-m", "portal.run"],
        cwd=ROOT,
        env=_variables(instance, **changes),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield child
    finally:
        if child.poll() is None:
            child.terminate()
        child.communicate(timeout=PATIENCE_SECONDS)


def _read_until(child: subprocess.Popen[str], start: str) -> str:
    """Everything up to the line that begins so."""
    assert child.stdout is not None
    said = ""
    while line := child.stdout.readline():
        said += line
        if line.startswith(start):
            return said
    raise AssertionError(f"it ended before {start!r}: {said}")


def _browser() -> OpenerDirector:
    return build_opener(HTTPCookieProcessor(CookieJar()))


def _become_administrator(browser: OpenerDirector, link: str) -> str:
    with browser.open(link) as answer:
        token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', answer.read().decode())
    assert token
    typed = {
        "csrf_token": token.group(1),
        "name": "Ada Byron",
        "email": "ada@test.example",
        "password": "a long enough sentence",
    }
    request = Request(
        f"{link}/administrator", urlencode(typed).encode(), {"Sec-Fetch-Site": "same-origin"}
    )
    with browser.open(request) as answer:
        page: str = answer.read().decode()
    return page


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_empty_portal_makes_its_administrator_and_stops_cleanly(
    tmp_path: Path, number: signal.Signals
) -> None:
    with _started(tmp_path) as child:
        said = _read_until(child, "Open http://127.0.0.1:")
        link = re.search(r"Its first administrator: (\S+)", said)
        assert link
        page = _become_administrator(_browser(), link.group(1))
        assert "You are the administrator." in page
        child.send_signal(number)
        _out, complaints = child.communicate(timeout=PATIENCE_SECONDS)
    assert child.returncode == 0
    assert complaints.strip() in {"", "Worker started."}
    with _started(tmp_path) as again:
        assert "first administrator" not in _read_until(again, "Open http://127.0.0.1:")


def test_a_demo_stopped_half_way_is_not_served(tmp_path: Path) -> None:
    with _started(tmp_path, DEMO="1") as child:
        _read_until(child, "Filling the portal")
        _wait_for_people(tmp_path / "portal.sqlite3")
        child.send_signal(signal.SIGINT)
        _out, complaints = child.communicate(timeout=PATIENCE_SECONDS)
    assert child.returncode == 1
    assert complaints == "Stopped half way; the next start fills the portal anew.\n"
    served = _run("-c", "import wsgi", **_variables(tmp_path))
    _assert_one_line(served, "The demo data stops half way")
    with _started(tmp_path, DEMO="1") as again:
        assert "it is begun anew" in _read_until(again, "Filling the portal")


def _wait_for_people(path: Path) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    database = Database(f"sqlite:///{path}")
    try:
        while time.monotonic() < until:
            with database.reader.connect() as connection:
                if connection.exec_driver_sql("SELECT count(*) FROM persons").scalar():
                    return
            time.sleep(0.1)
    finally:
        database.close()
    raise AssertionError("nobody was added")


def test_a_demo_database_is_not_served_to_the_world(tmp_path: Path) -> None:
    with _started(tmp_path) as child:
        _read_until(child, "Open ")
    database = Database(f"sqlite:///{tmp_path / 'portal.sqlite3'}")
    with database.writer.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO portal_facts (name, value) VALUES ('demo_password', 'known to all')"
        )
    database.close()
    for file in tmp_path.glob("portal.sqlite3*"):
        file.chmod(0o600)
    world = _variables(tmp_path, PORTAL_PUBLIC_URL="https://ideas.example.com")
    for command in (("-m", "portal.run"), ("-c", "import wsgi"), ("-m", "gunicorn", "wsgi:app")):
        _assert_one_line(_run(*command, **world), "it serves on loopback only")


class _Interrupted(Exception):
    pass


def test_what_was_filled_half_way_is_begun_anew(database: Database, tmp_path: Path) -> None:
    def fill(*, breaks: bool) -> None:
        with filling(database, tmp_path):
            with writing():
                make_person()
            if breaks:
                raise _Interrupted

    with pytest.raises(_Interrupted):
        fill(breaks=True)
    with reading():
        assert find_fact("demo_unfinished")
    fill(breaks=False)
    with reading() as session:
        assert session.connection().exec_driver_sql("SELECT count(*) FROM persons").scalar() == 1
        assert find_fact("demo_unfinished") is None


def test_a_portal_with_people_is_never_filled(database: Database, tmp_path: Path) -> None:
    with writing():
        make_person()
        set_fact("demo_password", "known to all")
    with pytest.raises(CannotFill, match="people already"), filling(database, tmp_path):
        pass
    with reading():
        assert has_people()


def test_two_processes_never_fill_one_portal_at_once(database: Database, tmp_path: Path) -> None:
    with filling(database, tmp_path):
        assert os.listdir(tmp_path) == [".filling"]
        with pytest.raises(CannotFill, match="Another process"), filling(database, tmp_path):
            pass
