"""Hostile input at every door: never a fault of ours, never slow, always a whole page."""

import re
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from random import Random
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.database import Database, active
from portal.now import today
from portal.people.models import Person
from tests.factories.town import Town, make_town
from tests.support.client import ORIGIN, Client
from tests.support.forms import PageForm, read_page

MOST_SECONDS = 2.0
UNFORESEEN = "Something in this cannot be kept."
"""What the portal says when the database, and no check of ours, refused a value."""
SENTENCE = "A plain sentence that says enough to be taken."
SOON, TODAY = (str(today() + timedelta(days=days)) for days in (40, 0))
PLAUSIBLE = {"date": "2026-06-01", "number": "1", "datetime-local": "2026-06-01T10:00"}
"""What to type into a field of a kind."""
FITTING = {
    "due_on": SOON,
    "go_live_on": TODAY,
    "evidence_url": "https://test.example/letter",
    "credit-1-percent": "40",
    "external_id": "C-1",
    **dict.fromkeys(("metric_id", "guardrail_ids", "forecast_percent"), ""),
    **dict.fromkeys(("authors", "segment", "moment", "running", "investment"), ""),
    **dict.fromkeys(("credit-2-percent", "credit-3-percent", "credit-4-percent"), ""),
}
"""What to type where the kind does not say enough."""
OURS = {"csrf_token", "nonce", "version"}

WORDS: dict[str, list[str | bytes]] = {
    "nothing": [""],
    "space": [" \t\r\n "],
    "NUL": ["a\0b"],
    "surrogate": [b"\xed\xa0\x80"],
    "not UTF-8": [b"\xff\xfe"],
    "emoji and right to left": ["👩🏽\u200d🚒 \u202eשלום\u202c"],
    "markup": ["<script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}"],
    "format": ["%s%(x)s{0}{x}%%"],
    "30 digits": ["9" * 30],
    "twice": ["1", "2", SENTENCE],
}
LONG: dict[str, list[str | bytes]] = {
    "brackets": ["[" * 100_000],
    "long word": ["a" * 100_000],
    "too large": ["a" * 600_000],
}
CHOICES: dict[str, list[str | bytes]] = {
    "2^70": [str(2**70)],
    "negative": ["-1"],
    "zero": ["0"],
    "15 digits": ["9" * 15],
    "not a number": ["NaN"],
    "infinite": ["1e999"],
    "other digits": ["١٢٣"],
    "superscript": ["²"],
    "day zero": ["0000-00-00"],
    "last day": ["9999-12-31"],
    "other way": ["no-such-choice"],
}
"""For what is not free text."""
VALUES = WORDS | LONG | CHOICES
KINDS = {"textarea": {*WORDS, *LONG}, "text": {*VALUES}}
"""What to try on a field of a kind; on all others, what is short."""
NAMES = (
    *("after", "cursor", "state", "from", "to", "level", "view", "show", "scope", "overdue"),
    *("insight", "ref", "channel", "reason", "department", "next"),
)
"""What pages read from their address."""
CURSORS = ("", "x", "AAAA", "MTIz", "W10", "WyJhIl0", "e30", "bnVsbA", "é")
PLACES = (
    *("I-0", "I-01", "I--1", "I-999999999", "I-9999999999", f"I-{2**70}", "i-1001", "I-1001%00"),
    *("I-١", "%ED%A0%80", "..%2f..%2fetc", "a" * 1500, "0", "9" * 15, "9" * 30, "%"),
)
"""What to put into a path where a reference, an id or a key stands."""


class Sweep:
    """Knocks at doors as one person, and judges what comes back."""

    def __init__(self, app: Flask, person: Person) -> None:
        self.client = Client(app).sign_in(person)
        self.token = self.client.token()
        self.count = 0

    def get(self, url: str, what: str) -> TestResponse:
        """Open an address; ``what`` names it when it fails."""
        return self._judged(what, lambda: self.client.get(url))

    def post(self, url: str, fields: list[tuple[str, str | bytes]], what: str) -> TestResponse:
        """Send a form."""
        own = [(name, value) for name, value in fields if name != "csrf_token"]
        body = urlencode([("csrf_token", self.token), *own])
        return self._judged(
            what,
            lambda: self.client.http.post(
                url,
                data=body,
                content_type="application/x-www-form-urlencoded",
                headers={"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"},
                base_url=ORIGIN,
            ),
        )

    def _judged(self, what: str, knock: Any) -> TestResponse:
        started = time.process_time()
        answer: TestResponse = knock()
        took = time.process_time() - started
        self.count += 1
        assert answer.status_code < 500, f"{what}: {answer.status_code}\n{answer.text[-2000:]}"
        assert UNFORESEEN not in answer.text, f"{what}: only the last net held it"
        assert took < MOST_SECONDS, f"{what}: {took:.1f} s"
        if (
            answer.mimetype == "text/html"
            and answer.data
            and answer.status_code not in {301, 302, 303}
        ):
            assert len(re.findall("<h1[ >]", answer.text)) == 1, f"{what}: not one h1"
        return answer


@pytest.fixture
def undone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """From here on every unit runs to its last check and is then undone: all meet one town."""

    def undo(session: Session) -> None:
        session.flush()
        if not active().is_sqlite:
            session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        session.expunge_all()
        session.rollback()

    with monkeypatch.context() as patch:
        patch.setattr(Session, "commit", undo)
        yield


@pytest.fixture
def town(app: Flask) -> Town:
    """One of everything."""
    return make_town()


@pytest.fixture
def sweeps(app: Flask, town: Town) -> dict[str, Sweep]:
    """Everybody, signed in."""
    return {name: Sweep(app, person) for name, person in town.people.items()}


def _some(cases: list[Any], database: Database) -> list[Any]:
    """All cases on SQLite, a third of them on PostgreSQL, always the same."""
    return cases if database.is_sqlite else Random(7).sample(cases, len(cases) // 3)


def _addresses(app: Flask, town: Town, method: str) -> Iterator[str]:
    """Every route with what exists put into it: each idea, the first of everything else."""
    for rule in app.url_map.iter_rules():
        if method in (rule.methods or ()) and rule.endpoint not in {"static", "people.sign_out"}:
            choices = [_list_fillings(part, town) for part in re.findall("<([^>]+)>", rule.rule)]
            for filling in product(*choices):
                parts = iter(filling)
                yield re.sub("<[^>]+>", lambda _part, parts=parts: next(parts), rule.rule)


def _list_fillings(part: str, town: Town) -> list[str]:
    """What to put into a part of a path such as ``ref("I"):number``."""
    if letter := re.match(r"ref\(.([A-Z])", part):
        numbers = town.ideas.values() if letter[1] == "I" else (1,)
        return [f"{letter[1]}-{number}" for number in numbers]
    if choices := re.match(r"any\((.+)\)", part):
        return choices[1].split(", ") if ", " in choices[1] else choices[1].split(",")
    return ["1"] if part.startswith("id:") else ["nothing-like-it"]


def _forms(app: Flask, town: Town, sweeps: dict[str, Sweep]) -> list[tuple[Sweep, PageForm]]:
    """The forms on the pages of the town, each once: where it is taken, if anywhere."""
    found: dict[str, tuple[Sweep, PageForm]] = {}
    taken: set[str] = set()
    adapter = app.url_map.bind("127.0.0.1")
    for sweep in sweeps.values():
        for url in _addresses(app, town, "GET"):
            answer = sweep.get(url, url)
            for form in read_page(answer.text, url)[0] if answer.status_code == 200 else ():
                if form.method != "POST" or form.action in {"#", "/sign-out"}:
                    continue
                endpoint, given = adapter.match(urlsplit(form.action).path, method="POST")
                key = f"{endpoint} {given.get('step')} {sorted(form.values)}"
                if key in taken:
                    continue
                found.setdefault(key, (sweep, form))
                sent = sweep.post(form.action, list(_typed(form).items()), form.action)
                if sent.status_code == 303:
                    found[key] = sweep, form
                    taken.add(key)
    print("NEVER", [(found[k][1].action, found[k][1].values) for k in found if k not in taken])
    return list(found.values())


def _typed(form: PageForm) -> dict[str, str | bytes]:
    """The form with something plausible in every field that is empty."""
    return {
        name: FITTING.get(name, value or PLAUSIBLE.get(form.kinds[name], SENTENCE))
        for name, value in form.values.items()
    }


def test_no_field_of_any_form_breaks_the_portal(
    app: Flask, town: Town, sweeps: dict[str, Sweep], undone: None, database: Database
) -> None:
    forms = _forms(app, town, sweeps)
    assert len(forms) > 30
    cases = [
        (sweep, form, field, value)
        for sweep, form in forms
        for field in form.values
        for value in KINDS.get(form.kinds[field], WORDS | CHOICES)
        if field not in OURS or value in {"NUL", "30 digits"}
    ]
    for sweep, form, field, value in _some(cases, database):
        typed = [(name, one) for name, one in _typed(form).items() if name != field]
        typed += [(field, one) for one in VALUES[value]]
        sweep.post(form.action, typed, f"{form.action} with {value} as {field}")


def test_a_form_sent_to_where_it_does_not_belong_is_refused(
    app: Flask, town: Town, sweeps: dict[str, Sweep], undone: None, database: Database
) -> None:
    body: list[tuple[str, str | bytes]] = [
        (name, "9" * 30) for name in (*NAMES, "sentence", "text", "title", "nonce", "version")
    ]
    cases = [(sweep, url) for sweep in sweeps.values() for url in _addresses(app, town, "POST")]
    for place, (sweep, url) in enumerate(_some(cases, database)):
        sweep.post(url, body if place % 2 else [], f"{url} from somebody it is not for")


def test_no_query_breaks_a_page(
    app: Flask, town: Town, sweeps: dict[str, Sweep], undone: None, database: Database
) -> None:
    cases = []
    for url, (sweep, answer) in _pages(app, town, sweeps).items():
        own = _asked_names(answer, url)
        cases += [(sweep, url, NAMES, value) for value in CHOICES]
        cases += [(sweep, url, [name], value) for name in own for value in CHOICES]
        cases += [(sweep, url, [name], value) for name in NAMES for value in ("2^70", "negative")]
    for sweep, url, names, value in _some(cases, database):
        query = urlencode([(name, one) for name in names for one in VALUES[value]])
        sweep.get(f"{url}?{query}", f"{url} with {value} as {names}")


def _pages(
    app: Flask, town: Town, sweeps: dict[str, Sweep]
) -> dict[str, tuple[Sweep, TestResponse]]:
    """One page of each route, and the first who may open it."""
    found: dict[str, tuple[Sweep, TestResponse]] = {}
    seen = set()
    adapter = app.url_map.bind("127.0.0.1")
    for sweep in sweeps.values():
        for url in _addresses(app, town, "GET"):
            endpoint, given = adapter.match(url)
            route = endpoint, given.get("step"), given.get("level")
            if route not in seen and (answer := sweep.get(url, url)).status_code == 200:
                seen.add(route)
                found[url] = sweep, answer
    return found


def _asked_names(answer: TestResponse, url: str) -> list[str]:
    """What the page's own filters and links ask for."""
    forms, links = read_page(answer.text, url)
    asked = {name for form in forms if form.method == "GET" for name in form.values}
    for link in links:
        parts = urlsplit(link)
        if parts.path in {"", url}:
            asked |= {name for name, _value in parse_qsl(parts.query)}
    return sorted(asked)


def test_a_cursor_that_nobody_gave_is_no_fault(
    app: Flask, town: Town, sweeps: dict[str, Sweep]
) -> None:
    knock = sweeps["administrator"]
    for url, cursor in product(_addresses(app, town, "GET"), CURSORS):
        if "-" not in url:
            query = urlencode({"cursor": cursor, "after": cursor})
            knock.get(f"{url}?{query}", f"{url} with the cursor {cursor}")


def test_what_is_not_there_is_a_page_that_says_so(app: Flask, sweeps: dict[str, Sweep]) -> None:
    knock = sweeps["administrator"]
    for rule, part in product(app.url_map.iter_rules(), PLACES):
        if rule.arguments and rule.endpoint != "static":
            url = re.sub("<[^>]+>", lambda _part, part=part: part, rule.rule)
            answer = knock.get(url, url) if "GET" in rule.methods else knock.post(url, [], url)
            assert answer.status_code in {400, 404, 405, 409, 422}, url


def test_a_form_of_more_than_half_a_megabyte_is_too_large(
    town: Town, sweeps: dict[str, Sweep]
) -> None:
    answer = sweeps["agent"].post("/insights/new", [("text", "a" * 600_000)], "a long insight")
    assert answer.status_code == 413
    assert "500 kB" in answer.text
