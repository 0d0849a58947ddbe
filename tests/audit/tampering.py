"""A thousand ways to touch a log, each at random, each to be found: ``make audit-tamper``."""

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal import database as storage
from portal.actor import Actor
from portal.audit.chain import GENESIS, body_of, chain_hash
from portal.audit.models import AuditRow
from portal.audit.services import erase_asides, get_head, record, verify_chain
from portal.database import Database, reading, session, writing
from tests.support import databases

ROWS = 40
COUNT = 1_000
Tampering = Callable[["Culprit"], str]


class Culprit:
    """Somebody with the database to themselves, who knows how the chain is made."""

    def __init__(self, unit: Session, random: Random, is_sqlite: bool) -> None:
        self.unit, self.random, self.is_sqlite = unit, random, is_sqlite

    def run(self, statement: str, **values: object) -> Any:
        """Change something; the test's own words, never a stranger's."""
        return self.unit.execute(text(statement), values)

    def pick(self, among: str) -> int:
        """Any row."""
        seqs = self.unit.scalars(text(f"SELECT seq FROM {among} ORDER BY seq")).all()
        return int(self.random.choice(seqs))

    def unguard(self) -> None:
        """Take the triggers away, which whoever owns the database can."""
        if not self.is_sqlite:
            self.run("SET LOCAL session_replication_role = replica")
            return
        self.run("PRAGMA defer_foreign_keys = ON")
        for table in ("audit_rows", "audit_asides"):
            for verb in ("update", "delete"):
                self.run(f"DROP TRIGGER {table}_no_{verb}")


NEW_VALUES: dict[str, Callable[[Random], object]] = {
    "seq": lambda random: random.randrange(10_000, 20_000),
    "at": lambda random: f"2031-01-0{random.randrange(1, 9)} 00:00:00.{random.randrange(10**6):06}",
    "actor_id": lambda random: random.randrange(100, 10_000),
    "action": lambda random: f"thing.{random.randrange(10_000)}",
    "object_kind": lambda random: f"kind{random.randrange(10_000)}",
    "object_id": lambda random: random.randrange(100, 10_000),
    "details": lambda random: json.dumps({"n": random.randrange(100, 10_000)}),
    "aside_hash": lambda random: f"{random.getrandbits(256):064x}",
    "previous_hash": lambda random: f"{random.getrandbits(256):064x}",
    "hash": lambda random: f"{random.getrandbits(256):064x}",
}
CASTS = {"at": "CAST(:value AS timestamptz)", "details": "CAST(:value AS jsonb)"}


def change_a_column(culprit: Culprit) -> str:
    """Any column of any row."""
    column = culprit.random.choice(list(NEW_VALUES))
    value = ":value" if culprit.is_sqlite else CASTS.get(column, ":value")
    culprit.run(
        f"UPDATE audit_rows SET {column} = {value} WHERE seq = :seq",
        value=NEW_VALUES[column](culprit.random),
        seq=culprit.pick("audit_rows"),
    )
    return f"change {column}"


def delete_a_row(culprit: Culprit) -> str:
    """Any row, with what stands beside it."""
    seq = culprit.pick("audit_rows")
    culprit.run("DELETE FROM audit_asides WHERE seq = :seq", seq=seq)
    culprit.run("DELETE FROM audit_rows WHERE seq = :seq", seq=seq)
    return "delete"


COPIED = "at, actor_id, action, object_kind, object_id, details, aside_hash, previous_hash, hash"


def insert_a_copy(culprit: Culprit) -> str:
    """A row that happened before happens once more, at the end."""
    culprit.run(
        f"INSERT INTO audit_rows (seq, {COPIED}) SELECT (SELECT max(seq) + 1 FROM audit_rows), "
        f"{COPIED} FROM audit_rows WHERE seq = :seq",
        seq=culprit.pick("audit_rows"),
    )
    if culprit.random.random() < 0.5:
        culprit.run(
            "UPDATE audit_head SET seq = (SELECT max(seq) FROM audit_rows), hash = "
            "(SELECT hash FROM audit_rows ORDER BY seq DESC LIMIT 1)"
        )
    return "insert"


def swap_two_rows(culprit: Culprit) -> str:
    """Two rows change places."""
    one = culprit.pick("audit_rows")
    other = culprit.pick("audit_rows")
    while other == one:
        other = culprit.pick("audit_rows")
    for before, after in ((one, 99_999), (other, one), (99_999, other)):
        culprit.run("UPDATE audit_rows SET seq = :after WHERE seq = :before",
                    before=before, after=after)  # fmt: skip
    return "swap"


def cut_the_end_off(culprit: Culprit) -> str:
    """The newest rows go, and the head is set to what is left: only a signed head shows it."""
    last = culprit.pick("audit_rows") - 1
    culprit.run("DELETE FROM audit_asides WHERE seq > :last OR erased_by > :last", last=last)
    culprit.run("DELETE FROM audit_rows WHERE seq > :last", last=last)
    digest = culprit.unit.scalar(
        text("SELECT hash FROM audit_rows WHERE seq = :last"), {"last": last}
    )
    culprit.run("UPDATE audit_head SET seq = :last, hash = :digest",
                last=last, digest=digest or GENESIS)  # fmt: skip
    return "truncate"


def write_it_anew(culprit: Culprit) -> str:
    """A row is changed and every hash after it made right: only a signed head shows it."""
    seq = culprit.pick("audit_rows")
    culprit.run("UPDATE audit_rows SET actor_id = 4711 WHERE seq = :seq", seq=seq)
    previous = GENESIS
    for row in culprit.unit.execute(AuditRow.__table__.select().order_by(AuditRow.seq)).all():
        digest = chain_hash(previous, body_of(row))
        culprit.run(
            "UPDATE audit_rows SET previous_hash = :previous, hash = :digest WHERE seq = :seq",
            previous=previous, digest=digest, seq=row.seq,
        )  # fmt: skip
        previous = digest
    culprit.run("UPDATE audit_head SET hash = :previous", previous=previous)
    return "rewrite"


ASIDE_VALUES: dict[str, Callable[[Random], object]] = {
    "text": lambda random: json.dumps({"name": random.randrange(10_000)}),
    "salt": lambda random: f"{random.getrandbits(128):032x}",
    "person_id": lambda random: random.randrange(100, 10_000),
    "erased_by": lambda random: random.randrange(100, 10_000),
}


def change_an_aside(culprit: Culprit) -> str:
    """Any column of what stands beside any row."""
    column = culprit.random.choice(list(ASIDE_VALUES))
    culprit.run(
        f"UPDATE audit_asides SET {column} = :value WHERE seq = :seq",
        value=ASIDE_VALUES[column](culprit.random),
        seq=culprit.pick("audit_asides"),
    )
    return f"change aside {column}"


def delete_an_aside(culprit: Culprit) -> str:
    """What stands beside a row is gone."""
    culprit.run("DELETE FROM audit_asides WHERE seq = :seq", seq=culprit.pick("audit_asides"))
    return "delete aside"


def empty_an_aside(culprit: Culprit) -> str:
    """What stands beside a row is emptied as an erasure would, but by no act of the log."""
    seq = culprit.pick("audit_asides WHERE erased_by IS NULL")
    culprit.run(
        "UPDATE audit_asides SET salt = NULL, text = NULL, person_id = NULL, erased_by = :by "
        "WHERE seq = :seq",
        by=culprit.pick("audit_rows"),
        seq=seq,
    )
    return "empty aside"


def add_an_aside(culprit: Culprit) -> str:
    """Something is put beside a row that had nothing there, or that is not there at all."""
    bare = "audit_rows WHERE aside_hash IS NULL"
    seq = culprit.random.choice([culprit.pick(bare), 77_777])
    culprit.run(
        "INSERT INTO audit_asides (seq, person_id, salt, text) VALUES (:seq, 1, 'x', '{}')", seq=seq
    )
    return "insert aside"


def touch_the_head(culprit: Culprit) -> str:
    """The head is another, or gone, or there are two."""
    statements = [
        "UPDATE audit_head SET seq = seq - 1",
        "UPDATE audit_head SET hash = 'f' || substr(hash, 2) || 'x'",
        "DELETE FROM audit_head",
        "INSERT INTO audit_head (id, seq, hash) VALUES (2, 0, 'x')",
    ]
    if not culprit.is_sqlite:
        statements[1] = "UPDATE audit_head SET hash = reverse(hash)"
    culprit.run(culprit.random.choice(statements))
    return "head"


TAMPERINGS: tuple[Tampering, ...] = (
    *[change_a_column] * 6, delete_a_row, insert_a_copy, swap_two_rows, cut_the_end_off,
    write_it_anew, *[change_an_aside] * 3, delete_an_aside, empty_an_aside, add_an_aside,
    touch_the_head,
)  # fmt: skip


def make_log(units: int = ROWS, rows: int = 1) -> dict[int, str]:
    """A log with asides, two erasures, and a signed head as somebody kept it elsewhere."""
    people = [Actor(id=number, name="") for number in range(1, 6)]
    for unit in range(units):
        with writing():
            for number in range(unit * rows, unit * rows + rows):
                person = people[number % 5]
                personal = {"network": f"10.0.0.{number}"} if number % 3 else None
                record(person, "thing.made", "thing", number, size=number / 4, personal=personal)
    for person in people[:2]:
        with writing():
            erase_asides(people[4], person.id or 0)
    with reading():
        seq, digest = get_head()
    return {seq: digest}


class _Undo(Exception):
    pass


@contextmanager
def undone() -> Iterator[Session]:
    """A unit of which nothing is kept."""
    try:
        with writing() as unit:
            yield unit
            raise _Undo
    except _Undo:
        pass


def tamper(seed: int, count: int, heads: dict[int, str], *, is_sqlite: bool) -> dict[str, Any]:
    """Tamper so many times with the log in use, each time with the honest one."""
    random, kinds, missed = Random(seed), Counter[str](), list[str]()
    for _ in range(count):
        with undone() as unit:
            culprit = Culprit(unit, random, is_sqlite)
            culprit.unguard()
            kind = random.choice(TAMPERINGS)(culprit)
            unit.expire_all()
            kinds[kind] += 1
            if verify_chain(heads) is None:
                missed.append(kind)
    return {"tried": count, "found": count - len(missed), "missed": missed, "kinds": len(kinds)}


def _campaign(database: Database, seed: int) -> dict[str, Any]:
    storage.use(database)
    heads = make_log()
    figures = tamper(seed, COUNT, heads, is_sqlite=database.is_sqlite)
    storage.release()
    make_log(units=20, rows=1_000)
    with reading():
        rows, _hash = get_head()
        started = time.process_time()
        assert verify_chain() is None
        session()
    seconds = time.process_time() - started
    return {**figures, "rows_verified_per_cpu_second": round(rows / seconds)}


def main() -> int:
    """Tamper on both databases; one line of figures."""
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 69
    figures: dict[str, Any] = {"seed": seed}
    with TemporaryDirectory(dir=databases.quick_folder()) as folder:
        made = databases.make_database(f"sqlite:///{folder}/portal.sqlite3")
        figures["sqlite"] = _campaign(made, seed)
        made.close()
    with databases.postgresql_server() as server:
        if server is not None:
            name = "portal_audit_tamper"
            made = databases.make_database(databases.create_postgresql(server, name))
            figures["postgresql"] = _campaign(made, seed)
            storage.release()
            made.close()
            databases.drop_postgresql(server, name)
    print(json.dumps(figures))
    return 0 if all(one["found"] == COUNT for one in figures.values() if one != seed) else 1


if __name__ == "__main__":
    sys.exit(main())
