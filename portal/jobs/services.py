"""Handing work to the outbox, and doing it.

``enqueue`` writes a row in the caller's unit.  The worker leases a row, runs its handler in
units of the handler's own, and marks it finished; a crash in between means it runs again, so
every handler must be safe to repeat.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from portal.columns import JsonObject
from portal.database import active, session, writing
from portal.jobs.models import OutboxTask, ScheduledRun
from portal.now import now

Handler = Callable[[JsonObject], None]

LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 8
BACKOFF_SECONDS = (5, 30, 120, 600, 1800, 7200, 21600)

_handlers: dict[str, Handler] = {}
_schedule: dict[str, tuple[timedelta, Callable[[], None]]] = {}
_log = logging.getLogger(__name__)


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register the handler of a kind of task."""

    def register(function: Handler) -> Handler:
        _handlers[kind] = function
        return function

    return register


def every(interval: timedelta, name: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Register a job of the clockwork, run by one worker at a time, once per interval."""

    def register(function: Callable[[], None]) -> Callable[[], None]:
        _schedule[name] = (interval, function)
        return function

    return register


def enqueue(
    kind: str, payload: JsonObject, *, key: str | None = None, run_at: datetime | None = None
) -> None:
    """Ask for work after this unit commits; a ``key`` that was used before asks for nothing."""
    if kind not in _handlers:
        raise LookupError(f"no handler for the task {kind}")
    if key is not None:
        known = session().scalar(select(OutboxTask.id).where(OutboxTask.key == key))
        if known is not None:
            return
    moment = now()
    session().add(
        OutboxTask(kind=kind, payload=payload, key=key, created_at=moment, run_at=run_at or moment)
    )


@dataclass(frozen=True, slots=True)
class Taken:
    """A task that this worker holds."""

    id: int
    kind: str
    payload: JsonObject
    attempts: int


def take_task() -> Taken | None:
    """Lease the next task that is due, or None."""
    with writing() as unit:
        moment = now()
        ready = (
            select(OutboxTask)
            .where(
                OutboxTask.finished_at.is_(None),
                OutboxTask.run_at <= moment,
                or_(OutboxTask.leased_until.is_(None), OutboxTask.leased_until < moment),
            )
            .order_by(OutboxTask.run_at, OutboxTask.id)
            .limit(1)
        )
        if not active().is_sqlite:
            ready = ready.with_for_update(skip_locked=True)
        task = unit.scalar(ready)
        if task is None:
            return None
        task.leased_until = moment + LEASE
        task.attempts += 1
        return Taken(task.id, task.kind, task.payload, task.attempts)


def has_ready_task() -> bool:
    """Whether a task is due, asked without taking the writer."""
    moment = now()
    return (
        session().scalar(
            select(OutboxTask.id)
            .where(
                OutboxTask.finished_at.is_(None),
                OutboxTask.run_at <= moment,
                or_(OutboxTask.leased_until.is_(None), OutboxTask.leased_until < moment),
            )
            .limit(1)
        )
        is not None
    )


def run_task(task: Taken) -> None:
    """Run a taken task and note how it went; never raises for a failing handler."""
    handler = _handlers.get(task.kind)
    try:
        if handler is None:
            raise LookupError(f"no handler for the task {task.kind}")
        handler(task.payload)
    except Exception as error:
        _log.exception("task failed", extra={"task": task.id, "kind": task.kind})
        _note_failure(task, error)
    else:
        with writing() as unit:
            unit.execute(
                update(OutboxTask)
                .where(OutboxTask.id == task.id)
                .values(finished_at=now(), leased_until=None, last_error=None)
            )


def _note_failure(task: Taken, error: Exception) -> None:
    is_last = task.attempts >= MAX_ATTEMPTS
    wait = BACKOFF_SECONDS[min(task.attempts, len(BACKOFF_SECONDS)) - 1]
    with writing() as unit:
        unit.execute(
            update(OutboxTask)
            .where(OutboxTask.id == task.id)
            .values(
                leased_until=None,
                run_at=now() + timedelta(seconds=wait),
                last_error=f"{type(error).__name__}: {error}"[:2000],
                has_failed=is_last,
                finished_at=now() if is_last else None,
            )
        )


def run_ready_tasks(limit: int = 1000) -> int:
    """Run the tasks that are due, at most ``limit``; how many ran."""
    for count in range(limit):
        task = take_task()
        if task is None:
            return count
        run_task(task)
    return limit


def run_due_jobs() -> list[str]:
    """Run every job of the clockwork whose interval has passed; their names."""
    ran = []
    for name, (interval, job) in _schedule.items():
        if _take_turn(name, interval):
            job()
            ran.append(name)
    return ran


def _take_turn(name: str, interval: timedelta) -> bool:
    moment = now()
    known = session().scalar(select(ScheduledRun.last_run_at).where(ScheduledRun.name == name))
    if known is not None and known + interval > moment:
        return False
    with writing() as unit:
        row = unit.get(ScheduledRun, name, with_for_update=not active().is_sqlite)
        if row is not None and row.last_run_at + interval > moment:
            return False
        if row is None:
            unit.add(ScheduledRun(name=name, last_run_at=moment))
        else:
            row.last_run_at = moment
    return True
