"""``make run``: prepare ``instance/``, then serve web and worker until Ctrl-C."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

from portal.actor import PROGRAM
from portal.config import ROOT, BadSetting, Config, read_config
from portal.database import Database, DatabaseUnreachable, reading, use, writing
from portal.migrations import runner

DEMO_ACCOUNTS = ("agent", "second.agent", "head", "deputy", "validator", "leader", "admin")
GRACE_SECONDS = 15


def main() -> int:
    """Prepare and serve; one readable line for each thing that can be wrong."""
    port = os.environ.get("PORT", "8000")
    if not port.isdigit() or not 0 < int(port) < 65536:
        return _complain(f"PORT is {port!r}; expected a number from 1 to 65535.")
    os.environ.setdefault("PORTAL_PUBLIC_URL", f"http://127.0.0.1:{port}")
    try:
        config = read_config()
        _check_writable(config.instance)
        _check_port(int(port))
        database = use(Database(config.database_url))
        database.check()
    except (BadSetting, DatabaseUnreachable, _Unready) as error:
        return _complain(str(error))
    runner.upgrade(database)
    _fill(config)
    database.close()
    return _serve(config, int(port))


class _Unready(Exception):
    """The machine is not ready; the message says what to do."""


def _complain(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


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
        except OSError as error:
            raise _Unready(
                f"Port {port} is taken. Stop what uses it, or choose another: make run PORT=8001"
            ) from error


def _fill(config: Config) -> None:
    """Demo data the first time; with DEMO=0, a link that makes the first administrator."""
    from portal.people import queries, sign_in

    with reading():
        is_empty = not queries.has_people()
        password = queries.find_fact("demo_password")
    if os.environ.get("DEMO", "1") == "0":
        if is_empty:
            with writing():
                token = sign_in.make_link(PROGRAM, None)
            print(f"The portal is empty. Its first administrator: {config.public_url}/link/{token}")
        return
    if is_empty:
        print("Filling the portal with a year of a contact centre, about a minute …", flush=True)
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "portal", "demo-data"]
        subprocess.run(command, cwd=ROOT, check=True)
        with reading():
            password = queries.find_fact("demo_password")
    if password:
        names = ", ".join(f"{name}@demo.example" for name in DEMO_ACCOUNTS)
        print(f"Demo accounts: {names}\nPassword for all: {password}")


def _serve(config: Config, port: int) -> int:
    """Start gunicorn and the worker as children; end both when either ends or on a signal."""
    web = [
        sys.executable, "-m", "gunicorn", "wsgi:app", "--bind", f"127.0.0.1:{port}",
        "--worker-class", "gthread", "--workers", str(config.workers),
        "--threads", str(config.threads), "--log-level", "warning", "--graceful-timeout", "10",
    ]  # fmt: skip
    worker = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    children = [subprocess.Popen(command, cwd=ROOT) for command in (web, worker)]
    stopping = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    print(f"Open {config.public_url} (Ctrl-C stops it).", flush=True)
    while not stopping and all(child.poll() is None for child in children):
        time.sleep(0.2)
    failed = [child.returncode for child in children if child.poll()]
    _stop(children)
    return 0 if stopping and not failed else 1


def _stop(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    until = time.monotonic() + GRACE_SECONDS
    for child in children:
        try:
            child.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()


if __name__ == "__main__":
    sys.exit(main())
