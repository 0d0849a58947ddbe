"""Workers in processes of their own, with handlers that leave traces outside the database.

A trace is one line appended to a file in one write: it survives whatever happens to its process.
"""

import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import random
from typing import Any

from portal import now as clock
from portal.columns import JsonObject
from portal.database import Database, use, writing
from portal.jobs import leases, queue, worker
from portal.jobs.leases import current_delivery_id
from portal.jobs.registry import handles
from portal.jobs.services import every, run_due_jobs
from portal.people.models import PortalFact

DELIVER = "test.deliver"
FREEZE = "test.freeze"
TICK = "test.tick"
SHORT = timedelta(seconds=1)

PROCESSES = get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.faults.workers"])


def leave_trace(path: str, line: str) -> None:
    """Append one line in one write."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.write(descriptor, f"{line}\n".encode())
    os.close(descriptor)


@handles(DELIVER)
def deliver(payload: JsonObject) -> None:
    """Deliver to a file, and be slow now and then, on either side of the delivery."""
    if random() < 0.05:
        time.sleep(0.01)
    leave_trace(payload["to"], f"{current_delivery_id()} {payload['n']}")
    if random() < 0.05:
        time.sleep(0.01)


@handles(FREEZE)
def begin_and_write_later(payload: JsonObject) -> None:
    """Say that it began, wait for the word to go on, then write to the database."""
    leave_trace(payload["to"], str(os.getpid()))
    while not Path(payload["go"]).exists():
        time.sleep(0.01)
    with writing() as unit:
        unit.add(PortalFact(name=f"by-{os.getpid()}", value="written"))


def work(database_url: str, queue_url: str, log: str) -> None:
    """The body of a worker's process: the real worker, with short leases."""
    logging.basicConfig(filename=log, level=logging.WARNING, force=True)
    leases.LEASE = queue.HAND_AGAIN = SHORT
    worker.LEASE, worker.JOBS_SECONDS, worker.TROUBLE_SECONDS = SHORT, 0.5, 0.2
    use(Database(database_url))
    worker.work_until_signalled(queue_url)


def start(database_url: str, queue_url: str, log: Path) -> BaseProcess:
    """Start a worker."""
    process = PROCESSES.Process(target=work, args=(database_url, queue_url, str(log)), daemon=True)
    process.start()
    return process


@contextmanager
def starting(database_url: str, queue_url: str, log: Path) -> Iterator[BaseProcess]:
    """A worker for the block."""
    process = start(database_url, queue_url, log)
    try:
        yield process
    finally:
        process.kill()
        process.join()


def tick(database_url: str, begin: datetime, ticks: int, together: Any) -> None:
    """The body of a scheduler's process: every tick at the same moment as the others."""
    every(timedelta(minutes=1), TICK)(lambda: None)
    use(Database(database_url))
    for number in range(ticks):
        together.wait()
        with clock.at(begin + timedelta(minutes=number)):
            run_due_jobs()
