"""``make faults-web``: kill what answers, again and again, and look for what was promised.

Writers send ideas, insights, comments and orders without pause to the real server, each form
with a key of its own, and again after every broken connection until it is answered.  What was
answered with a page of its own counts as acknowledged and is noted, with fsync, outside the
database.  Meanwhile the processes of the web are killed with SIGKILL one at a time; or
PostgreSQL is stopped and started the hard way.  In the end everything acknowledged must be
there once, whole, and the ledger, the audit log and the database itself must hold.
"""

import argparse
import json
import os
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass, field
from http.client import HTTPException
from pathlib import Path
from random import Random
from string import ascii_lowercase
from urllib.parse import urlsplit
from uuid import uuid4

from sqlalchemy import select, text
from sqlalchemy.orm import InstrumentedAttribute

from portal.audit.services import verify_chain
from portal.database import Database, reading, release, session, use, writing
from portal.ideas.models import Comment, Idea
from portal.insights.models import Insight
from portal.rewards.models import Redemption
from portal.rewards.proof import check_ledger
from portal.web.rates import Rate
from tests.factories.ideas import make_idea
from tests.factories.limits import leave_out_of_the_count
from tests.factories.people import make_headed_department, make_person
from tests.factories.rewards import make_item, make_rich_person
from tests.faults.crowd import Visitor, sign_in
from tests.support import databases
from tests.support.server import Server, running

WRITERS = 4
MANY = 1_000_000
PATIENCE_SECONDS = 60.0
COUNTED = (Rate.IDEA, Rate.INSIGHT, Rate.COMMENT, Rate.ORDER)
WORDS: dict[str, InstrumentedAttribute[str] | None] = {
    "idea": Idea.problem,
    "insight": Insight.text,
    "comment": Comment.body,
    "order": None,
}
"""What is written, and where its words are kept; an order has none."""


@dataclass(frozen=True)
class Figures:
    """What the campaign saw."""

    database: str
    seed: int
    faults: int
    acknowledged: int
    lost: int
    doubled: int
    torn: int
    statuses: dict[int, int]
    broken_connections: int
    seconds: float

    @property
    def is_sound(self) -> bool:
        """Whether everything acknowledged is there once, and nothing else is broken."""
        return self.lost == self.doubled == self.torn == 0 < self.acknowledged


@dataclass
class Writer:
    """Sends form after form, and notes what it was promised."""

    visitor: Visitor
    idea_number: int
    item_key: str
    notes: Path
    random: Random
    statuses: Counter[int] = field(default_factory=Counter)
    broken: int = 0

    def write_until(self, done: threading.Event) -> None:
        """Go on until there is nothing more to do; the last form is sent to its end."""
        while not done.is_set():
            self._write_one()

    def _write_one(self) -> None:
        kind, mark = self.random.choice(tuple(WORDS)), _word(self.random)
        said = f"A plain sentence about {mark} that says enough."
        path, fields = {
            "idea": ("/ideas/new", {"problem": said, "proposal": said, "action": "submit"}),
            "insight": ("/insights/new", {"text": said}),
            "comment": (f"/ideas/I-{self.idea_number}/comments", {"body": said}),
            "order": (f"/rewards/catalogue/{self.item_key}/redeem", {}),
        }[kind]
        status, address = self._send(path, {**fields, "nonce": str(uuid4())})
        self.statuses[status] += 1
        if status == 303:
            self._note(kind, address.rpartition("/")[2] if kind == "order" else mark)

    def _send(self, path: str, fields: dict[str, str]) -> tuple[int, str]:
        """Again and again with the same key, until somebody answers who is not just busy."""
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            try:
                answer = self.visitor.post(path, fields)
            except (OSError, HTTPException):
                self.broken += 1
                time.sleep(0.02)
                continue
            if answer[0] not in {409, 503}:
                return answer
            self.statuses[answer[0]] += 1
            time.sleep(0.05)
        raise AssertionError(f"{path} was not answered within {PATIENCE_SECONDS:.0f} s")

    def _note(self, kind: str, mark: str) -> None:
        with self.notes.open("a") as file:
            file.write(f"{kind} {mark}\n")
            file.flush()
            os.fsync(file.fileno())


def _word(random: Random) -> str:
    """A word that nobody else writes, of letters alone, as figures might be masked."""
    return "".join(random.choices(ascii_lowercase, k=24))


def campaign(
    database: Database,
    folder: Path,
    *,
    faults: int,
    seed: int,
    break_it: Callable[[Server, Random], None],
    pause: tuple[float, float] = (0.2, 1.2),
) -> Figures:
    """Run the whole campaign on an empty, migrated database."""
    began, random = time.monotonic(), Random(seed)
    use(database)
    keep_promises(database)
    url = database.url.render_as_string(hide_password=False)
    with running(url, folder, workers=2) as server:
        writers = _writers(urlsplit(server.address).port or 0, folder, seed)
        release()
        done = threading.Event()
        threads = [threading.Thread(target=one.write_until, args=(done,)) for one in writers]
        for thread in threads:
            thread.start()
        try:
            for _fault in range(faults):
                time.sleep(random.uniform(*pause))
                break_it(server, random)
            time.sleep(pause[1])
        finally:
            done.set()
            for thread in threads:
                thread.join()
    return _compare(database, seed, faults, writers, time.monotonic() - began)


def keep_promises(database: Database) -> None:
    """Commit from now on as in production: the tests' own databases do not wait for the disk."""
    if not database.is_sqlite:
        with database.writer.connect() as connection:
            name = connection.scalar(text("SELECT quote_ident(current_database())"))
            connection.execute(text(f"ALTER DATABASE {name} RESET synchronous_commit"))
            connection.commit()
        database.close()  # for a connection keeps what held when it was opened


def kill_a_web_process(server: Server, random: Random) -> None:
    """One of those that answer dies at once; gunicorn starts another."""
    if processes := server.web_processes():
        with suppress(ProcessLookupError):
            os.kill(random.choice(processes), signal.SIGKILL)


def _writers(port: int, folder: Path, seed: int) -> list[Writer]:
    with writing():
        home = make_headed_department("Customer Office", takes_orphans=True)[0]
        item, number = make_item(price=1, stock=MANY), make_idea(make_person(home=home)).number
        people = [make_rich_person(900_000, f"Writer {n}") for n in range(WRITERS)]
        for person in people:
            leave_out_of_the_count(person, *COUNTED)
    return [
        Writer(sign_in(port, person), number, item.key, folder / f"notes-{n}", Random(seed + n))
        for n, person in enumerate(people)
    ]


def _compare(
    database: Database, seed: int, faults: int, writers: list[Writer], seconds: float
) -> Figures:
    lost = doubled = acknowledged = 0
    with reading():
        for kind, column in WORDS.items():
            noted = [line.split()[1] for one in writers for line in _lines(one.notes, kind)]
            acknowledged += len(noted)
            there = Counter(_marks(column))
            lost += sum(there[mark] == 0 for mark in noted)
            doubled += sum(times > 1 for times in there.values())
        torn = len(check_ledger()) + (verify_chain() is not None) + _damage(database)
    release()
    statuses = sum((one.statuses for one in writers), Counter[int]())
    return Figures(
        database=database.url.get_backend_name(),
        seed=seed,
        faults=faults,
        acknowledged=acknowledged,
        lost=lost,
        doubled=doubled,
        torn=torn,
        statuses=dict(sorted(statuses.items())),
        broken_connections=sum(one.broken for one in writers),
        seconds=round(seconds, 1),
    )


def _lines(notes: Path, kind: str) -> list[str]:
    text_of = notes.read_text() if notes.exists() else ""
    return [line for line in text_of.splitlines() if line.startswith(f"{kind} ")]


def _marks(column: InstrumentedAttribute[str] | None) -> list[str]:
    """What tells one thing from every other: the mark in its words, or an order's number."""
    if column is None:
        return [f"R-{number}" for number in session().scalars(select(Redemption.number))]
    words = session().scalars(select(column)).all()
    return [said.partition("about ")[2].partition(" ")[0] for said in words if "about " in said]


def _damage(database: Database) -> int:
    """How many faults the database finds in itself."""
    if not database.is_sqlite:
        return 0
    found = session().execute(text("PRAGMA integrity_check")).scalars().all()
    broken = session().execute(text("PRAGMA foreign_key_check")).all()
    return (list(found) != ["ok"]) + len(broken)


def _run(database_kind: str, fault: str, faults: int, seed: int) -> Figures:
    with ExitStack() as stack:
        made_folder = tempfile.TemporaryDirectory("portal-faults", dir=databases.quick_folder())
        folder, url = Path(stack.enter_context(made_folder)), ""
        break_it, pause = kill_a_web_process, (0.2, 1.2)
        if fault == "restart":
            own = stack.enter_context(databases.own_postgresql())
            url = databases.create_postgresql(own.address, "portal_faults")
            break_it, pause = restarting(own), (2.0, 4.0)
        elif database_kind == "postgresql":
            server = stack.enter_context(databases.postgresql_server())
            if server is None:
                raise SystemExit("no PostgreSQL server answers and none can be started")
            url = databases.create_postgresql(server, "portal_faults")
            stack.callback(databases.drop_postgresql, server, "portal_faults")
        database = databases.make_database(url or f"sqlite:///{folder}/portal.sqlite3")
        stack.callback(database.close)
        return campaign(database, folder, faults=faults, seed=seed, break_it=break_it, pause=pause)


def restarting(own: databases.OwnServer) -> Callable[[Server, Random], None]:
    """Stops a PostgreSQL as a crash would, and starts it again."""

    def restart(_server: Server, _random: Random) -> None:
        own.stop()
        own.start()

    return restart


def main() -> int:
    """Run one campaign, print its figures as one line of JSON; 1 when a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--fault", choices=("kill", "restart"), default="kill")
    parser.add_argument("--faults", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    figures = _run(given.database, given.fault, given.faults, given.seed)
    print(json.dumps({**asdict(figures), "sound": figures.is_sound}))
    return 0 if figures.is_sound else 1


if __name__ == "__main__":
    sys.exit(main())
