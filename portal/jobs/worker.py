"""The worker's loop: due jobs of the clockwork, then tasks of the outbox, then a short wait."""

import logging
import signal
import threading

from sqlalchemy.exc import OperationalError

from portal.database import release
from portal.jobs.services import has_ready_task, run_due_jobs, run_ready_tasks

_log = logging.getLogger(__name__)

IDLE_SECONDS = 1.0
TROUBLE_SECONDS = 5.0


def work(stop: threading.Event) -> None:
    """Work until ``stop`` is set; a database that is away for a while is waited for."""
    while not stop.is_set():
        try:
            run_due_jobs()
            if has_ready_task():
                run_ready_tasks(limit=100)
                continue
        except OperationalError:
            _log.exception("the database does not answer; trying again")
            stop.wait(TROUBLE_SECONDS)
        finally:
            release()
        stop.wait(IDLE_SECONDS)


def work_until_signalled() -> None:
    """Work until SIGTERM or SIGINT; the task at hand is finished first."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    work(stop)
