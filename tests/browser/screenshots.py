"""Every page of the demo as a picture: ``python -m tests.browser.screenshots``.

Desktop (1440 px) and phone (390 px), light and dark, under ``instance/screenshots/``.  The
portal runs on a copy of ``instance/portal.sqlite3`` where there is one, else on a demo year
made for the purpose; the original stays as it is.
"""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy import func, select

from portal.app import create_app
from portal.config import ROOT, read_config
from portal.database import Database, reading, session, use
from portal.ideas.lifecycle import State
from portal.ideas.models import Idea
from portal.migrations import runner
from portal.people.queries import find_person_by_email
from tests.browser.places import find_places
from tests.support.browser import DESKTOP, PHONE, find_chromium, launched, settle, tab
from tests.support.client import Client
from tests.support.server import environment, serving

FOLDER = ROOT / "instance" / "screenshots"
PEOPLE = ("agent", "head", "validator", "leader", "admin")
SIZES = {"desktop": DESKTOP, "phone": PHONE}
SCHEMES = ("light", "dark")
OF_EACH = 3


@dataclass(frozen=True, slots=True)
class Shown:
    """A page, and as whom it is looked at; a stranger has no cookie."""

    name: str
    path: str
    cookie: str | None


def _copy_demo(folder: Path) -> str:
    """The address of a database with the demo year in it."""
    original, path = read_config().instance / "portal.sqlite3", folder / "portal.sqlite3"
    address = f"sqlite:///{path}"
    if _is_demo(original):
        with closing(sqlite3.connect(original)) as read, closing(sqlite3.connect(path)) as write:
            read.backup(write)
    else:
        print("Making a demo year, about a minute …", flush=True)
        for command in (["db", "upgrade"], ["portal", "demo-data"]):
            flask = [sys.executable, "-m", "flask", "--app", "wsgi", *command]
            subprocess.run(flask, cwd=ROOT, env=environment(address, folder), check=True)
    return address


def _is_demo(path: Path) -> bool:
    """Whether this is a finished demo database."""
    if not path.exists():
        return False
    with closing(sqlite3.connect(path)) as read:
        names = {row[0] for row in read.execute("SELECT name FROM sqlite_master")}
        facts = read.execute("SELECT name FROM portal_facts") if "portal_facts" in names else ()
        return {row[0] for row in facts} == {"demo_password"}


def _sign_in(app: Flask, name: str) -> tuple[Client, str]:
    with reading():
        person = find_person_by_email(f"{name}@demo.example")
    if person is None:
        raise SystemExit(f"The portal in instance/ is no demo: it has no {name}@demo.example.")
    client = Client(app).sign_in(person)
    cookie = client.http.get_cookie("sid", domain="127.0.0.1")
    assert cookie is not None
    return client, cookie.value


def _find_shown(app: Flask) -> list[Shown]:
    """Each page once, as the first of the demo's people who can open it; home as everybody."""
    shown = [Shown("sign-in", "/sign-in", None)]
    seen: set[str] = set()
    for person in PEOPLE:
        client, cookie = _sign_in(app, person)
        paths = [place.path for place in find_places(client, of_each=OF_EACH)]
        for path in (*paths, *_ideas_in_every_state()):
            if path == "/" or path not in seen:
                seen.add(path)
                shown.append(Shown(_file_name(path, person), path, cookie))
    return shown


def _ideas_in_every_state() -> list[str]:
    """The newest idea in each state that more people than its author may read."""
    newest = select(func.max(Idea.number)).where(Idea.state != State.DRAFT).group_by(Idea.state)
    with reading():
        return [f"/ideas/I-{number}" for number in session().scalars(newest)]


def _file_name(path: str, person: str) -> str:
    words = path.partition("?")[0].strip("/").replace("/", "-") or "home"
    return f"{words}-{person}"


def _take(browser: Browser, address: str, shown: list[Shown]) -> Iterator[Path]:
    """Photograph the pages; a page that answers with a fault stops everything."""
    for (size, pixels), scheme in product(SIZES.items(), SCHEMES):
        for one in shown:
            path = FOLDER / f"{one.name}-{size}-{scheme}.png"
            with tab(
                browser,
                address,
                cookie=one.cookie,
                size=pixels,
                color_scheme=scheme,
                locale="en-GB",
            ) as opened:
                status = opened.open(one.path)
                if status != 200:
                    raise SystemExit(f"{one.path} answered {status}.")
                _stretch(opened.page, *pixels)
                opened.page.screenshot(path=path, animations="disabled")
            yield path


def _stretch(page: Page, width: int, height: int) -> None:
    """Make the window as tall as the page, so that what sticks to its foot is at the foot."""
    tall: int = page.evaluate("() => document.documentElement.scrollHeight")
    page.set_viewport_size({"width": width, "height": max(height, tall)})
    settle(page)


def main() -> int:
    """Take all pictures; print each and how many."""
    if find_chromium() is None:
        print("There is no Chromium on this machine.", file=sys.stderr)
        return 1
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    with TemporaryDirectory(prefix="portal-") as folder:
        database = use(Database(_copy_demo(Path(folder))))
        runner.upgrade(database)
        app = create_app(read_config(environment(str(database.url), Path(folder))), database)
        shown = _find_shown(app)
        with serving(app) as address, launched() as browser:
            for path in _take(browser, address, shown):
                print(path.relative_to(ROOT), flush=True)
        database.close()
    print(f"{len(list(FOLDER.iterdir()))} pictures of {len(shown)} pages")
    return 0


if __name__ == "__main__":
    sys.exit(main())
