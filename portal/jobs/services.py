"""Handing work to the outbox, and doing it.

``enqueue`` writes a row in the caller's unit.  A worker leases the row, runs its handler in
units of the handler's own, and marks it finished; a crash in between means it runs again, so
every handler must be safe to repeat.
"""

import logging
from datetime import UTC, datetime, timedelta
from random import uniform
from uuid import uuid4

from sqlalchemy import and_, bindparam, delete, or_, select, update

from portal.columns import JsonObject
from portal.database import insert_once, session, writing
from portal.errors import Conflict
from portal.i18n import gettext as _
from portal.jobs import registry
from portal.jobs.leases import (
    MAX_ATTEMPTS,
    LeaseLost,
    Taken,
    change_held,
    holding,
    take_task,
)
from portal.jobs.models import OutboxTask, ScheduledRun
from portal.jobs.registry import RUN_JOB, every, handles
from portal.now import now

__all__ = ["enqueue", "every", "handles", "run_due_jobs", "run_ready_tasks"]

BACKOFF_SECONDS = (5, 30, 120, 600, 1800, 7200, 21600)
JITTER = 0.1
"""Waits differ by a tenth either way, so that what failed together does not return together."""
KEPT_DAYS = 30

_STARTING_OVER = (
    update(OutboxTask)
    .values(
        attempts=0,
        has_failed=False,
        given_up_because=None,
        finished_at=None,
        lease=None,
        leased_until=None,
        handed_at=None,
        run_at=bindparam("run_at"),
    )
    .execution_options(synchronize_session=False)
)
_log = logging.getLogger(__name__)


def enqueue(
    kind: str, payload: JsonObject, *, key: str | None = None, run_at: datetime | None = None
) -> None:
    """Ask for work after this unit commits; a ``key`` that was used before asks for nothing."""
    if kind not in registry.handlers:
        raise LookupError(f"no handler for the task {kind}")
    moment = now()
    insert_once(
        OutboxTask,
        {
            "kind": kind,
            "payload": payload,
            "key": key,
            "delivery_id": str(uuid4()),
            "created_at": moment,
            "run_at": run_at or moment,
            "attempts": 0,
            "has_failed": False,
        },
    )


def run_task(task: Taken) -> None:
    """Run a taken task and note how it went; never raises for a failing handler."""
    try:
        handler = registry.handlers.get(task.kind)
        if handler is None:
            raise LookupError(f"no handler for the task {task.kind}")
        with holding(task):
            handler(task.payload)
        _note(task, finished_at=now(), last_error=None)
    except LeaseLost as error:
        _log.warning("a late write was refused: %s", error)
    except Exception as error:
        _log.exception("task failed", extra={"task": task.id, "kind": task.kind})
        _note_failure(task, error)


def _note(task: Taken, **values: object) -> None:
    with writing():
        change_held(task, lease=None, leased_until=None, handed_at=None, **values)


def _note_failure(task: Taken, error: Exception) -> None:
    is_last = task.attempts >= MAX_ATTEMPTS
    wait = BACKOFF_SECONDS[min(task.attempts, len(BACKOFF_SECONDS)) - 1]
    wait_seconds = wait * uniform(1 - JITTER, 1 + JITTER)
    try:
        _note(
            task,
            run_at=now() + timedelta(seconds=wait_seconds),
            last_error=f"{type(error).__name__}: {error}"[:2000],
            has_failed=is_last,
            finished_at=now() if is_last else None,
        )
    except LeaseLost as lost:
        _log.warning("a late write was refused: %s", lost)


def run_one(task_id: int) -> bool:
    """Run one task if it is due and nobody holds it; whether it ran."""
    task = take_task(task_id)
    if task is None:
        return False
    run_task(task)
    return True


def run_ready_tasks(limit: int = 1000) -> int:
    """Run the tasks that are due, at most ``limit``; how many ran."""
    for count in range(limit):
        task = take_task()
        if task is None:
            return count
        run_task(task)
    return limit


def run_due_jobs() -> list[str]:
    """Ask for every job of the clockwork whose period has not had its run; their names."""
    moment = now()
    periods = {name: _period(job.interval, moment) for name, job in registry.schedule.items()}
    known = select(ScheduledRun.name).where(
        or_(*(and_(ScheduledRun.name == n, ScheduledRun.period == p) for n, p in periods.items()))
    )
    missing = sorted(set(periods) - set(session().scalars(known))) if periods else []
    return [name for name in missing if _take_turn(name, periods[name])]


def _period(interval: timedelta, moment: datetime) -> datetime:
    """When the period of this moment began; all periods are counted from 1970."""
    start = datetime.fromtimestamp(0, UTC)
    return start + (moment - start) // interval * interval


def _take_turn(name: str, period: datetime) -> bool:
    """The task is asked for in the unit that takes the period: neither comes alone."""
    with writing():
        is_mine = insert_once(
            ScheduledRun, {"name": name, "period": period}, unique=("name", "period")
        )
        if is_mine is None:
            return False
        enqueue(RUN_JOB, {"name": name}, key=f"{RUN_JOB}:{name}:{period:%Y%m%dT%H%M%S}")
    return True


def give_up_worn_out() -> int:
    """Set aside tasks whose workers died again and again without a word; how many."""
    moment = now()
    worn = (
        OutboxTask.finished_at.is_(None),
        OutboxTask.attempts >= MAX_ATTEMPTS,
        or_(OutboxTask.leased_until.is_(None), OutboxTask.leased_until < moment),
    )
    if session().scalar(select(OutboxTask.id).where(*worn).limit(1)) is None:
        return 0
    reason = f"The worker ended {MAX_ATTEMPTS} times while it did this."
    with writing() as unit:
        given_up = unit.scalars(
            update(OutboxTask)
            .where(*worn)
            .values(finished_at=moment, has_failed=True, lease=None, last_error=reason)
            .returning(OutboxTask.id)
        )
        return len(given_up.all())


def try_again(task: OutboxTask) -> None:
    """Let a task that failed start over at once."""
    _require_failed(task)
    session().execute(_STARTING_OVER.where(OutboxTask.id == task.id), {"run_at": now()})


def try_all_again() -> int:
    """Let everything that failed, and nobody gave up, start over at once; how many."""
    is_failed = (OutboxTask.has_failed, OutboxTask.given_up_because.is_(None))
    statement = _STARTING_OVER.where(*is_failed).returning(OutboxTask.id)
    return len(session().scalars(statement, {"run_at": now()}).all())


def give_up(task: OutboxTask, *, reason: str) -> None:
    """Leave a task that failed undone, for a reason."""
    _require_failed(task)
    if task.given_up_because is not None:
        raise Conflict(_("Somebody gave this up a moment ago."))
    task.given_up_because = reason


def _require_failed(task: OutboxTask) -> None:
    if not task.has_failed:
        raise Conflict(_("This task did not fail, or somebody started it again already."))


def forget_done() -> None:
    """Remove what is done and old; a task with a key of its own stays, to keep it unique."""
    limit = now() - timedelta(days=KEPT_DAYS)
    is_forgettable = or_(OutboxTask.key.is_(None), OutboxTask.kind == RUN_JOB)
    done = (OutboxTask.finished_at < limit, OutboxTask.has_failed.is_(False), is_forgettable)
    with writing() as unit:
        unit.execute(delete(OutboxTask).where(*done))
        unit.execute(delete(ScheduledRun).where(ScheduledRun.period < limit))
