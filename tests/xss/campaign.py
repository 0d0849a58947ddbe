"""The whole: every fence alone, then every page of a planted portal, as each reader.

``python -m tests.xss`` prints one JSON line of figures.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask
from playwright.sync_api import Browser

from portal.app import create_app
from portal.config import read_config
from portal.database import release, use
from portal.people.models import Person
from tests.browser.places import find_places
from tests.factories.town import Town, make_town
from tests.support.client import Client
from tests.support.databases import make_database
from tests.support.server import environment, serving
from tests.xss.fences import FENCES, find_holes, is_strict
from tests.xss.judging import Looker, looking
from tests.xss.planting import furnish, list_fields, plant

ASKED = (
    *("state", "department", "reason", "sort", "mine", "channel", "demand_type", "ref", "insight"),
    *("after", "cursor", "view", "show", "scope", "level", "from", "to", "next", "overdue", "q"),
)
"""What pages read from their address."""


@dataclass
class Figures:
    """What was tried, and what came of it."""

    payloads: int = 0
    fences: int = 0
    fields: int = 0
    values: int = 0
    pages: int = 0
    downloads: int = 0
    executions: int = 0
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Portal:
    """A planted portal: its app, its people, where it answers."""

    app: Flask
    town: Town
    address: str

    def cookie(self, person: Person) -> tuple[str, str]:
        """A session of theirs."""
        kept = Client(self.app).sign_in(person).http.get_cookie("sid", domain="127.0.0.1")
        assert kept is not None
        return self.address, kept.value


@contextmanager
def planted(folder: Path) -> Iterator[Portal]:
    """A portal with one of everything, on a database of its own, served until the block ends."""
    database = use(make_database(f"sqlite:///{folder / 'portal.sqlite3'}"))
    app = create_app(read_config(environment(str(database.url), folder)), database)
    town = make_town()
    furnish(town)
    with serving(app) as address:
        yield Portal(app, town, address)
    release()
    database.close()


def try_fences(browser: Browser, corpus: Sequence[str], figures: Figures) -> None:
    """The corpus behind each fence alone, without a content policy."""
    with looking(browser, without_policy=True) as looker:
        for name, fence in FENCES.items():
            figures.faults += find_holes(looker, corpus, fence, is_strict=is_strict(name))
            figures.fences += 1
        figures.executions += looker.executions
    figures.payloads = len(corpus)


def try_pages(
    browser: Browser,
    portal: Portal,
    corpus: Sequence[str],
    figures: Figures,
    *,
    readers: Sequence[str],
    without_policy: bool,
    of_each: int = 3,
) -> None:
    """The corpus in every field, and every page as the readers see it."""
    figures.fields = len(list_fields())
    figures.values += plant(corpus)
    seen: set[str] = set()
    for name in readers:
        person = portal.town.people[name]
        with looking(
            browser, cookie=portal.cookie(person), without_policy=without_policy
        ) as looker:
            for path in _paths(portal, person, of_each):
                if path not in seen:
                    _look(looker, portal.address + path, figures)
                    seen.add(path)
            figures.executions += looker.executions


def _paths(portal: Portal, person: Person, of_each: int = 3) -> list[str]:
    places = find_places(Client(portal.app).sign_in(person), of_each=of_each)
    return [place.path for place in places]


def _look(looker: Looker, url: str, figures: Figures) -> None:
    looker.page.goto(url, wait_until="load")
    figures.pages += 1
    figures.faults += looker.judge(url)


def try_addresses(
    browser: Browser, portal: Portal, corpus: Sequence[str], figures: Figures
) -> None:
    """Hostile text in the query of every page, in the path, and in a form that comes back."""
    person = portal.town.administrator
    texts = [text for text in corpus if "\x0c" not in text and len(text) < 90]
    turn = 0
    with looking(browser, cookie=portal.cookie(person), without_policy=True) as looker:
        for path in _paths(portal, person):
            asked = [(name, texts[(turn + place) % len(texts)]) for place, name in enumerate(ASKED)]
            turn += len(ASKED)
            query = urlencode(asked)[:1900]
            _look(looker, f"{portal.address}{path.partition('?')[0]}?{query}", figures)
        for text in texts[:20]:
            _look(looker, f"{portal.address}/ideas/I-1001/{urlencode({'': text})}", figures)
        figures.executions += looker.executions


def try_forms(browser: Browser, portal: Portal, corpus: Sequence[str], figures: Figures) -> None:
    """What was typed into a form that is refused, as the form shows it again."""
    with looking(browser, cookie=portal.cookie(portal.town.agent), without_policy=True) as looker:
        for start in range(0, len(corpus), 100):
            looker.page.goto(f"{portal.address}/ideas/new", wait_until="load")
            typed = "\n".join(corpus[start : start + 100]).replace("\x0c", "")
            looker.page.evaluate(
                """([long, title]) => {
                    const form = document.querySelector("form[data-draft]");
                    form.elements.problem.value = long;
                    form.elements.proposal.value = long;
                    form.elements.title.value = title;
                    form.elements.authors.value = title;
                }""",
                [typed, typed[:400]],
            )
            with looker.page.expect_navigation():
                looker.page.click("[data-default]")
            figures.pages += 1
            figures.faults += looker.judge(f"/ideas/new {start}")
        figures.executions += looker.executions


def try_downloads(portal: Portal, figures: Figures) -> None:
    """Files to keep are never shown: their type and headers say so."""
    for person in portal.town.people.values():
        client = Client(portal.app).sign_in(person)
        for rule in portal.app.url_map.iter_rules():
            if not rule.rule.endswith(".csv") and "csv" not in rule.endpoint:
                continue
            path = rule.rule.replace('<ref("I"):number>', f"I-{portal.town.ideas['measured']}")
            answer = client.get(path.replace('<ref("M"):number>', "M-1"))
            if answer.status_code != 200:
                continue
            figures.downloads += 1
            heads = answer.headers
            is_kept = heads["Content-Disposition"].startswith("attachment")
            if not is_kept or answer.mimetype != "text/csv" or "sandbox" not in str(heads):
                figures.faults.append(f"{path}: {answer.mimetype} {heads}")


def run(browser: Browser, folder: Path, corpus: Sequence[str]) -> tuple[Figures, float]:
    """The whole campaign; its figures and how many seconds it took."""
    started, figures = time.monotonic(), Figures()
    try_fences(browser, corpus, figures)
    with planted(folder) as portal:
        readers = list(portal.town.people)
        for start in range(0, len(corpus), 1200):
            turned = [*corpus[start:], *corpus[:start]]
            for without_policy in (True, False):
                try_pages(
                    browser,
                    portal,
                    turned,
                    figures,
                    readers=readers,
                    without_policy=without_policy,
                )
        try_addresses(browser, portal, corpus, figures)
        try_forms(browser, portal, corpus, figures)
        try_downloads(portal, figures)
    return figures, time.monotonic() - started
