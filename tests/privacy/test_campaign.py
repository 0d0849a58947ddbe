"""No card number reaches the disk, in whatever disguise, by whatever statement."""

import logging
import sys
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError

from portal import written
from portal.actor import PROGRAM
from portal.audit.services import record
from portal.database import Base, Database, session, writing
from portal.demand.models import ContactReason
from portal.logs import JsonLines
from portal.migrations.runner import load_models
from tests.privacy import campaign
from tests.privacy.disguises import DISGUISES, find_cards_in, make_card


@pytest.mark.threat(61)
def test_no_card_number_reaches_the_files_by_any_column(tmp_path: Path) -> None:
    figures = campaign.run(tmp_path, seed=61, count=4)
    assert figures["found"] == 0
    assert figures["written"] == 4 * len(DISGUISES) * figures["columns"]


@pytest.mark.threat(61)
def test_the_scan_finds_a_number_in_every_disguise() -> None:
    random = Random(61)
    for name, disguise in DISGUISES.items():
        card = make_card(random)
        hidden = f"1234 {disguise(card, random)} x".encode()
        if name != "entities":
            assert find_cards_in(hidden, [card]) == {card}, name
        assert find_cards_in(hidden, [make_card(random)]) == set()


@pytest.mark.threat(61)
def test_few_random_numbers_are_masked_and_none_of_the_house() -> None:
    figures = campaign.measure_false_alarms(61, 10_000)
    assert figures["random_ids_masked"] <= 0.03
    assert figures["own_ids_masked"] == 0


def test_every_long_text_of_the_schema_is_gated() -> None:
    """A TEXT column is for what somebody wrote; one that is not is named here with its reason."""
    load_models()
    ungated = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if type(column.type).__name__ == "Text"
    }
    program_writes = {"outbox_tasks.last_error", "audit_asides.text"}
    assert ungated <= program_writes


@pytest.mark.threat(61)
def test_a_service_that_forgets_to_mask_fails_its_tests(database: Database) -> None:
    with pytest.raises(Exception, match="still holds a card"), writing():
        session().execute(insert(ContactReason), {"name": "4111111111111111"})


@pytest.mark.threat(61)
def test_the_audit_log_takes_no_card_number_either(database: Database) -> None:
    with pytest.raises(written.NotMasked), writing():
        record(PROGRAM, "thing.made", "thing", 1, label="card 4111 1111 1111 1111")


@pytest.mark.threat(67)
def test_the_log_holds_no_card_number_of_a_statement_that_failed(database: Database) -> None:
    """PostgreSQL quotes the row that it refuses; SQLAlchemy would quote what it was given."""
    try:
        with writing() as unit:
            unit.execute(text("INSERT INTO persons (email) VALUES ('5500 0055 5555 5559')"))
    except DBAPIError:
        failed = logging.LogRecord("x", logging.ERROR, "", 1, "fault", None, sys.exc_info())
    line = JsonLines().format(failed)
    assert "IntegrityError" in line
    assert "5555" not in line
