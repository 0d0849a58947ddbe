"""A browser without JavaScript: keeps cookies, sends what a form holds, follows 303."""

import re
from html import unescape
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from portal.database import writing
from portal.people.models import Person
from portal.people.sign_in import Browser, open_session

ORIGIN = "http://127.0.0.1:8000"
_FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.S)
_INPUT = re.compile(r"<input\b[^>]*>")


def attribute(tag: str, name: str) -> str | None:
    """The value of a tag's attribute."""
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return unescape(found.group(1)) if found else None


class Client:
    """One browser."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.http = app.test_client()

    def get(self, url: str, **headers: str) -> TestResponse:
        """Open an address; ``HX_Request="true"`` gives a header."""
        return self.http.get(url, headers=_headers(headers), base_url=ORIGIN, buffered=True)

    def post(self, url: str, data: dict[str, Any] | None = None, **headers: str) -> TestResponse:
        """Send a form as its page would: with this session's token, from this site."""
        fields = dict(data or {})
        if "csrf_token" not in fields:
            fields["csrf_token"] = self.token()
        given = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin", **_headers(headers)}
        return self.http.post(url, data=fields, headers=given, base_url=ORIGIN)

    def token(self) -> str:
        """A CSRF token of this session."""
        page = self.http.get("/people", base_url=ORIGIN)
        if page.status_code != 200:
            page = self.http.get("/sign-in", base_url=ORIGIN, follow_redirects=True)
        found = re.search(r'name="csrf-token" content="([^"]+)"', page.text)
        assert found, page.text[:500]
        return found.group(1)

    def sign_in(self, person: Person) -> "Client":
        """Sign in without the password page."""
        with writing():
            token = open_session(person, method="test", browser=Browser("127.0.0.1", "tests"))
        self.http.set_cookie("sid", f"s.{token}", domain="127.0.0.1")
        return self

    def fields(self, page: TestResponse, action: str) -> dict[str, str]:
        """What the form with this action holds before anybody types."""
        for head, body in _FORM.findall(page.text):
            if (attribute(head, "action") or page.request.path) == action:
                return {
                    name: attribute(tag, "value") or ""
                    for tag in _INPUT.findall(body)
                    if (name := attribute(tag, "name")) and _is_sent(tag)
                }
        raise AssertionError(f"no form sends to {action}")


_TOKEN = re.compile(r'(name="csrf-token" content|name="csrf_token" [^>]*?value)="[^"]+"')


def plain_text(answer: TestResponse) -> str:
    """The text of an answer without the tokens that differ every time."""
    return _TOKEN.sub("", answer.text)


def _is_sent(tag: str) -> bool:
    """Whether a browser would send this input as it stands."""
    return attribute(tag, "type") not in {"radio", "checkbox"} or " checked" in tag


def _headers(given: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in given.items()}
