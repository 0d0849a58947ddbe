"""The queue engine behind the outbox: Huey on a file, on Redis or on PostgreSQL.

Huey forgets a task as soon as a worker has it, so a message says only which row of the outbox
is due.  A message that is lost costs a wait (the row is handed over again), one that comes twice
costs a look (the row is leased once).  Messages are JSON: reading one runs nothing.

Only the worker imports this module: the web process writes rows and knows no queue.
"""

import json
import logging
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from huey.api import Huey
from huey.registry import Message
from huey.serializer import Serializer
from huey.storage import BaseStorage, PostgresStorage, RedisStorage, SqliteStorage
from sqlalchemy import bindparam, or_, select, update

from portal.database import active, release, session, writing
from portal.jobs.leases import is_ready
from portal.jobs.models import OutboxTask
from portal.jobs.services import run_one
from portal.now import now

NAME = "portal"
HAND_AGAIN = timedelta(seconds=60)
"""A row that was handed over this long ago and is still undone is handed over again."""
MOST_QUEUED = 500
"""The queue is kept short; the rest waits in the outbox, where it is in order and safe."""

_log = logging.getLogger(__name__)


class JsonSerializer(Serializer):
    """Messages that hold a name and plain values, and run nothing when they are read."""

    def serialize(self, data: Message) -> bytes:
        """What identifies the call; retries and times are the outbox's."""
        return json.dumps([data.id, data.name, list(data.args)]).encode()

    def deserialize(self, data: bytes) -> Message:
        """The message again; anything else is refused."""
        id_, name, args = json.loads(bytes(data))
        return Message(id=str(id_), name=str(name), args=tuple(args), kwargs={}, retries=0)


class OutboxQueue(Huey):
    """Huey without what the outbox does itself: results, revoking, retries."""

    def is_revoked(self, _task: Any, _timestamp: Any = None, _peek: bool = True) -> bool:
        """Nothing is: what should not be done is not in the outbox."""
        return False

    def delete(self, _key: str) -> bool:
        """There are neither results nor revocations to clear."""
        return False


class FileStorage(SqliteStorage):
    """Huey's file without waiting for the disk: a message may be lost, the file not damaged."""

    def _create_connection(self) -> Any:
        connection = super()._create_connection()
        connection.execute("PRAGMA synchronous=NORMAL")
        return connection


def open_queue(url: str) -> Huey:
    """The queue behind an address: ``sqlite:///path``, ``redis://…`` or ``postgresql://…``."""
    storage, settings = _find_storage(url)
    queue = OutboxQueue(
        NAME, results=False, serializer=JsonSerializer(), storage_class=storage, **settings
    )
    queue.task(name="do_task")(do_task)
    return queue


def _find_storage(url: str) -> tuple[type[BaseStorage], dict[str, Any]]:
    scheme = urlsplit(url).scheme
    if scheme == "sqlite":
        return FileStorage, {"filename": url.removeprefix("sqlite:///"), "cache_mb": 1}
    if scheme.startswith("redis"):
        from redis import ConnectionPool  # installed where Redis is used

        pool = ConnectionPool.from_url(url, socket_connect_timeout=3, socket_timeout=10)
        return RedisStorage, {"connection_pool": pool}
    dsn = url.replace("postgresql+psycopg://", "postgresql://", 1)
    return PostgresStorage, {"dsn": dsn, "connect_timeout": 5}


def do_task(task_id: int) -> None:
    """Do what a message points at, in a thread of the worker."""
    try:
        run_one(task_id)
    finally:
        release()


_DUE = (
    select(OutboxTask.id)
    .where(
        is_ready(),
        or_(OutboxTask.handed_at.is_(None), OutboxTask.handed_at < bindparam("again")),
    )
    .order_by(OutboxTask.run_at, OutboxTask.id)
    .limit(bindparam("room"))
)


def hand_over(queue: Huey) -> int:
    """Give the queue what is due and committed, and again what it had for too long; how many.

    The rows are marked first.  Whatever happens to the messages after that, an undone row is
    marked anew when ``HAND_AGAIN`` has passed.
    """
    room = MOST_QUEUED - queue.storage.queue_size()
    moment = now()
    values = {"moment": moment, "again": moment - HAND_AGAIN, "room": room}
    if room <= 0 or session().scalar(_DUE, values) is None:
        return 0
    due = _DUE if active().is_sqlite else _DUE.with_for_update(skip_locked=True)
    with writing() as unit:
        task_ids = unit.scalars(due, values).all()
        unit.execute(update(OutboxTask).where(OutboxTask.id.in_(task_ids)).values(handed_at=moment))
    (message,) = queue._registry._registry.values()
    for task_id in task_ids:
        queue.enqueue(message((task_id,)))
    return len(task_ids)
