"""What stands before the app: the hosts it answers to, and the headers of every answer."""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, request

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; report-to csp; report-uri /csp-report"
)
DOWNLOAD_CSP = "sandbox; default-src 'none'"

HEADERS = {
    "Content-Security-Policy": CSP,
    "Reporting-Endpoints": 'csp="/csp-report"',
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
HSTS = "max-age=31536000; includeSubDomains"
VARY = ("Cookie", "HX-Request", "Sec-Fetch-Site", "Origin")
HOST_FREE = frozenset({"/healthz", "/readyz"})
"""What a probe asks by the machine's own address; the answer depends on no host."""

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


def secure_headers(*, is_secure: bool) -> dict[str, str]:
    """The fixed headers; HSTS only where people come by https."""
    return {**HEADERS, "Strict-Transport-Security": HSTS} if is_secure else dict(HEADERS)


def init_headers(app: Flask) -> None:
    """Pages and fragments are never kept; a file to keep runs in a sandbox."""

    @app.after_request
    def add(response: Response) -> Response:
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store")
            response.vary.update(VARY)
        if response.headers.get("Content-Disposition", "").startswith("attachment"):
            response.headers["Content-Security-Policy"] = DOWNLOAD_CSP
        return response


class Door:
    """The outermost layer: refuses hosts that are not ours, puts the headers on every answer.

    It stands outside the app and its static files, so that an answer of either, a 304 or a
    fault included, goes out with them.  A host is compared without its port.
    """

    def __init__(self, inside: Wsgi, *, hosts: Iterable[str], is_secure: bool) -> None:
        self.inside = inside
        self.hosts = frozenset(hosts)
        self.fixed = secure_headers(is_secure=is_secure)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            given = {name.casefold() for name, _value in headers}
            missing = [one for one in self.fixed.items() if one[0].casefold() not in given]
            return start_response(status, [*headers, *missing], *rest)

        host = environ.get("HTTP_HOST") or environ.get("SERVER_NAME", "")
        if environ.get("PATH_INFO") in HOST_FREE or hostname(host) in self.hosts:
            return self.inside(environ, start)
        start("400 Bad Request", [("Content-Type", "text/plain"), ("Cache-Control", "no-store")])
        return [b"The portal does not answer to this name.\n"]


def hostname(host: str) -> str | None:
    """The name in a Host header, in small letters; None for anything but a name and a port."""
    try:
        parts = urlsplit(f"//{host}")
        _port = parts.port
    except ValueError:
        return None
    is_plain = parts.netloc == host and "@" not in host and host.isascii() and host.isprintable()
    return parts.hostname if is_plain and " " not in host else None
