"""Units of work: what commits, what rolls back, what is refused."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from portal import database as storage
from portal.database import Database, at_end_of_unit, session, writing
from portal.numbers import Counter, next_number
from portal.people import passwords
from portal.people.models import PortalFact


def _facts() -> set[str]:
    storage.release()
    return set(session().scalars(select(PortalFact.name)))


def test_leaving_a_unit_commits_and_a_raise_rolls_back(database: Database) -> None:
    with writing() as unit:
        unit.add(PortalFact(name="kept", value="1"))
    with pytest.raises(ZeroDivisionError), writing() as unit:
        unit.add(PortalFact(name="lost", value="1"))
        unit.flush()
        raise ZeroDivisionError
    assert _facts() == {"kept"}


def test_units_do_not_nest(database: Database) -> None:
    with pytest.raises(RuntimeError, match="do not nest"), writing(), writing():
        pass


def test_a_reading_session_cannot_write(database: Database) -> None:
    session().add(PortalFact(name="sneaked", value="1"))
    with pytest.raises(DBAPIError):
        session().flush()


def test_the_end_of_a_unit_runs_in_order_and_before_the_commit(database: Database) -> None:
    ran: list[str] = []
    with writing() as unit:
        at_end_of_unit(90, lambda: ran.append("last"))
        at_end_of_unit(10, lambda: ran.append("first"))
        at_end_of_unit(10, lambda: unit.add(PortalFact(name="late", value="1")))
    assert ran == ["first", "last"]
    assert _facts() == {"late"}


def test_hashing_inside_a_unit_is_refused(database: Database) -> None:
    with pytest.raises(storage.SlowWorkInUnit), writing():
        passwords.hash_password("a long enough sentence")


def test_sqlite_keeps_what_it_acknowledged(database: Database) -> None:
    if not database.is_sqlite:
        assert "synchronous_commit" not in storage.POSTGRESQL_OPTIONS
        return
    with database.writer.connect() as connection:
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
        assert connection.scalar(text("PRAGMA synchronous")) == 2
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1
        assert connection.scalar(text("PRAGMA busy_timeout")) == 5000


def test_a_broken_reference_is_refused_by_the_database(database: Database) -> None:
    statement = text(
        "INSERT INTO holidays (calendar_id, \"on\", name) VALUES (99, '2026-01-01', 'x')"
    )
    with pytest.raises(IntegrityError), writing() as unit:
        unit.execute(statement)


def test_numbers_have_no_gaps_even_after_a_rollback(database: Database) -> None:
    with writing():
        assert next_number("I") == 1001
    with pytest.raises(ZeroDivisionError), writing():
        next_number("I")
        raise ZeroDivisionError
    with writing():
        assert next_number("I", 5) == 1002
        assert next_number("I") == 1007
        assert next_number("N") == 1
    assert session().get(Counter, "I").last == 1007
