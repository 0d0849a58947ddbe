"""What the running processes hold, as the kernel accounts it."""

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from tests.support.server import Server

REQUESTS = 1000
CONNECTIONS = 4


def proportional_mb(pid: int) -> float:
    """PSS in MB: a process's own memory and its part of what it shares (proc_pid_smaps(5))."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    found = re.search(r"^Pss:\s+(\d+) kB", text, re.M)
    assert found
    return int(found.group(1)) / 1024


def browse(server: Server, paths: Sequence[str], cookie: str) -> None:
    """Ask a server for its pages in turn, ``REQUESTS`` times over ``CONNECTIONS`` connections."""
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        share = REQUESTS // CONNECTIONS
        tasks = [
            pool.submit(_browse, server.address, paths, cookie, share) for _ in range(CONNECTIONS)
        ]
        for task in tasks:
            task.result()


def _browse(address: str, paths: Sequence[str], cookie: str, count: int) -> None:
    with closing(HTTPConnection(urlsplit(address).netloc, timeout=30)) as connection:
        for number in range(count):
            connection.request("GET", paths[number % len(paths)], headers={"Cookie": cookie})
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{paths[number % len(paths)]} answered {answer.status}")
