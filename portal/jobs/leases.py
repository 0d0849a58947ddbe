"""Holding a task: taking it, keeping it, and writing only while it is held.

A lease is a random name in the task's row.  Every writing unit of a handler first renews the
lease in the same transaction, so a worker that froze for longer than its lease can neither
finish a task that another has taken nor change anything else under its name.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import ColumnElement, and_, bindparam, or_, select, update

from portal.columns import JsonObject
from portal.database import active, guarding, session, writing
from portal.jobs.models import OutboxTask
from portal.now import now

LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 8


class LeaseLost(RuntimeError):
    """Another worker holds the task by now; whatever was about to be written is refused."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A task that this worker holds."""

    id: int
    kind: str
    payload: JsonObject
    attempts: int
    lease: str
    delivery_id: str


held: dict[int, Taken] = {}
"""What the threads of this process hold, for the heartbeat."""

_current: ContextVar[Taken | None] = ContextVar("task_at_hand", default=None)


def is_ready() -> ColumnElement[bool]:
    """Due, not done, held by nobody, and not tried too often; ``moment`` is bound."""
    moment = bindparam("moment", type_=OutboxTask.run_at.type)
    return and_(
        OutboxTask.finished_at.is_(None),
        OutboxTask.run_at <= moment,
        OutboxTask.attempts < MAX_ATTEMPTS,
        or_(OutboxTask.leased_until.is_(None), OutboxTask.leased_until < moment),
    )


_NEXT = select(OutboxTask).where(is_ready()).order_by(OutboxTask.run_at, OutboxTask.id).limit(1)
_ONE = select(OutboxTask).where(is_ready(), OutboxTask.id == bindparam("id"))
_HAS_READY = select(OutboxTask.id).where(is_ready()).limit(1)


def take_task(task_id: int | None = None) -> Taken | None:
    """Lease one task, or the next that is due; None when there is none to be had."""
    statement = _NEXT if task_id is None else _ONE
    if not active().is_sqlite:
        statement = statement.with_for_update(skip_locked=True)
    with writing() as unit:
        moment = now()
        task = unit.scalar(statement, {"moment": moment, "id": task_id})
        if task is None:
            return None
        task.lease = uuid4().hex
        task.leased_until = moment + LEASE
        task.attempts += 1
        return Taken(task.id, task.kind, task.payload, task.attempts, task.lease, task.delivery_id)


def has_ready_task() -> bool:
    """Whether a task is due, asked without taking the writer."""
    return session().scalar(_HAS_READY, {"moment": now()}) is not None


@contextmanager
def holding(task: Taken) -> Iterator[None]:
    """Let every writing unit of the block write under the task's lease, or not at all."""
    token = _current.set(task)
    held[task.id] = task
    try:
        with guarding(lambda: renew(task)):
            yield
    finally:
        held.pop(task.id, None)
        _current.reset(token)


def current_delivery_id() -> str | None:
    """The id under which the task at hand delivers; the same in every attempt."""
    task = _current.get()
    return task.delivery_id if task else None


def renew(task: Taken) -> None:
    """Hold the task for another while, inside a writing unit.

    Raises
    ------
    LeaseLost
        When another worker has it, or it is done.
    """
    change_held(task, leased_until=now() + LEASE)


def change_held(task: Taken, **values: object) -> None:
    """Change the row of a task that this worker still holds; else raise LeaseLost."""
    changed = session().scalar(
        update(OutboxTask)
        .where(
            OutboxTask.id == task.id,
            OutboxTask.lease == task.lease,
            OutboxTask.finished_at.is_(None),
        )
        .values(**values)
        .returning(OutboxTask.id)
        .execution_options(synchronize_session=False)
    )
    if changed is None:
        raise LeaseLost(f"task {task.id} ({task.kind}) was handed to another worker")


def beat() -> None:
    """Renew every lease that this process holds, passing over rows that a unit has locked."""
    for task in list(held.values()):
        mine = select(OutboxTask.id).where(OutboxTask.id == task.id, OutboxTask.lease == task.lease)
        if not active().is_sqlite:
            mine = mine.with_for_update(skip_locked=True)
        with writing() as unit:
            if unit.scalar(mine) is not None:
                change_held(task, leased_until=now() + LEASE)
