"""One world: a house of people, a story in which one of two agents writes without a name, a crawl.

The story plays at fixed hours.  Everything random by design is drawn from the machine, as ever;
:data:`RANDOM_COLUMNS` and :func:`plain` name all of it and blot it out.
"""

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from flask import Flask
from sqlalchemy import select, text

from portal.actor import Role
from portal.anonymous.services import publish_due
from portal.app import create_app
from portal.config import read_config
from portal.database import Base, Database, session, writing
from portal.delivery import services as delivery
from portal.delivery.models import Track
from portal.ideas.queries import get_idea
from portal.ideas.services import add_comment
from portal.jobs.services import run_ready_tasks
from portal.now import at
from portal.people.models import Person
from portal.triage import services as triage
from tests.anonymous.hands import PHRASE, hand_in
from tests.factories.people import actor_of, make_person
from tests.factories.triage import House, make_house, submit
from tests.support.client import Client
from tests.support.forms import read_page

MORNING = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
CANARY = "Zeppelin marzipan turns the reminder around"
"""Words of the anonymous idea that stand nowhere else."""
SECRET = "one secret for both worlds, as it must be"
SIZES = {"Content-Length"}
"""Headers that follow from the length of a token; what they count is compared itself."""

RANDOM_COLUMNS: dict[str, set[str]] = {
    "persons": {"email", "email_key", "password_hash"},
    "sign_in_sessions": {"id_hash", "key", "public_id"},
    "ideas": {"nonce"},
    "comments": {"nonce"},
    "insights": {"nonce"},
    "follow_ups": {"key"},
    "staged_words": {"key"},
    "day_uses": {"key"},
    "seals": {"sealed"},
    "vouchers": {"code_hash"},
    "audit_rows": {"aside_hash", "previous_hash", "hash"},
    "audit_asides": {"salt"},
    "audit_head": {"hash"},
}
"""What the machine draws at random or hashes of it, by table; the whole of it."""
_RANDOM_TEXT = re.compile(
    r'(csrf-token" content=|csrf_token" type="hidden" value=|name="csrf_token" value=)"[^"]*"'
    r"|[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
    r"|/me/sessions/[0-9a-f]+"
    r"|(?<='reference', ')[0-9a-f]{32}"
    r"|(?<=,)[0-9a-f]{64}(?=\s)"
)
"""Tokens of forms, nonces, names of sessions in addresses, the stamp of reference data,
the chain of the audit log."""


def plain(shown: str) -> str:
    """What was shown without what is random by design."""
    return _RANDOM_TEXT.sub("*", shown)


@dataclass
class Seen:
    """Everything somebody could lay their hands on in one world."""

    pages: dict[str, str] = field(default_factory=dict)
    rows: dict[str, list[str]] = field(default_factory=dict)
    logs: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    together: int = 0
    """Pages of the raw files on which the idea's words and its author's name or address stand."""


@dataclass
class World:
    """A portal of its own."""

    app: Flask
    database: Database
    folder: Path
    house: House
    people: dict[str, Person]
    browsers: dict[str, Client]


@contextmanager
def logging_into(lines: list[str]) -> Iterator[None]:
    """Collect every line that anything logs, at any level."""

    class Collector(logging.Handler):
        """Keeps what it is given."""

        def emit(self, entry: logging.LogRecord) -> None:
            """Keep one line."""
            lines.append(plain(self.format(entry)))

    root, handler = logging.getLogger(), Collector(logging.DEBUG)
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        yield
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


def build(database: Database, folder: Path) -> World:
    """People in their departments, all signed in, with something named in the inbox."""
    config = read_config(
        {
            "PORTAL_INSTANCE": str(folder),
            "PORTAL_DATABASE_URL": database.url.render_as_string(hide_password=False),
            "PORTAL_SECRET_KEY": SECRET,
        }
    )
    app = create_app(config, database)
    with at(MORNING), writing():
        house = make_house()
        people = {
            "agent": house.agent,
            "colleague": house.colleague,
            "third": make_person("Third Agent", home=house.billing.department),
            "head": house.billing.head,
            "other_head": house.metering.head,
            "validator": make_person("Vera Valid", role=Role.VALIDATOR),
            "leader": make_person("Lea Leader", role=Role.LEADER),
            "administrator": make_person("Ada Admin", role=Role.ADMINISTRATOR),
            "guard": make_person("Gil Guard", role=Role.PERSON_OF_TRUST),
        }
        submit(people["third"], house.billing.reason)
    world = World(app, database, folder, house, people, {name: Client(app) for name in people})
    with at(MORNING):
        sign_in_all(world)
    return world


def sign_in_all(world: World) -> None:
    for name, person in world.people.items():
        world.browsers[name].sign_in(person)


def tell(world: World, author: str, random: Random) -> None:
    """The story: whoever ``author`` is writes, answers and comes back; all else is the same."""
    browser = world.browsers[author]
    for name in ("agent", "colleague"):  # both open the page; one of them goes on without a name
        with at(MORNING + timedelta(minutes=30)):
            world.browsers[name].get("/ideas/new")
    with at(MORNING + timedelta(minutes=30)):
        reason = str(world.house.billing.reason.id)
        sent = hand_in(browser, proposal=f"{CANARY}. Then it fits.", reason_id=reason)
        assert sent.status_code == 200, sent.text
    _publish_the_morning_after(MORNING, random)
    evening = MORNING + timedelta(days=1, hours=7)
    with at(evening):
        sign_in_all(world)
    with at(evening), writing():
        idea = _idea()
        triage.ask_author(
            actor_of(world.people["head"]), idea, question="Which reminder do you mean?"
        )
    with at(evening + timedelta(minutes=5)):
        asked = browser.fields(browser.get("/follow-up"), "/follow-up")
        shown = browser.post("/follow-up", {**asked, "phrase": PHRASE})
        fields = browser.fields(shown, "/follow-up/answer")
        browser.post("/follow-up/answer", {**fields, "said": "The second one, on yellow paper."})
    _publish_the_morning_after(evening, random)
    _decide(world, evening + timedelta(days=1))
    for day, kind in ((1, "rate"), (2, "voucher")):
        moment = evening + timedelta(days=day, minutes=30)
        _come_back(world, browser, moment, kind)
        _publish_the_morning_after(moment, random)


def _come_back(world: World, browser: Client, moment: datetime, kind: str) -> None:
    """The author comes back: says that the answer helped, or takes a voucher out."""
    with at(moment):
        sign_in_all(world)
        for name in ("agent", "colleague"):  # both read on; one of them goes on without a name
            world.browsers[name].get("/ideas")
        asked = browser.fields(browser.get("/follow-up"), "/follow-up")
        shown = browser.post("/follow-up", {**asked, "phrase": PHRASE})
        typed = {"useful": "yes", "points": "50"}
        fields = browser.fields(shown, f"/follow-up/{kind}")
        sent = browser.post(f"/follow-up/{kind}", {**fields, **typed})
        assert sent.status_code == 200, sent.text


def _publish_the_morning_after(moment: datetime, random: Random) -> None:
    morning = (moment + timedelta(days=1)).replace(hour=6, minute=0)
    with at(morning):
        assert publish_due(random) == 1


def _idea() -> Any:
    session().expire_all()
    found = session().execute(
        text("SELECT id FROM ideas WHERE proposal LIKE :words"), {"words": f"%{CANARY}%"}
    )
    return get_idea(found.scalar_one())


def _decide(world: World, moment: datetime) -> None:
    """A yes, support from both, a comment, a promise, a change: points and credit follow."""
    head = world.people["head"]
    with at(moment):
        sign_in_all(world)
        for name in ("agent", "colleague", "third"):
            number = _idea().number
            support = {"occurred_on": "2026-03-02", "example": "I had this too."}
            answer = world.browsers[name].post(f"/ideas/I-{number}/support", support)
            assert answer.status_code == 303, answer.text
        with writing():
            add_comment(actor_of(world.people["agent"]), _idea(), body="Good one.")
            add_comment(actor_of(world.people["colleague"]), _idea(), body="Yes.")
            triage.accept_idea(actor_of(head), _idea(), sentence="We do it, from the next bill on.")
        with writing():
            delivery.commit_to_idea(
                actor_of(head), _idea(), person_id=head.id,
                due_on=date(2026, 4, 2), definition_of_done="Every reminder waits for three days.",
                track=Track.QUICK,
            )  # fmt: skip
        with writing():
            delivery.start_work(actor_of(head), _idea())
        with writing():
            delivery.implement_idea(
                actor_of(head), _idea(), go_live_on=date(2026, 3, 3),
                what_changes="The reminder waits three days.", evidence="Release 14, reminders.",
            )  # fmt: skip
        run_ready_tasks()


def look(world: World, author: str, seen: Seen, *, names: Sequence[str], most: int) -> None:
    """Crawl as these people (none: all), the author too; dump every table and every file.

    ``most`` is how many pages each of them opens at most.
    """
    with at(MORNING + timedelta(days=5)):
        sign_in_all(world)
        for name in names or list(world.browsers):
            crawl(world, name, seen, most)
    for table in Base.metadata.sorted_tables:
        kept = [
            column
            for column in table.columns
            if column.name not in RANDOM_COLUMNS.get(table.name, set())
        ]
        rows = session().execute(select(*kept))  # as they lie in the file; PostgreSQL moves them
        shown = [plain(repr(tuple(row))) for row in rows]
        seen.rows[table.name] = shown if world.database.is_sqlite else sorted(shown)
    names = [str(path.relative_to(world.folder)) for path in sorted(world.folder.rglob("*"))]
    seen.files = [name for name in names if not name.startswith("portal.sqlite3")]
    seen.together = _count_together(world, world.people[author])


def crawl(world: World, name: str, seen: Seen, most: int) -> None:
    """Every address without a blank, and every link of every page, filters and files among them."""
    waiting = [
        rule.rule
        for rule in world.app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and "<" not in rule.rule
    ]
    known = set(waiting)
    while waiting:
        address = waiting.pop(0)
        answer = world.browsers[name].get(address)
        headers = sorted(f"{key}: {value}" for key, value in answer.headers if key not in SIZES)
        shown = plain("\n".join([str(answer.status_code), *headers, answer.text]))
        seen.pages[f"{name} {plain(address)}"] = shown
        for link in read_page(answer.text, address)[1] if answer.mimetype == "text/html" else ():
            local = link.partition("#")[0]
            if local.startswith("/") and local not in known and len(known) < most:
                known.add(local)
                waiting.append(local)


def _count_together(world: World, author: Person) -> int:
    """Raw pages (4 KiB, of the file and of its log) that hold both the words and the author."""
    count = 0
    for path in sorted(world.folder.parent.rglob("*.sqlite3*")):
        raw = path.read_bytes()
        for start in range(0, len(raw), 4096):
            piece = raw[start : start + 4096]
            count += CANARY.encode() in piece and (
                author.name.encode() in piece or author.email.encode() in piece
            )
    return count
