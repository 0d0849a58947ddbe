"""``make run``: prepare ``instance/``, then serve web and worker until Ctrl-C."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from alembic.util import CommandError

from portal.actor import PROGRAM
from portal.admin.checks import find_refusal, is_public
from portal.config import ROOT, BadSetting, Config, read_config
from portal.database import Database, DatabaseUnreachable, active, reading, use, writing
from portal.migrations import runner

DEMO_ACCOUNTS = ("agent", "second.agent", "head", "deputy", "validator", "leader", "admin", "trust")
START_SECONDS = 60
GRACE_SECONDS = 15


class _Unready(Exception):
    """The machine or the portal is not ready; the message says what to do."""


def main() -> int:
    """Prepare and serve; one readable line for each thing that can be wrong."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        port = _read_port(os.environ.get("PORT", "8000"))
        os.environ.setdefault("PORTAL_PUBLIC_URL", f"http://127.0.0.1:{port}")
        config = read_config()
        _prepare(config, port)
        return _serve(config, port)
    except KeyboardInterrupt:
        return _complain("Stopped before the portal was ready.")
    except (BadSetting, DatabaseUnreachable, _Unready) as error:
        return _complain(str(error))


def _complain(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


def _read_port(value: str) -> int:
    if not re.fullmatch("[0-9]{1,5}", value) or not 0 < int(value) < 65536:
        raise _Unready(f"PORT is {value!r}; expected a number from 1 to 65535.")
    return int(value)


def _prepare(config: Config, port: int) -> None:
    """Everything that has to stand before the first request."""
    _check_writable(config.instance)
    _check_port(port)
    database = use(Database(config.database_url, read_url=config.read_database_url))
    database.check()
    try:
        runner.upgrade(database)
    except CommandError as error:
        raise _Unready(f"The database is not one of this version: {error}.") from error
    if os.environ.get("DEMO", "1") == "0":
        _offer_first_account(config)
    else:
        _fill(config)
    if refusal := find_refusal(config, database):
        raise _Unready(refusal)
    _tell_demo_accounts()
    database.close()


def _check_writable(instance: Path) -> None:
    probe = instance / ".writable"
    try:
        instance.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        reason = error.strerror
        raise _Unready(f"The folder {instance} cannot be written: {reason}.") from error


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError as error:
            raise _Unready(f"Port {port} is not for everybody; try make run PORT=8001") from error
        except OSError as error:
            raise _Unready(
                f"Port {port} is taken. Stop what uses it, or choose another: make run PORT=8001"
            ) from error


def _offer_first_account(config: Config) -> None:
    """On an empty portal, a link that makes its first administrator."""
    from portal.people import links, queries

    with reading():
        if queries.has_people():
            return
    with writing():
        token = links.make_link(PROGRAM, None)
    print(f"The portal is empty. Its first administrator: {config.public_url}/link/{token}")


def _fill(config: Config) -> None:
    """Demo data the first time, and again where the last filling did not come to its end."""
    from portal.people import queries

    with reading():
        is_unfinished = queries.find_fact("demo_unfinished") is not None
        if queries.has_people() and not is_unfinished:
            return
    if is_public(config):
        raise _Unready(
            "A demo has public passwords, so it serves on loopback only: "
            "unset PORTAL_PUBLIC_URL, or begin with an empty portal: make run DEMO=0"
        )
    if is_unfinished:
        print("The demo was not filled to its end the last time, so it is begun anew.")
    print("Filling the portal with a year of a contact centre, about a minute ...", flush=True)
    active().close()  # the child may put a new file in the database's place
    child = _start("flask", "--app", "wsgi", "portal", "demo-data")
    try:
        code = child.wait()
    except KeyboardInterrupt:
        _stop([child])
        raise _Unready("Stopped half way; the next start fills the portal anew.") from None
    if code:
        raise _Unready("The portal could not be filled; the reason stands above.")


def _tell_demo_accounts() -> None:
    from portal.people import queries

    with reading():
        password = queries.find_fact("demo_password")
    if password:
        names = ", ".join(f"{name}@demo.example" for name in DEMO_ACCOUNTS)
        print(f"Demo accounts: {names}\nPassword for all: {password}", flush=True)


def _start(*module: str) -> subprocess.Popen[bytes]:
    """Run a Python module in a group of its own: Ctrl-C reaches us alone, and we tell it."""
    return subprocess.Popen([sys.executable, "-m", *module], cwd=ROOT, process_group=0)


def _serve(config: Config, port: int) -> int:
    """Run gunicorn and the worker as children; end both when either ends or on a signal."""
    web = (
        "gunicorn", "wsgi:app", "--bind", f"127.0.0.1:{port}",
        "--worker-class", "gthread", "--workers", str(config.workers),
        "--threads", str(config.threads), "--log-level", "warning", "--graceful-timeout", "10",
    )  # fmt: skip
    children: list[subprocess.Popen[bytes]] = []
    try:
        children.append(_start(*web))
        children.append(_start("flask", "--app", "wsgi", "worker"))
        if _is_open(port, children):
            print(f"Open {config.public_url} (Ctrl-C stops it).", flush=True)
        while all(child.poll() is None for child in children):
            time.sleep(0.2)
        return _complain("The web server or the worker ended by itself; the reason stands above.")
    except KeyboardInterrupt:
        return 0
    finally:
        _stop(children)


def _is_open(port: int, children: list[subprocess.Popen[bytes]]) -> bool:
    """Wait until the portal answers; False when a child ends first or it takes too long."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and all(child.poll() is None for child in children):
        connection = HTTPConnection("127.0.0.1", port, timeout=START_SECONDS)
        with closing(connection), suppress(OSError, HTTPException):
            connection.request("GET", "/healthz")
            connection.getresponse()
            return True
        time.sleep(0.1)
    return False


def _stop(children: list[subprocess.Popen[bytes]]) -> None:
    """Let the children finish what they do; whoever presses Ctrl-C again does not wait."""
    for child in children:
        if child.poll() is None:
            child.terminate()
    until = time.monotonic() + GRACE_SECONDS
    for child in children:
        try:
            child.wait(max(0.1, until - time.monotonic()))
        except (subprocess.TimeoutExpired, KeyboardInterrupt):
            child.kill()


if __name__ == "__main__":
    sys.exit(main())
