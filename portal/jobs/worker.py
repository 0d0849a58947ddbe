"""The worker: Huey's consumer in threads, and the clockwork beside it, in one process.

The clockwork gives due jobs their turn, hands the outbox over to the queue and renews the
leases of what is being done.  A database or a queue that is away for a while is waited for.
"""

import logging
import signal
import time
from typing import Any

from huey.consumer import Consumer, Scheduler
from sqlalchemy.exc import SQLAlchemyError

from portal.database import release
from portal.jobs.leases import LEASE, LeaseLost, beat
from portal.jobs.queue import hand_over, open_queue
from portal.jobs.services import give_up_worn_out, run_due_jobs

THREADS = 2
TICK_SECONDS = 0.25
TROUBLE_SECONDS = 5.0
BEATS_PER_LEASE = 4
JOBS_SECONDS = 5.0
"""How often the clockwork looks whether a job or a worn-out task is due."""
GRACE_SECONDS = 12
"""How long a task may take to come to its end when the worker is told to stop."""

_log = logging.getLogger(__name__)


class Clockwork(Scheduler):
    """What Huey calls a scheduler, with the outbox in place of Huey's own schedule."""

    process_name = "Clockwork"

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._jobs_at = self._beat_at = 0.0

    def loop(self, now: Any = None) -> None:
        """One tick; trouble is logged once a tick and waited for."""
        wait = TICK_SECONDS
        try:
            self._tick()
        except (SQLAlchemyError, LeaseLost) as error:
            _log.warning("the database does not answer, trying again: %s", error)
            wait = TROUBLE_SECONDS
        except Exception:
            _log.exception("the queue does not answer, trying again")
            wait = TROUBLE_SECONDS
        finally:
            release()
        self.stop_flag.wait(wait)

    def _tick(self) -> None:
        moment = time.monotonic()
        if moment >= self._beat_at:
            self._beat_at = moment + LEASE.total_seconds() / BEATS_PER_LEASE
            beat()
        if moment >= self._jobs_at:
            self._jobs_at = moment + JOBS_SECONDS
            run_due_jobs()
            give_up_worn_out()
        release()
        hand_over(self.huey)


class OutboxConsumer(Consumer):
    """Huey's consumer with our clockwork; both signals let the task at hand come to its end."""

    scheduler_class = Clockwork

    def __init__(self, huey: Any, **options: Any) -> None:
        super().__init__(huey, **options)
        self._signal_actions: dict[int, tuple[bool, bool]]
        self._signal_actions = dict.fromkeys((signal.SIGTERM, signal.SIGINT), (False, True))


def work_until_signalled(queue_url: str) -> None:
    """Work until SIGTERM or SIGINT; the tasks at hand are finished first."""
    logging.getLogger("huey").setLevel(logging.WARNING)
    queue = open_queue(queue_url)
    OutboxConsumer(
        queue,
        workers=THREADS,
        periodic=False,
        initial_delay=0.02,
        max_delay=0.25,
        graceful_signal="TERM",
        shutdown_timeout=GRACE_SECONDS,
    ).run()
    queue.storage.close()
