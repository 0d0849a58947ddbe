"""The schema goes up, down and up again, keeps its triggers and matches the models."""

import pytest
from sqlalchemy import text

from portal.database import Database
from portal.jobs.queue import open_queue
from portal.migrations import runner

GUARDED = ("audit_rows", "idea_moves", "idea_marks", "baselines", "postings")


def _triggers(database: Database) -> set[str]:
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if database.is_sqlite
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with database.writer.connect() as connection:
        return set(connection.scalars(text(query)))


def test_the_schema_goes_up_down_and_up_and_keeps_every_trigger(database: Database) -> None:
    before = _triggers(database)
    assert all(any(name.startswith(table) for name in before) for table in GUARDED)
    runner.downgrade(database, "base")
    assert _triggers(database) == set()
    assert runner.current_version(database) is None
    runner.upgrade(database)
    assert _triggers(database) == before
    assert runner.current_version(database) == runner.latest_version()


def test_the_schema_matches_the_models(database: Database) -> None:
    assert runner.differences(database) == []


def test_the_queue_that_shares_the_database_is_no_difference(database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("on SQLite the queue is a file of its own")
    open_queue(database.url.render_as_string(hide_password=False)).storage.close()
    assert runner.differences(database) == []


def test_a_table_that_no_model_knows_is_a_difference(database: Database) -> None:
    with database.writer.begin() as connection:
        connection.execute(text("CREATE TABLE left_over (id INTEGER)"))
    try:
        assert runner.differences(database)
    finally:
        with database.writer.begin() as connection:
            connection.execute(text("DROP TABLE left_over"))
