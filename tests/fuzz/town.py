"""One town twice, on two databases, and everything that can be asked of it."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import product
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qsl, urlsplit

from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.database import Database, active, release, use
from portal.now import at, now
from tests.factories.town import Town, make_town
from tests.fuzz.values import FITTING, PLAUSIBLE, SENTENCE, Typed
from tests.support.client import ORIGIN, Client
from tests.support.forms import PageForm, read_page

MOST_SECONDS = 2.0
"""The longest an answer may compute, in seconds of one processor."""
MOST_WAITED_SECONDS = 20.0
"""The longest it may take in all; machines that run tests are busy."""
UNFORESEEN = "Something in this cannot be kept."
"""What the portal says when the database, and no check of ours, refused a value."""
OF_ONE_WORLD = ("#", "/sign-out", "/me/sessions/")
"""Where forms send to that end the visit, or whose addresses are random in each world."""
SAME_SITE = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}


@dataclass(frozen=True)
class Case:
    """One request of somebody; the token of the world it goes to is put before the body."""

    who: str
    method: str
    url: str
    what: str
    body: bytes = b""
    content_type: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    has_token: bool = True


class World:
    """The town on one database, everybody signed in."""

    def __init__(self, app: Flask, database: Database) -> None:
        self.app, self.database, self.moment = app, database, now()
        use(database)
        self.town: Town = make_town()
        people = self.town.people
        self.clients = {name: Client(app).sign_in(person) for name, person in people.items()}
        self.tokens = {name: client.token() for name, client in self.clients.items()}
        self.clients["stranger"] = Client(app)
        self.tokens["stranger"] = self.clients["stranger"].token()
        self.cookies = {name: _cookie(client) for name, client in self.clients.items()}
        self.browser = app.test_client(use_cookies=False)
        release()

    def send(self, case: Case) -> TestResponse:
        """What this world answers."""
        with at(self.moment):
            return self._send(case)

    def _headers(self, case: Case) -> dict[str, str]:
        """With the cookie from the beginning: what an answer set was undone with its unit."""
        same_site = SAME_SITE if case.method == "POST" else {}
        return {"Cookie": self.cookies[case.who], **same_site, **case.headers}

    def _send(self, case: Case) -> TestResponse:
        use(self.database)
        body = case.body
        if case.has_token and case.method == "POST":
            token = f"csrf_token={self.tokens[case.who]}"
            body = token.encode() + (b"&" + body if body else b"")
        try:
            return self.browser.open(
                case.url,
                method=case.method,
                data=body or None,
                content_type=case.content_type,
                headers=self._headers(case),
                base_url=ORIGIN,
                buffered=True,
            )
        finally:
            release()


def _cookie(client: Client) -> str:
    cookie = client.http.get_cookie("sid", domain="127.0.0.1")
    assert cookie is not None
    return f"sid={cookie.value}"


@dataclass
class Judge:
    """Sends cases to all worlds and keeps what was wrong with the answers."""

    worlds: list[World]
    faults: list[str] = field(default_factory=list)
    count: int = 0
    answers: dict[int, int] = field(default_factory=dict)
    slowest_seconds: float = 0.0
    slow: int = 0
    differing: int = 0
    broken: int = 0
    unforeseen: int = 0
    headless: int = 0

    def judge(self, case: Case) -> TestResponse:
        """One case against every world; the first world's answer."""
        answers = [self._timed(world, case) for world in self.worlds]
        self.count += 1
        statuses = [answer.status_code for answer in answers]
        self.answers[statuses[0]] = self.answers.get(statuses[0], 0) + 1
        if max(statuses) >= 500:
            self.broken += 1
            self._note(case, f"answers {statuses}")
        elif len(set(statuses)) > 1:
            self.differing += 1
            self._note(case, f"the databases differ: {statuses}")
        for answer in answers:
            self._look_at(case, answer)
        return answers[0]

    def _timed(self, world: World, case: Case) -> TestResponse:
        """Slow is what computes too long, or waits too long again and again."""
        for _attempt in range(3):
            started, computed = time.monotonic(), time.process_time()
            answer = world.send(case)
            computed = time.process_time() - computed
            self.slowest_seconds = max(self.slowest_seconds, computed)
            if computed < MOST_SECONDS and time.monotonic() - started < MOST_WAITED_SECONDS:
                return answer
        self.slow += 1
        self._note(case, f"computes {computed:.1f} s")
        return answer

    def _look_at(self, case: Case, answer: TestResponse) -> None:
        if answer.mimetype != "text/html" or answer.status_code in {301, 302, 303, 308}:
            return
        page = answer.text
        if UNFORESEEN in page:
            self.unforeseen += 1
            self._note(case, "only the last net held it")
        if "<html" in page and len(re.findall("<h1[ >]", page)) != 1:
            self.headless += 1
            self._note(case, "not one h1")

    def _note(self, case: Case, what: str) -> None:
        if len(self.faults) < 40:
            self.faults.append(f"{case.who} {case.method} {case.url[:200]} {case.what}: {what}")


@contextmanager
def undone() -> Iterator[None]:
    """In here every unit runs to its last check and is then undone: all meet one town."""

    def undo(session: Session) -> None:
        session.flush()
        if not active().is_sqlite:
            session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        session.expunge_all()
        session.rollback()

    with patch.object(Session, "commit", undo):
        yield


def list_addresses(world: World, method: str, *, lives: set[str] | None = None) -> Iterator[str]:
    """Every route with what exists put into it: each idea, the first of everything else."""
    for rule in world.app.url_map.iter_rules():
        if method in (rule.methods or ()) and rule.endpoint not in {"static", "people.sign_out"}:
            parts = re.findall("<([^>]+)>", rule.rule)
            for filling in product(*(_list_fillings(part, world.town, lives) for part in parts)):
                waiting = iter(filling)
                yield re.sub("<[^>]+>", lambda _part, waiting=waiting: next(waiting), rule.rule)


def _list_fillings(part: str, town: Town, lives: set[str] | None) -> list[str]:
    """What to put into a part of a path such as ``ref("I"):number``."""
    if letter := re.match(r"ref\(.([A-Z])", part):
        ideas = [n for life, n in town.ideas.items() if lives is None or life in lives]
        return [f"{letter[1]}-{number}" for number in (ideas if letter[1] == "I" else (1,))]
    if choices := re.match(r"any\((.+)\)", part):
        return [choice.strip() for choice in choices[1].split(",")]
    return ["1"] if part.startswith("id:") else ["nothing-like-it"]


@dataclass(frozen=True)
class Door:
    """A form, and somebody who finds it on a page."""

    who: str
    form: PageForm

    def typed(self) -> dict[str, Typed]:
        """The form with something plausible in every field that is empty."""
        return {
            name: FITTING.get(name, value or PLAUSIBLE.get(self.form.kinds[name], SENTENCE))
            for name, value in self.form.values.items()
            if name != "csrf_token"
        }


@dataclass(frozen=True)
class Page:
    """A page, somebody who may open it, and the names its filters and links ask for."""

    who: str
    url: str
    names: tuple[str, ...]


def explore(
    world: World, *, lives: set[str] | None = None, people: set[str] | None = None
) -> tuple[list[Door], list[Page]]:
    """The forms of the town, each once, and one page of each route."""
    doors: dict[str, Door] = {}
    pages: dict[Any, Page] = {}
    adapter = world.app.url_map.bind("127.0.0.1")
    for who in people or {*world.clients}:
        for url in list_addresses(world, "GET", lives=lives):
            answer = world.send(Case(who, "GET", url, "a visit"))
            if answer.status_code != 200 or answer.mimetype != "text/html":
                continue
            endpoint, given = adapter.match(url)
            forms, links = read_page(answer.text, url)
            page = Page(who, url, _asked_names(forms, links, url))
            pages.setdefault((endpoint, given.get("step"), given.get("level")), page)
            for form in forms:
                if form.method == "POST" and not form.action.startswith(OF_ONE_WORLD):
                    path = urlsplit(form.action).path
                    endpoint, given = adapter.match(path, method="POST")
                    key = f"{endpoint} {given.get('step')} {sorted(form.values)}"
                    doors.setdefault(key, Door(who, form))
    return list(doors.values()), list(pages.values())


def _asked_names(forms: list[PageForm], links: list[str], url: str) -> tuple[str, ...]:
    asked = {name for form in forms if form.method == "GET" for name in form.values}
    for link in links:
        parts = urlsplit(link)
        if parts.path in {"", url}:
            asked |= {name for name, _value in parse_qsl(parts.query)}
    return tuple(sorted(asked))
