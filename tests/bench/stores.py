"""The databases a bench runs on: built once per schema and demo, kept under ``instance/bench/``."""

import hashlib
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from psycopg import sql
from sqlalchemy import text

from portal.config import ROOT
from portal.database import Base, Database, use
from portal.masking import settled
from tests.support.databases import create_postgresql, drop_postgresql, make_database
from tests.support.server import environment

FOLDER = ROOT / "instance" / "bench"
SOURCES = ("portal/demo", "portal/migrations/versions")
KEEP_EVERY = 20
CHUNK = 5000


def version() -> str:
    """A short hash over what decides the content of the databases."""
    digest = hashlib.sha256()
    models = sorted((ROOT / "portal").glob("*/models.py"))
    for path in [*models, *(p for name in SOURCES for p in sorted((ROOT / name).glob("*.py")))]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:10]


def medium() -> Path:
    """The SQLite file with 20,000 ideas and 100,000 insights; made on first use."""
    path = FOLDER / f"medium-{version()}.sqlite3"
    if not path.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        for old in FOLDER.glob("*.sqlite3*"):
            old.unlink()
        _fill(path)
    return path


def _fill(path: Path) -> None:
    started = time.monotonic()
    print("Making the medium demo database, once; some minutes …", flush=True)
    with TemporaryDirectory(dir=FOLDER) as folder:
        unfinished = Path(folder) / "portal.sqlite3"
        variables = environment(f"sqlite:///{unfinished}", Path(folder))
        for command in (["db", "upgrade"], ["portal", "demo-data", "--size", "medium"]):
            flask = [sys.executable, "-m", "flask", "--app", "wsgi", *command]
            subprocess.run(flask, cwd=ROOT, env=variables, check=True)
        _settle(unfinished)
        unfinished.rename(path)
    print(f"made in {time.monotonic() - started:.0f} s", flush=True)


def _settle(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("ANALYZE; PRAGMA wal_checkpoint(TRUNCATE)")


def thousand() -> Path:
    """The medium database with a twentieth of its ideas and insights, and what hangs on them.

    The few validated ideas stay, so that the pages of proven changes have something to show.
    """
    path = FOLDER / f"thousand-{version()}.sqlite3"
    if not path.exists():
        unfinished = path.with_suffix(".part")
        shutil.copyfile(medium(), unfinished)
        _thin(unfinished)
        unfinished.rename(path)
    return path


def _thin(path: Path) -> None:
    """Remove rows, then again and again those whose foreign key points at nothing."""
    with closing(sqlite3.connect(path)) as connection:
        guards = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in guards.fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute("DELETE FROM insights WHERE id % ? <> 0", (KEEP_EVERY,))
        connection.execute(
            "DELETE FROM ideas WHERE id % ? <> 0 AND state <> 'validated'", (KEEP_EVERY,)
        )
        while lost := connection.execute("PRAGMA foreign_key_check").fetchall():
            for table, parent, key in {(table, parent, key) for table, _row, parent, key in lost}:
                _drop_orphans(connection, table, parent, key)
        connection.commit()
        connection.execute("VACUUM")
    _settle(path)


def _drop_orphans(connection: sqlite3.Connection, table: str, parent: str, key: int) -> None:
    """Remove the rows of a table whose foreign key (SQLite's number for it) points at nothing."""
    keys = connection.execute(f'PRAGMA foreign_key_list("{table}")').fetchall()
    pairs = [(here, there or "id") for number, _n, _t, here, there, *_ in keys if number == key]
    is_set = " AND ".join(f'"{here}" IS NOT NULL' for here, _there in pairs)
    fits = " AND ".join(f'p."{there}" = "{table}"."{here}"' for here, there in pairs)
    connection.execute(
        f'DELETE FROM "{table}" WHERE {is_set} '
        f'AND NOT EXISTS (SELECT 1 FROM "{parent}" p WHERE {fits})'
    )


@contextmanager
def scratch(source: Path) -> Iterator[str]:
    """A copy to write in, as an SQLAlchemy address."""
    with TemporaryDirectory(dir=FOLDER) as folder:
        copy = Path(folder) / "portal.sqlite3"
        shutil.copyfile(source, copy)
        yield f"sqlite:///{copy}"


@contextmanager
def postgresql_copy(server: str, source: Path) -> Iterator[str]:
    """The same rows on PostgreSQL, in a database that goes again, as an SQLAlchemy address."""
    name = f"portal_bench_{version()}"
    address = create_postgresql(server, name)
    try:
        target, origin = make_database(address), Database(f"sqlite:///{source}")
        use(origin)
        with settled():
            _copy(origin, target)
        origin.close()
        target.close()
        yield address
    finally:
        drop_postgresql(server, name)


def _copy(origin: Database, target: Database) -> None:
    with origin.reader.connect() as read, target.writer.begin() as write:
        write.execute(text("SET session_replication_role = replica"))
        write.execute(text("SET statement_timeout = 0"))
        for table in Base.metadata.sorted_tables:
            write.execute(table.delete())
            rows = read.execution_options(yield_per=CHUNK).execute(table.select()).mappings()
            for part in rows.partitions(CHUNK):
                write.execute(table.insert(), [dict(row) for row in part])
    with psycopg.connect(_plain(target), autocommit=True) as connection:
        _restart_numbers(connection)
        connection.execute("VACUUM ANALYZE")


def _plain(database: Database) -> str:
    address = database.url.set(drivername="postgresql")
    return address.render_as_string(hide_password=False)


def _restart_numbers(connection: psycopg.Connection) -> None:
    """Let every key that the database counts go on after the highest copied one."""
    for table in Base.metadata.sorted_tables:
        for column in table.primary_key.columns:
            found = connection.execute(
                "SELECT pg_get_serial_sequence(%s, %s)", (table.name, column.name)
            ).fetchone()
            if found is None or found[0] is None:
                continue
            query = sql.SQL("SELECT setval({}, coalesce(max({}), 1)) FROM {}").format(
                sql.Literal(found[0]), sql.Identifier(column.name), sql.Identifier(table.name)
            )
            connection.execute(query)
