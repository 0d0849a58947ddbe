"""Throw-away databases: migrated once, cloned for every worker, emptied after every test."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from portal.database import Base, Database, sqlite_path
from portal.migrations import runner

DEFAULT_SERVER = "postgresql://postgres@127.0.0.1:5432/postgres"
BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def _answers(server: str) -> bool:
    try:
        psycopg.connect(server, connect_timeout=3).close()
    except psycopg.Error:
        return False
    return True


@contextmanager
def postgresql_server() -> Iterator[str | None]:
    """A server's address: the one that is set or answers, else one of our own, else None."""
    server = os.environ.get("PORTAL_TEST_POSTGRESQL", DEFAULT_SERVER)
    if _answers(server):
        yield server
        return
    if not BINARIES:
        yield None
        return
    with own_postgresql() as own:
        yield own.address


class OwnServer:
    """A throw-away PostgreSQL in a folder, that can be stopped and started the hard way."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.address = f"postgresql://postgres@/postgres?host={folder}"
        self._as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if self._as_user:
            shutil.chown(folder, "postgres")
        self._run("initdb", "-U", "postgres", "-A", "trust")

    def _run(self, binary: str, *options: str) -> None:
        command = [*self._as_user, str(BINARIES[0] / binary), "-D", str(self.folder / "data")]
        with (self.folder / "said").open("ab") as said:
            subprocess.run([*command, *options], check=True, cwd="/", stdout=said, stderr=said)

    def start(self) -> None:
        """Start, and wait until it answers."""
        options = f"-c listen_addresses='' -c unix_socket_directories={self.folder} -c fsync=off"
        self._run("pg_ctl", "-w", "-l", str(self.folder / "log"), "-o", options, "start")

    def stop(self) -> None:
        """Stop at once, as a crash would."""
        self._run("pg_ctl", "-w", "-m", "immediate", "stop")


@contextmanager
def own_postgresql() -> Iterator[OwnServer]:
    """A server of our own from Debian's binaries, until the block ends."""
    with tempfile.TemporaryDirectory(prefix="portal-pg-") as folder:
        own = OwnServer(Path(folder))
        own.start()
        try:
            yield own
        finally:
            own.stop()


def to_sqlalchemy(server: str, name: str) -> str:
    """The SQLAlchemy address of a database on a server."""
    head, _, query = server.partition("?")
    base = head.rpartition("/")[0]
    return f"{base}/{name}".replace("postgresql://", "postgresql+psycopg://", 1) + (
        f"?{query}" if query else ""
    )


def create_postgresql(server: str, name: str, template: str | None = None) -> str:
    """Create a database (anew) and return its SQLAlchemy address."""
    with psycopg.connect(server, autocommit=True) as connection:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        connection.execute(drop)
        create = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        if template:
            create += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
        connection.execute(create)
        hurry = sql.SQL("ALTER DATABASE {} SET synchronous_commit TO off")
        connection.execute(hurry.format(sql.Identifier(name)))
    return to_sqlalchemy(server, name)


def quick_folder() -> str | None:
    """A folder in memory, where the machine has one: a commit then waits for no disk."""
    memory = Path("/dev/shm")
    return str(memory) if os.access(memory, os.W_OK) else None


def drop_postgresql(server: str, name: str) -> None:
    """Remove a database."""
    with psycopg.connect(server, autocommit=True) as connection:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        connection.execute(drop)


def make_database(url: str) -> Database:
    """A migrated database."""
    database = Database(url)
    runner.load_models()
    runner.upgrade(database)
    return database


class Cleaner:
    """Brings a database back to what it was right after migrating, quickly."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.tables = [table.name for table in Base.metadata.sorted_tables]
        self.pristine: bytes | None = None
        if database.is_sqlite:
            with database.writer.connect() as connection:
                connection.commit()
                raw = connection.connection.dbapi_connection
                self.pristine = raw.serialize()

    def clean(self) -> None:
        """Empty every table, restart every number, keep the schema."""
        if self.database.is_sqlite:
            self._clean_sqlite()
        else:
            self._clean_postgresql()

    def _clean_sqlite(self) -> None:
        path = sqlite_path(self.database.url)
        assert path is not None
        assert self.pristine is not None
        self.database.close()
        for suffix in ("", "-wal", "-shm"):
            Path(f"{path}{suffix}").unlink(missing_ok=True)
        path.write_bytes(self.pristine)

    def _clean_postgresql(self) -> None:
        """One round trip: the triggers that refuse to delete are off for it."""
        with self.database.writer.connect() as connection:
            raw = connection.connection.dbapi_connection
            raw.execute(self._emptying())
            raw.commit()

    def _emptying(self) -> str:
        deletes = [f'DELETE FROM "{name}"' for name in self.tables]
        restarts = [
            "SELECT setval(quote_ident(sequencename)::regclass, 1, false) FROM pg_sequences "
            "WHERE last_value IS NOT NULL"
        ]
        first = "INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, repeat('0', 64))"
        off, on = (f"SET session_replication_role = {role}" for role in ("replica", "DEFAULT"))
        return "; ".join([off, *deletes, first, *restarts, on])
