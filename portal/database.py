"""Storage: the engines, the session in use, and the unit of work.

A process has one active :class:`Database`.  Code reads through :func:`session`, which opens
a reading session on first use and keeps it until :func:`release`.  It writes inside
``with writing():``, the only place where anything is committed.

SQLite's defaults lose updates silently: the driver opens a transaction late and as a reader,
so two units read the same row and the second overwrites the first or fails at once.  Writing
units therefore begin IMMEDIATE, readers run with ``query_only``, and the file is kept in WAL
mode with ``synchronous=FULL`` so that what was acknowledged survives a power cut.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from random import uniform
from sqlite3 import SQLITE_BUSY
from sqlite3 import Connection as SqliteConnection
from sqlite3 import OperationalError as SqliteError
from time import monotonic, sleep
from typing import Any

from sqlalchemy import Engine, MetaData, create_engine, event, inspect, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=5000",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA journal_size_limit=67108864",
    "PRAGMA cache_size=-4000",
)

WRITER_PATIENCE_SECONDS = 15.0
"""How long a unit waits for SQLite's one writer before it fails."""

POSTGRESQL_OPTIONS = (
    "-c statement_timeout=30000 -c lock_timeout=5000 "
    "-c idle_in_transaction_session_timeout=30000 -c timezone=UTC"
)


class Base(DeclarativeBase):
    """Every table of the portal; constraints are named by convention."""

    metadata = MetaData(naming_convention=NAMING)


class DatabaseUnreachable(Exception):
    """The database does not answer; the message is one readable line."""


@dataclass
class Unit:
    """What a writing unit collects to apply at its end, in a fixed order."""

    session: Session
    before_commit: dict[int, list[Callable[[], None]]] = field(default_factory=dict)
    after_commit: list[Callable[[], None]] = field(default_factory=list)


_reader: ContextVar[Session | None] = ContextVar("reading_session", default=None)
_at_start: ContextVar[Callable[[], None] | None] = ContextVar("start_of_units", default=None)
_unit: ContextVar[Unit | None] = ContextVar("writing_unit", default=None)


class Database:
    """The engines of one database: one that writes, one that only reads."""

    def __init__(self, url: str, *, read_url: str | None = None, pool_size: int = 8) -> None:
        self.url = make_url(url)
        self.writer = _engine(self.url, writes=True, pool_size=pool_size)
        reading = make_url(read_url) if read_url else self.url
        self.reader = _engine(reading, writes=False, pool_size=pool_size)

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database."""
        return self.url.get_backend_name() == "sqlite"

    def check(self) -> None:
        """Open a connection for writing and one for reading, and close them.

        Raises
        ------
        DatabaseUnreachable
            With one line that names the database and the reason.
        """
        for engine in (self.writer, self.reader):
            try:
                with engine.connect() as connection:
                    connection.execute(text("SELECT 1"))
            except DatabaseError as error:
                reason = str(error.orig).strip().splitlines()[0]
                where = engine.url.render_as_string(hide_password=True)
                message = f"The database {where} does not answer: {reason}"
                raise DatabaseUnreachable(message) from error

    def close(self) -> None:
        """Give all connections back."""
        self.writer.dispose()
        self.reader.dispose()


_active: Database | None = None


def use(database: Database) -> Database:
    """Make this the process's database (a forked server process calls it again)."""
    global _active
    _active = database
    return database


def active() -> Database:
    """The process's database."""
    if _active is None:
        raise RuntimeError("no database is in use; call portal.database.use() first")
    return _active


def _engine(url: URL, *, writes: bool, pool_size: int) -> Engine:
    if url.get_backend_name() == "sqlite":
        return _sqlite_engine(url, writes=writes, pool_size=pool_size)
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=4,
        pool_timeout=5,
        pool_pre_ping=True,
        pool_recycle=1800,
        hide_parameters=True,
        connect_args={"connect_timeout": 5, "options": POSTGRESQL_OPTIONS},
    )
    return engine if writes else engine.execution_options(postgresql_readonly=True)


def _sqlite_engine(url: URL, *, writes: bool, pool_size: int) -> Engine:
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=8,
        hide_parameters=True,
        connect_args={"check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: SqliteConnection, _record: object) -> None:
        connection.isolation_level = None
        for pragma in SQLITE_PRAGMAS:
            connection.execute(pragma)
        if not writes:
            connection.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        if writes:
            _begin_writing(connection)
        else:
            connection.exec_driver_sql("BEGIN")

    return engine


def _begin_writing(connection: Any) -> None:
    """Take SQLite's one writer, looking for it in short random steps.

    SQLite's own wait (``busy_timeout``) grows to a tenth of a second between looks, so under
    steady writing whoever has waited longest looks least often and starves.
    """
    raw = connection.connection.dbapi_connection
    until = monotonic() + WRITER_PATIENCE_SECONDS
    raw.execute("PRAGMA busy_timeout=0")
    try:
        while monotonic() < until:
            try:
                raw.execute("BEGIN IMMEDIATE")
                return
            except SqliteError as error:
                if "locked" not in str(error):
                    break
                sleep(uniform(0.001, 0.01))
    finally:
        raw.execute("PRAGMA busy_timeout=5000")
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def session() -> Session:
    """The session in use: the writing unit's, else one that only reads."""
    unit = _unit.get()
    if unit is not None:
        return unit.session
    reader = _reader.get()
    if reader is None:
        reader = Session(active().reader, autoflush=False)
        _reader.set(reader)
    return reader


def find_session() -> Session | None:
    """The session in use, or None where nothing has been read or written yet."""
    unit = _unit.get()
    return unit.session if unit is not None else _reader.get()


def release() -> None:
    """Close the reading session, if one is open, so that the next read sees fresh data."""
    reader = _reader.get()
    if reader is not None:
        _reader.set(None)
        try:
            reader.close()
        except OperationalError:  # the server has gone, and nothing was written: let go of it
            reader.invalidate()


@contextmanager
def reading() -> Iterator[Session]:
    """Read within a block, outside a request (a command, a job)."""
    try:
        yield session()
    finally:
        release()


def in_unit() -> bool:
    """Whether a writing unit is open in this context."""
    return _unit.get() is not None


class SlowWorkInUnit(RuntimeError):
    """Something slow was about to run while the one writer was held."""


def refuse_in_unit(what: str) -> None:
    """Guard for slow work (hashing, rendering, network): raise if a writing unit is open."""
    if in_unit():
        raise SlowWorkInUnit(f"{what} inside a writing unit")


def start_units_with(action: Callable[[], None] | None) -> None:
    """Run ``action`` first in every writing unit of this context, until None is given."""
    _at_start.set(action)


AUDIT_ORDER = 90
"""Audit rows are applied last: their chain's head is the row every unit touches."""


def at_end_of_unit(order: int, action: Callable[[], None]) -> None:
    """Run ``action`` just before this unit commits; lower orders run first."""
    _current_unit().before_commit.setdefault(order, []).append(action)


def after_commit(action: Callable[[], None]) -> None:
    """Run ``action`` once this unit has committed; never if it rolls back."""
    _current_unit().after_commit.append(action)


def _current_unit() -> Unit:
    unit = _unit.get()
    if unit is None:
        raise RuntimeError("this needs a writing unit: with writing(): ...")
    return unit


@contextmanager
def guarding(check: Callable[[], None]) -> Iterator[None]:
    """Run ``check`` first in every writing unit of the block: it refuses the unit by raising."""
    token = _at_start.set(check)
    try:
        yield
    finally:
        _at_start.reset(token)


@contextmanager
def writing() -> Iterator[Session]:
    """A writing unit: commits on leaving, rolls back on a raise.  Units do not nest."""
    if in_unit():
        raise RuntimeError("a writing unit is open already; units do not nest")
    release()
    with Session(active().writer, autoflush=True, expire_on_commit=False) as writer:
        unit = Unit(writer)
        token = _unit.set(unit)
        try:
            writer.connection()  # begins at once, so that what is read stays true
            if (start := _at_start.get()) is not None:
                start()
            yield writer
            _apply(unit)
            writer.commit()
        except BaseException:
            writer.rollback()
            raise
        finally:
            _unit.reset(token)
    for action in unit.after_commit:
        action()


def _apply(unit: Unit) -> None:
    unit.session.flush()
    while unit.before_commit:
        order = min(unit.before_commit)
        for action in unit.before_commit.pop(order):
            action()
        unit.session.flush()


def compact(database: Database) -> None:
    """Leave nothing in the files of what was deleted, as far as the database lets us.

    SQLite's file is written anew and its write-ahead log cut to nothing; writers wait meanwhile.
    PostgreSQL gives dead rows back for use (their bytes go when the room is used again).
    """
    refuse_in_unit("compacting")
    raw: Any = database.writer.raw_connection()
    try:
        if database.is_sqlite:
            raw.driver_connection.execute("VACUUM")
            raw.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        else:
            raw.driver_connection.autocommit = True
            raw.driver_connection.execute("VACUUM")
            raw.driver_connection.autocommit = False
    finally:
        raw.close()


def was_kept_waiting(error: Exception) -> bool:
    """Whether the database gave up because somebody else held what was wanted for too long."""
    cause = getattr(error, "orig", None)
    code = getattr(cause, "sqlite_errorcode", None) or getattr(cause, "sqlstate", None)
    return code in {SQLITE_BUSY, "55P03"}


def lock_row(statement: Any, *, skip_locked: bool = False) -> Any:
    """Add FOR UPDATE where the database knows it; SQLite's writing unit is exclusive anyway.

    With ``skip_locked``, rows that somebody is working on are left out instead of waited for.
    """
    if active().is_sqlite:
        return statement
    return statement.with_for_update(skip_locked=skip_locked)


def insert_once(
    model: type[Any], values: dict[str, Any], *, unique: str | tuple[str, ...] = "key"
) -> Any | None:
    """Insert a row unless its unique columns hold the values already; its first key, or None."""
    columns = [unique] if isinstance(unique, str) else list(unique)
    first_key = inspect(model).primary_key[0]
    statement = insert_ignoring(model, columns).values(values)
    return session().scalar(statement.returning(first_key))


def insert_ignoring(model: Any, columns: list[str]) -> Any:
    """An INSERT into a model or table that passes over rows whose ``columns`` are there already."""
    insert = sqlite.insert if active().is_sqlite else postgresql.insert
    return insert(model).on_conflict_do_nothing(index_elements=columns)


def sqlite_path(url: URL) -> Path | None:
    """The file of an SQLite URL, if it has one."""
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return None
    return Path(url.database)
