"""The outbox: what a unit asked for is done at least once, what rolled back never."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from portal import now as clock
from portal.columns import JsonObject
from portal.database import Database, session, writing
from portal.jobs import registry, services
from portal.jobs.leases import LEASE, MAX_ATTEMPTS, take_task
from portal.jobs.models import OutboxTask

START = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def done(database: Database) -> Iterator[list[JsonObject]]:
    """A handler that notes what it did, and one that always fails."""
    seen: list[JsonObject] = []
    services.handles("test.note")(seen.append)

    def fail(_payload: JsonObject) -> None:
        raise ValueError("the receiver is away")

    services.handles("test.fail")(fail)
    yield seen
    registry.handlers.pop("test.note")
    registry.handlers.pop("test.fail")


def test_a_task_runs_once(done: list[JsonObject]) -> None:
    with writing():
        services.enqueue("test.note", {"n": 1})
    assert services.run_ready_tasks() == 1
    assert services.run_ready_tasks() == 0
    assert done == [{"n": 1}]


def test_a_task_of_a_unit_that_rolled_back_never_runs(done: list[JsonObject]) -> None:
    with pytest.raises(ZeroDivisionError), writing():
        services.enqueue("test.note", {"n": 1})
        raise ZeroDivisionError
    assert services.run_ready_tasks() == 0


def test_the_same_key_is_asked_for_once(done: list[JsonObject]) -> None:
    for _ in range(3):
        with writing():
            services.enqueue("test.note", {"n": 1}, key="once")
    services.run_ready_tasks()
    assert len(done) == 1


@pytest.mark.threat(70)
def test_a_task_whose_worker_died_is_handed_out_again(done: list[JsonObject]) -> None:
    with clock.at(START):
        with writing():
            services.enqueue("test.note", {"n": 1})
        assert take_task() is not None  # and then the worker dies
        assert take_task() is None
    with clock.at(START + LEASE + timedelta(seconds=1)):
        assert services.run_ready_tasks() == 1
    assert done == [{"n": 1}]


def test_a_failing_task_waits_longer_each_time_and_is_given_up(done: list[JsonObject]) -> None:
    moment = START
    with clock.at(moment), writing():
        services.enqueue("test.fail", {})
    for _attempt in range(MAX_ATTEMPTS):
        with clock.at(moment):
            assert services.run_ready_tasks() == 1
            assert services.run_ready_tasks() == 0
        moment += timedelta(hours=7)
    with clock.at(moment):
        assert services.run_ready_tasks() == 0
    task = session().scalars(select(OutboxTask)).one()
    assert task.has_failed
    assert task.last_error == "ValueError: the receiver is away"


def test_a_job_of_the_clockwork_runs_once_per_interval(database: Database) -> None:
    runs: list[int] = []
    services.every(timedelta(hours=1), "test.hourly")(lambda: runs.append(1))
    try:
        for minutes in (0, 30, 59, 61, 100, 122):
            with clock.at(START + timedelta(minutes=minutes)):
                services.run_due_jobs()
                services.run_ready_tasks()
    finally:
        registry.schedule.pop("test.hourly")
    assert len(runs) == 3
