"""The least a page can cost here: the same rows by ``sqlite3``, the same bytes, nothing between.

The bare page runs, on one open connection with the portal's pragmas, exactly the statements
that the portal's page runs, with the same parameters; it fetches every row into tuples and
sends the portal's own bytes, kept from an earlier answer.  It parses no request, checks no
session, builds no object and renders nothing.  What the portal spends beyond it is therefore
everything a framework and templates add.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event

from portal.database import SQLITE_PRAGMAS, Database, sqlite_path
from tests.bench.measure import Application, Environ, call

Statement = tuple[str, Any]


@contextmanager
def noting(database: Database) -> Iterator[list[Statement]]:
    """Collect the statements that run inside the block, with their parameters."""
    seen: list[Statement] = []

    def note(_c: object, _cursor: object, statement: str, given: Any, *_rest: object) -> None:
        seen.append((statement, given))

    engines = (database.reader, database.writer)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the portal answered: its bytes, and the statements that read the rows for them."""

    body: bytes
    reads: list[Statement]


def observe(application: Application, database: Database, request: Environ) -> Answer:
    """Ask the portal once, and note what it read."""
    with noting(database) as statements:
        body = call(application, request, "200")
    reads = [entry for entry in statements if entry[0].lstrip().startswith(("SELECT", "WITH"))]
    return Answer(body, reads)


def connect(database: Database) -> sqlite3.Connection:
    """A connection of its own to the file, with the portal's pragmas."""
    path = sqlite_path(database.url)
    assert path is not None
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in SQLITE_PRAGMAS:
        connection.execute(pragma)
    return connection


def bare_page(application: Application, database: Database, request: Environ) -> Application:
    """A WSGI application that reads the same rows and sends the same bytes, kept from before."""
    answered = observe(application, database, request)
    body, reads = answered.body, answered.reads
    connection = connect(database)
    length = str(len(body))

    def answer(_environ: Environ, start_response: Any) -> list[bytes]:
        connection.execute("BEGIN")
        for statement, given in reads:
            connection.execute(statement, given).fetchall()
        connection.execute("COMMIT")
        start_response(
            "200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", length)]
        )
        return [body]

    return answer
