"""The chain of the audit log proves that nothing was changed, removed or reordered."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from portal import database as storage
from portal.actor import PROGRAM
from portal.audit.models import AuditRow
from portal.audit.services import record, verify_chain
from portal.database import Database, session, writing


@pytest.fixture
def chain(database: Database) -> Database:
    """A log of six rows in three units."""
    for number in range(3):
        with writing():
            record(PROGRAM, "thing.made", "thing", number, name=f"N° {number}", size=1.5)
            record(PROGRAM, "thing.sold", "thing", number)
    return database


def _unguard(database: Database) -> None:
    with writing() as unit:
        if database.is_sqlite:
            unit.execute(text("DROP TRIGGER audit_rows_no_update"))
            unit.execute(text("DROP TRIGGER audit_rows_no_delete"))
        else:
            unit.execute(text("ALTER TABLE audit_rows DISABLE TRIGGER USER"))


def _guard(database: Database) -> None:
    if not database.is_sqlite:
        with writing() as unit:
            unit.execute(text("ALTER TABLE audit_rows ENABLE TRIGGER USER"))


def test_an_honest_log_holds(chain: Database) -> None:
    assert verify_chain() is None
    assert session().scalars(select(AuditRow.seq).order_by(AuditRow.seq)).all() == list(range(1, 7))


def test_nothing_is_audited_of_a_unit_that_rolled_back(chain: Database) -> None:
    with pytest.raises(ZeroDivisionError), writing():
        record(PROGRAM, "thing.lost", "thing", 9)
        raise ZeroDivisionError
    storage.release()
    assert verify_chain() is None


@pytest.mark.threat(69)
@pytest.mark.parametrize("verb", ["UPDATE audit_rows SET action = 'x'", "DELETE FROM audit_rows"])
def test_the_database_refuses_to_change_a_row(chain: Database, verb: str) -> None:
    with pytest.raises(DBAPIError), writing() as unit:
        unit.execute(text(verb))


@pytest.mark.threat(69)
@pytest.mark.parametrize(
    ("tampering", "fault"),
    [
        ("UPDATE audit_rows SET actor_id = 7 WHERE seq = 3", "Row 3 was changed"),
        ("DELETE FROM audit_rows WHERE seq = 2", "Row 2 is missing"),
        ("DELETE FROM audit_rows WHERE seq = 6", "ends at row 5"),
    ],
)
def test_tampering_is_found_and_named(chain: Database, tampering: str, fault: str) -> None:
    _unguard(chain)
    try:
        with writing() as unit:
            unit.execute(text(tampering))
        storage.release()
        assert fault in (verify_chain() or "")
    finally:
        _guard(chain)
