"""A portal that really listens: gunicorn as in production, or a thread whose time one can move."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from portal import now
from portal.config import PREFIX, ROOT

SECRET = "a secret that only the tests have, long enough"
START_SECONDS = 60
STOP_SECONDS = 20


@dataclass(frozen=True)
class Server:
    """A running gunicorn: its address, its master process and its worker of the outbox."""

    address: str
    web: subprocess.Popen[bytes]
    worker: subprocess.Popen[bytes] | None
    log: Path

    def web_processes(self) -> list[int]:
        """Ids of the processes that answer requests."""
        children = Path(f"/proc/{self.web.pid}/task/{self.web.pid}/children")
        return [int(pid) for pid in children.read_text().split()]


def free_port() -> int:
    """A port of 127.0.0.1 that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(database_url: str, instance: Path, address: str | None = None) -> dict[str, str]:
    """The variables of a portal's process: ours, and nothing from the shell's settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    settings = {
        "PORTAL_INSTANCE": str(instance),
        "PORTAL_DATABASE_URL": database_url,
        "PORTAL_SECRET_KEY": SECRET,
    }
    return {**kept, **settings, **({"PORTAL_PUBLIC_URL": address} if address else {})}


@contextmanager
def running(
    database_url: str,
    instance: Path,
    *,
    workers: int = 2,
    threads: int = 4,
    with_worker: bool = False,
) -> Iterator[Server]:
    """Serve a migrated database with gunicorn on a free port until the block ends."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    variables = environment(database_url, instance, address)
    log = instance / f"server-{port}.log"
    web = [
        sys.executable, "-m", "gunicorn", "wsgi:app", "--bind", f"127.0.0.1:{port}",
        "--worker-class", "gthread", "--workers", str(workers), "--threads", str(threads),
        "--log-level", "warning", "--graceful-timeout", "5",
    ]  # fmt: skip
    outbox = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    with ExitStack() as stack, log.open("wb") as output:

        def start(command: list[str]) -> subprocess.Popen[bytes]:
            child = subprocess.Popen(
                command, cwd=ROOT, env=variables, stdout=output, stderr=subprocess.STDOUT
            )
            stack.callback(_stop, child)
            return child

        server = Server(address, start(web), start(outbox) if with_worker else None, log)
        _wait_until_ready(server)
        yield server


def _wait_until_ready(server: Server) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if server.web.poll() is not None:
            break
        if _is_ready(server.address):
            return
        time.sleep(0.1)
    raise RuntimeError(f"the server did not start:\n{server.log.read_text()[-2000:]}")


def _is_ready(address: str) -> bool:
    with closing(HTTPConnection(urlsplit(address).netloc, timeout=5)) as connection:
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except OSError:
            return False


def _stop(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


class Clock:
    """The time as a story tells it; whoever shares the clock lives in the same moment."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def middleware(self, application: Any) -> Any:
        """Answer every request as if it came at this clock's moment."""

        def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            with now.at(self.moment):
                body = application(environ, start_response)
                try:
                    return list(body)
                finally:
                    if hasattr(body, "close"):
                        body.close()

        return answer


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """Tests read answers, not logs."""


@contextmanager
def serving(app: Flask, clock: Clock | None = None) -> Iterator[str]:
    """Serve an app of this process from a thread; the block gets its address."""
    application: Any = app if clock is None else clock.middleware(app)
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(STOP_SECONDS)
        server.server_close()
