"""What is personal in the log stands beside it, can be erased, and is proven as long as it is."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from portal import database as storage
from portal import now as clock
from portal.actor import PROGRAM, Actor
from portal.audit import heads
from portal.audit.models import AuditAside, AuditRow
from portal.audit.services import come_from, erase_asides, record, verify_chain
from portal.database import Database, reading, session, writing
from portal.people.models import Person
from tests.audit import tampering
from tests.factories.people import make_person
from tests.support.client import Client

ANN = Actor(id=7, name="Ann")


def _record(actor: Actor = ANN, **more: Any) -> None:
    with writing():
        record(actor, "thing.made", "thing", 1, **more)


def _rows() -> list[AuditRow]:
    storage.release()
    return list(session().scalars(select(AuditRow).order_by(AuditRow.seq)))


def test_where_something_was_done_stands_beside_its_row(database: Database) -> None:
    come_from("192.0.2.1", "Firefox")
    try:
        _record(personal={"name": "Ann Lee"})
    finally:
        come_from(None, None)
    assert json.loads(session().scalars(select(AuditAside.text)).one()) == {
        "browser": "Firefox",
        "name": "Ann Lee",
        "network": "192.0.2.1",
    }
    assert "Ann" not in json.dumps(_rows()[0].details)
    assert verify_chain() is None


@pytest.mark.threat(69)
def test_a_request_says_where_it_came_from_and_the_next_one_does_not_inherit_it(
    database: Database, client: Client
) -> None:
    with writing():
        person = make_person()
    client.sign_in(person).post("/sign-out")
    storage.release()
    assert session().scalars(select(AuditAside.person_id)).all() == [person.id]
    _record()
    storage.release()
    assert len(session().scalars(select(AuditAside.seq)).all()) == 1


@pytest.mark.threat(58)
def test_the_row_of_an_unknown_author_tells_nobody_no_place_and_only_the_day(
    database: Database,
) -> None:
    come_from("192.0.2.1", "Firefox")
    try:
        with clock.at(datetime(2026, 11, 24, 13, 59, 7, 5, tzinfo=UTC)):
            _record(is_anonymous=True)
    finally:
        come_from(None, None)
    (row,) = _rows()
    assert (row.actor_id, row.aside_hash) == (None, None)
    assert row.at == clock.midnight(date(2026, 11, 24))
    assert verify_chain() is None


@pytest.mark.threat(65)
@pytest.mark.threat(69)
def test_erasing_a_person_leaves_the_chain_whole(database: Database) -> None:
    for actor in (ANN, Actor(id=8, name="Ben"), ANN):
        _record(actor, personal={"name": actor.name})
    with writing():
        assert erase_asides(PROGRAM, 7) == 2
    assert verify_chain() is None
    texts = session().scalars(select(AuditAside.text).order_by(AuditAside.seq)).all()
    assert texts == [None, '{"name":"Ben"}', None]
    with writing():
        assert erase_asides(PROGRAM, 7) == 0


@pytest.mark.threat(69)
@pytest.mark.parametrize(
    "verb",
    [
        "UPDATE audit_asides SET text = 'x'",
        "UPDATE audit_asides SET person_id = 9",
        "DELETE FROM audit_asides",
    ],
)
def test_the_database_refuses_all_but_erasing(database: Database, verb: str) -> None:
    _record(personal={"name": "Ann"})
    with pytest.raises(DBAPIError), writing() as unit:
        unit.execute(text(verb))


@pytest.mark.threat(69)
def test_every_tampering_is_found(database: Database) -> None:
    kept = tampering.make_log(24)
    assert verify_chain(kept) is None
    storage.release()
    figures = tampering.tamper(69, 60, kept, is_sqlite=database.is_sqlite)
    assert figures["missed"] == []
    assert verify_chain(kept) is None


@pytest.mark.threat(69)
def test_a_signed_head_that_was_kept_elsewhere_shows_what_was_cut_off(
    database: Database, tmp_path: Path
) -> None:
    _record()
    with reading():
        file = heads.export_head(tmp_path)
    kept = heads.read_heads([file], heads.find_public_key(tmp_path))
    assert list(kept) == [1]
    assert (tmp_path / "audit" / "signing.key").stat().st_mode & 0o777 == 0o600
    with reading():
        assert verify_chain(kept) is None
        assert verify_chain({2: kept[1]}) == "The log ends at row 1, a signed head names row 2."
        wrong = "Row 1 is not the one that its signed head names."
        assert verify_chain({1: "0" * 64}) == wrong


@pytest.mark.threat(69)
def test_a_head_that_somebody_changed_or_signed_with_another_key_is_refused(
    database: Database, tmp_path: Path
) -> None:
    _record()
    with reading():
        file, other = heads.export_head(tmp_path / "a"), heads.export_head(tmp_path / "b")
    with pytest.raises(heads.BadHead, match="another key"):
        heads.read_heads([file, other])
    file.write_text(file.read_text().replace('"seq": 1', '"seq": 2'))
    with pytest.raises(heads.BadHead, match="changed after it was signed"):
        heads.read_heads([file])
    file.write_text("{}")
    with pytest.raises(heads.BadHead, match="not a signed head"):
        heads.read_heads([file])


def test_the_command_signs_and_proves(database: Database, app: Flask, tmp_path: Path) -> None:
    with writing():
        make_person()
    run = app.test_cli_runner().invoke
    heads.keep_under(tmp_path)
    made = run(args=["audit", "head"])
    copy = tmp_path / "elsewhere.json"
    copy.write_text(made.output)
    proven = run(args=["audit", "verify", "--head", str(copy)])
    assert (proven.exit_code, "1 signed heads" in proven.output) == (0, True)
    with reading():
        assert session().scalar(select(Person.id)) is not None
