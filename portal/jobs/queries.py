"""What waits, runs and failed, for administrators; and the task an administrator means."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, bindparam, case, func, select

from portal.database import in_unit, lock_row, session
from portal.errors import NotFound
from portal.i18n import gettext as _
from portal.jobs.models import OutboxTask
from portal.now import now

SHOWN = 50
"""How many tasks of one kind of trouble a page shows."""

_MOMENT = bindparam("moment", type_=OutboxTask.run_at.type)
_is_open = OutboxTask.finished_at.is_(None)
_is_running = _is_open & (OutboxTask.leased_until >= _MOMENT)
_is_failed = OutboxTask.has_failed & OutboxTask.given_up_because.is_(None)
_is_given_up = OutboxTask.has_failed & OutboxTask.given_up_because.is_not(None)


def _how_many(condition: Any) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


_COUNTS = select(
    _how_many(_is_open & ~func.coalesce(OutboxTask.leased_until >= _MOMENT, False)).label(
        "waiting"
    ),
    _how_many(_is_running).label("running"),
    _how_many(_is_failed).label("failed"),
    _how_many(_is_given_up).label("given_up"),
)
_TASKS = select(
    OutboxTask.id,
    OutboxTask.kind,
    OutboxTask.created_at,
    OutboxTask.run_at,
    OutboxTask.leased_until,
    OutboxTask.finished_at,
    OutboxTask.attempts,
    OutboxTask.has_failed,
    OutboxTask.last_error,
    OutboxTask.given_up_because,
).limit(SHOWN)
_FAILED = _TASKS.where(_is_failed).order_by(OutboxTask.id)
_GIVEN_UP = _TASKS.where(_is_given_up).order_by(OutboxTask.finished_at.desc())
_ONE = select(OutboxTask).where(OutboxTask.id == bindparam("id"))
_OPEN = _TASKS.where(_is_open).order_by(OutboxTask.run_at, OutboxTask.id)


def count_tasks() -> Row[*tuple[Any, ...]]:
    """How many tasks wait, run, failed and were given up."""
    return session().execute(_COUNTS, {"moment": now()}).one()


def list_failed() -> Sequence[Row[*tuple[Any, ...]]]:
    """What failed for good and waits for somebody, oldest first."""
    return session().execute(_FAILED).all()


def list_given_up() -> Sequence[Row[*tuple[Any, ...]]]:
    """What somebody left undone, with the reason, newest first."""
    return session().execute(_GIVEN_UP).all()


def list_open() -> Sequence[Row[*tuple[Any, ...]]]:
    """What runs or waits, the next first."""
    return session().execute(_OPEN).all()


def get_task(task_id: int) -> OutboxTask:
    """One task; in a writing unit it is locked until the unit ends."""
    found = session().scalar(lock_row(_ONE) if in_unit() else _ONE, {"id": task_id})
    if found is None:
        raise NotFound(_("There is nothing here that you can see."))
    return found
