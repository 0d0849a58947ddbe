"""Many browsers at once, against four processes that really listen."""

import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier
from urllib.parse import urlencode

from portal.config import ROOT
from portal.database import Database, writing
from portal.people.models import Person
from portal.people.sign_in import Browser, open_session

AT_ONCE = 200
PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Visitor:
    """A signed-in browser, with the token that its forms hold."""

    port: int
    session_token: str
    csrf_token: str = ""

    def send(self, method: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, str]:
        """Status and address (or, for a page, its text)."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        headers = {
            "Cookie": f"sid=s.{self.session_token}",
            "Sec-Fetch-Site": "same-origin",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        try:
            connection.request(method, path, urlencode(fields or {}), headers)
            answer = connection.getresponse()
            text = answer.read().decode()
            return answer.status, answer.headers["Location"] or text
        finally:
            connection.close()

    def post(self, path: str, fields: dict[str, str]) -> tuple[int, str]:
        """Send a form as its page would."""
        return self.send("POST", path, {"csrf_token": self.csrf_token, **fields})


def environment(database: Database, folder: Path, port: int) -> dict[str, str]:
    """The settings of a portal on the test's database."""
    return {
        "PATH": os.environ["PATH"],
        "PORTAL_INSTANCE": str(folder),
        "PORTAL_DATABASE_URL": database.url.render_as_string(hide_password=False),
        "PORTAL_SECRET_KEY": "a secret that only the tests have, long enough",
        "PORTAL_PUBLIC_URL": f"http://127.0.0.1:{port}",
    }


@contextmanager
def serving(database: Database, folder: Path) -> Iterator[int]:
    """Four processes with four threads each; the port they answer on."""
    with socket.create_server(("127.0.0.1", 0), backlog=2 * AT_ONCE) as listener:
        port, descriptor = listener.getsockname()[1], listener.fileno()
        command = [
            sys.executable, "-m", "gunicorn", "wsgi:app", "--bind", f"fd://{descriptor}",
            "--worker-class", "gthread", "--workers", "4", "--threads", "4",
            "--log-level", "warning",
        ]  # fmt: skip
        with (folder / "server.log").open("w") as log:
            server = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment(database, folder, port),
                pass_fds=[descriptor],
                stderr=log,
                stdout=log,
            )
            try:
                wait_until_ready(port)
                yield port
            finally:
                server.terminate()
                server.wait(30)


def wait_until_ready(port: int) -> None:
    """Wait for the first worker that answers."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        with suppress(OSError):
            if Visitor(port, "").send("GET", "/readyz")[0] == 200:
                return
        time.sleep(0.2)
    raise AssertionError("the server does not answer")


def sign_in(port: int, person: Person) -> Visitor:
    """Sign somebody in past the password page, and read the token of their forms once."""
    with writing():
        token = open_session(person, method="test", browser=Browser("127.0.0.1", "tests"))
    _status, page = Visitor(port, token).send("GET", "/rewards")
    found = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert found, page[:500]
    return Visitor(port, token, found[1])


def all_at_once(how_many: int, act: Callable[[int], tuple[int, str]]) -> Counter[int]:
    """Act in as many threads, all released together; how often each status came back."""
    gate = Barrier(how_many)

    def wait_and_act(number: int) -> int:
        gate.wait(PATIENCE_SECONDS)
        return act(number)[0]

    with ThreadPoolExecutor(how_many) as pool:
        return Counter(pool.map(wait_and_act, range(how_many)))
