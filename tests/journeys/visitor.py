"""Somebody with a browser that has no JavaScript, at a moment of the story."""

from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from portal.now import at
from portal.people.models import Person
from tests.journeys.paper import Node, Typed, form, link, read
from tests.support.client import ORIGIN, Client
from tests.support.server import Clock


class Visitor:
    """Opens pages, follows links, sends forms; every page must be a whole one."""

    def __init__(self, app: Flask, clock: Clock, person: Person) -> None:
        self.clock = clock
        self.client = Client(app)
        self.path = "/"
        self.page = Node("page")
        with at(clock.moment):
            self.client.sign_in(person)

    def open(self, path: str) -> Node:
        """Go to an address; it must answer with a page."""
        with at(self.clock.moment):
            answer = self.client.get(path)
        return self._show(answer, path)

    def follow(self, words: str) -> Node:
        """Follow the first link that says these words."""
        return self.open(link(self.page, words))

    def send(self, action: str, /, **typed: str | list[str]) -> Node:
        """Fill the form of this page that goes to an address, send it, see where it leads."""
        answer = self._post(action, form(self.page, action, here=self.path).filled(typed))
        assert answer.status_code == 303, (answer.status_code, self._said(answer))
        return self.open(answer.location)

    def refused(self, action: str, status: int, /, **typed: str | list[str]) -> Node:
        """Send a form that is not taken; the page that says why."""
        answer = self._post(action, form(self.page, action, here=self.path).filled(typed))
        assert answer.status_code == status, (answer.status_code, self._said(answer))
        return read(answer.text)

    def _post(self, action: str, fields: Typed) -> TestResponse:
        sent: dict[str, Any] = dict(fields)
        headers = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}
        with at(self.clock.moment):
            return self.client.http.post(action, data=sent, headers=headers, base_url=ORIGIN)

    def _show(self, answer: TestResponse, path: str) -> Node:
        assert answer.status_code == 200, (path, answer.status_code, self._said(answer))
        self.path, self.page = path, read(answer.text)
        assert len(list(self.page.all("h1"))) == 1, path
        return self.page

    def _said(self, answer: TestResponse) -> str:
        return read(answer.text).words[:2000]

    @property
    def words(self) -> str:
        """What this page says."""
        return next(self.page.all("body")).words

    def sees(self, *sentences: str) -> None:
        """Assert that the page says each of these."""
        for sentence in sentences:
            assert sentence in self.words, f"{self.path} does not say {sentence!r}: {self.words}"
