"""Calling pages in this process, one after another, and counting what that costs."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import repeat
from typing import Any

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Any]

WARM_UP = 30
REQUESTS = 300


@dataclass(frozen=True, slots=True)
class Cost:
    """What one page costs: times in milliseconds, ``size`` in bytes."""

    cpu_ms: float
    per_second: float
    p50_ms: float
    p99_ms: float
    size: int


class Unexpected(Exception):
    """A page answered something else than the bench is about."""


def environ(method: str, path: str, cookie: str, body: bytes = b"") -> Environ:
    """What a WSGI server hands on for a browser's request; ``body`` is an encoded form."""
    address, _, query = path.partition("?")
    return {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": address,
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1:8000",
        "HTTP_COOKIE": cookie,
        "HTTP_ACCEPT": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8",
        "HTTP_ACCEPT_LANGUAGE": "en",
        "HTTP_USER_AGENT": "Mozilla/5.0 (bench)",
        "HTTP_SEC_FETCH_SITE": "same-origin",
        "CONTENT_TYPE": "application/x-www-form-urlencoded" if body else "",
        "CONTENT_LENGTH": str(len(body)) if body else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(body),
        "wsgi.errors": BytesIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


def call(application: Application, request: Environ, status: str) -> bytes:
    """The body of one answer, read to its end and closed, as a server would."""
    seen = ""

    def start_response(line: str, _headers: object, _error: object = None) -> None:
        nonlocal seen
        seen = line

    answer = application(request, start_response)
    try:
        body = b"".join(answer)
    finally:
        if hasattr(answer, "close"):
            answer.close()
    if not seen.startswith(status):
        raise Unexpected(f"{request['PATH_INFO']} answered {seen}, not {status}: {body[:3000]!r}")
    return body


def time_requests(application: Application, requests: Iterator[Environ], status: str) -> Cost:
    """Warm up, then time ``REQUESTS`` calls by the process's CPU clock and by the wall's."""
    for _ in range(WARM_UP):
        call(application, next(requests), status)
    walls, size = [], 0
    cpu = time.process_time()
    for _ in range(REQUESTS):
        request = next(requests)
        started = time.perf_counter()
        size = len(call(application, request, status))
        walls.append((time.perf_counter() - started) * 1000)
    spent = (time.process_time() - cpu) * 1000
    walls.sort()
    return Cost(
        cpu_ms=spent / REQUESTS,
        per_second=1000 * REQUESTS / sum(walls),
        p50_ms=walls[REQUESTS // 2],
        p99_ms=walls[REQUESTS * 99 // 100],
        size=size,
    )


def again(request: Environ) -> Iterator[Environ]:
    """The same request without a body, as often as wanted."""
    return (dict(one) for one in repeat(request))
