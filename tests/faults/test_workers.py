"""Workers that are killed, frozen or many: nothing is lost, and nothing is done twice as new."""

import os
import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from portal.database import Database, reading, writing
from portal.jobs.models import OutboxTask, ScheduledRun
from portal.jobs.registry import every, schedule
from portal.jobs.services import enqueue, run_ready_tasks
from portal.people.models import PortalFact
from tests.faults import worker_kills, workers

START = datetime(2026, 3, 28, 23, tzinfo=UTC)
PATIENCE_SECONDS = 30.0


def _wait_for(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.02)


def _address(database: Database) -> str:
    return database.url.render_as_string(hide_password=False)


def _own_queue(database: Database, folder: Path) -> str:
    """A queue file for SQLite; for PostgreSQL the database itself."""
    return f"sqlite:///{folder}/jobs.sqlite3" if database.is_sqlite else _address(database)


@pytest.mark.threat(70, 74)
def test_events_survive_a_worker_that_is_killed_again_and_again(
    database: Database, tmp_path: Path
) -> None:
    queue_url = _own_queue(database, tmp_path)
    figures = worker_kills.campaign(database, queue_url, tmp_path, events=150, kills=4, seed=7)
    assert figures.is_sound, figures
    assert figures.kills == 4
    assert figures.rolled_back > 0


@pytest.mark.threat(74)
def test_a_frozen_worker_is_relieved_and_its_late_write_is_refused(
    database: Database, tmp_path: Path
) -> None:
    began, go, log = tmp_path / "began", tmp_path / "go", tmp_path / "log"
    here, there = _address(database), _own_queue(database, tmp_path)
    with writing():
        enqueue(workers.FREEZE, {"to": str(began), "go": str(go)})
    with workers.starting(here, there, log) as frozen:
        _wait_for(began.exists)
        assert frozen.pid is not None
        os.kill(frozen.pid, signal.SIGSTOP)
        with workers.starting(here, there, tmp_path / "other-log") as other:
            _wait_for(lambda: len(began.read_text().split()) == 2)
            go.touch()
            _wait_for(lambda: _facts() == {f"by-{other.pid}"})
            os.kill(frozen.pid, signal.SIGCONT)
            _wait_for(lambda: "a late write was refused" in log.read_text())
    assert _facts() == {f"by-{other.pid}"}
    with reading() as session:
        task = session.scalars(select(OutboxTask).where(OutboxTask.kind == workers.FREEZE)).one()
        assert task.finished_at is not None
        assert not task.has_failed


def _freeze(pid: int, *addresses: str) -> None:
    """Stop a process between its writes: in one it would hold SQLite's writer until it dies."""
    files = [url.removeprefix("sqlite:///") for url in addresses if url.startswith("sqlite")]
    while True:
        os.kill(pid, signal.SIGSTOP)
        if all(_is_free(file) for file in files):
            return
        os.kill(pid, signal.SIGCONT)
        time.sleep(0.01)


def _is_free(file: str) -> bool:
    with closing(sqlite3.connect(file, timeout=0.1, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        connection.execute("ROLLBACK")
        return True


def _facts() -> set[str]:
    with reading() as session:
        return set(session.scalars(select(PortalFact.name)))


def test_a_worker_that_is_told_to_stop_finishes_what_it_does(
    database: Database, tmp_path: Path
) -> None:
    began, go = tmp_path / "began", tmp_path / "go"
    queue_url = _own_queue(database, tmp_path)
    with writing():
        enqueue(workers.FREEZE, {"to": str(began), "go": str(go)})
    with workers.starting(_address(database), queue_url, tmp_path / "log") as worker:
        _wait_for(began.exists)
        worker.terminate()
        go.touch()
        worker.join(PATIENCE_SECONDS)
        assert worker.exitcode == 0
    assert _facts() == {f"by-{worker.pid}"}


@pytest.mark.threat(75)
def test_three_schedulers_run_a_job_once_in_every_period(database: Database) -> None:
    together = workers.PROCESSES.Barrier(3)
    given = (_address(database), START, 100, together)
    schedulers = [workers.PROCESSES.Process(target=workers.tick, args=given) for _ in range(3)]
    for scheduler in schedulers:
        scheduler.start()
    for scheduler in schedulers:
        scheduler.join(PATIENCE_SECONDS)
        assert scheduler.exitcode == 0
    runs: list[int] = []
    every(timedelta(minutes=1), workers.TICK)(lambda: runs.append(1))
    try:
        run_ready_tasks()
    finally:
        schedule.pop(workers.TICK)
    assert len(runs) == 100
    with reading() as session:
        mine = ScheduledRun.name == workers.TICK
        assert session.scalar(select(func.count()).where(mine)) == 100
