"""A crowd at the door: hashing takes its 19 MiB a few times at once, however many sign in."""

import re
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from threading import Event
from urllib.parse import urlencode, urlsplit

import pytest

from portal.database import Database, writing
from portal.people.passwords import hash_password
from tests.bench.memory import proportional_mb
from tests.factories.people import make_person
from tests.support.server import Server, running

CROWD = 200
PASSWORD = "the meter hums at night"
MOST_MB = 150.0
MOST_TRIES = 60
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass
class Seen:
    """What a bystander saw while the crowd signed in."""

    statuses: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    most_mb: float = 0.0


def _ask(
    server: Server, method: str, path: str, body: str = "", **headers: str
) -> tuple[int, str, str]:
    with closing(HTTPConnection(urlsplit(server.address).netloc, timeout=60)) as connection:
        connection.request(method, path, body or None, headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode(), answer.headers["Set-Cookie"] or ""


def _sign_in(server: Server, email: str) -> int:
    _status, page, cookie = _ask(server, "GET", "/sign-in")
    found = _TOKEN.search(page)
    assert found, page
    fields = {"csrf_token": found[1], "email": email, "password": PASSWORD}
    headers = {
        "Cookie": cookie.partition(";")[0],
        "Origin": server.address,
        "Sec-Fetch-Site": "same-origin",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    return _ask(server, "POST", "/sign-in", urlencode(fields), **headers)[0]


def _get_in(server: Server, email: str) -> int:
    """Try again as the page says; how often there was no room."""
    for refused in range(MOST_TRIES):
        status = _sign_in(server, email)
        if status == 303:
            return refused
        assert status == 503
        time.sleep(1)
    raise AssertionError(f"{email} never got in")


def _memory(server: Server) -> float:
    return sum(proportional_mb(pid) for pid in server.web_processes())


def _watch(server: Server, done: Event, seen: Seen) -> None:
    while not done.is_set():
        began = time.monotonic()
        seen.statuses.append(_ask(server, "GET", "/sign-in")[0])
        seen.seconds.append(time.monotonic() - began)
        seen.most_mb = max(seen.most_mb, _memory(server))


@pytest.mark.slow
@pytest.mark.threat(5)
def test_a_crowd_that_signs_in_neither_fills_the_memory_nor_shuts_the_door(
    database: Database, tmp_path: Path
) -> None:
    with writing():
        people = [make_person() for _ in range(CROWD)]
    stored, emails = hash_password(PASSWORD), [person.email for person in people]
    with writing() as unit:
        for person in people:
            unit.merge(person).password_hash = stored
    address = database.url.render_as_string(hide_password=False)
    with running(address, tmp_path) as server, ThreadPoolExecutor(CROWD + 1) as pool:
        _sign_in(server, emails[0])
        seen, done, before = Seen(), Event(), _memory(server)
        watch = pool.submit(_watch, server, done, seen)
        crowd = list(pool.map(lambda email: _get_in(server, email), emails))
        done.set()
        watch.result()
    p99 = sorted(seen.seconds)[int(0.99 * len(seen.seconds))]
    print(
        f"{sum(crowd)} tried again; grew {seen.most_mb - before:.0f} MB; another page p50 "
        f"{statistics.median(seen.seconds):.2f} s, p99 {p99:.2f} s"
    )
    assert set(seen.statuses) == {200}, "the other pages answer"
    assert seen.most_mb - before < MOST_MB
