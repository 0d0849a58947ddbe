"""The outbox, and the schedule's memory."""

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.columns import BigId, Json, JsonObject, UtcDateTime
from portal.database import Base


class OutboxTask(Base):
    """One piece of work, written in the transaction that makes it necessary.

    It stays until it is done.  ``handed_at`` is when it last went to the queue; a worker that
    takes it holds a lease (``lease``, a random name, until ``leased_until``) and writes only
    under it.  When the worker dies, the lease runs out and the task is handed over again.
    ``delivery_id`` is the same in every attempt: whoever receives twice recognises it.
    """

    __tablename__ = "outbox_tasks"
    __table_args__ = (Index("ix_outbox_tasks_ready", "finished_at", "run_at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(64))
    payload: Mapped[JsonObject] = mapped_column(Json)
    key: Mapped[str | None] = mapped_column(String(128), unique=True)
    delivery_id: Mapped[str] = mapped_column(String(36))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    run_at: Mapped[datetime] = mapped_column(UtcDateTime)
    handed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lease: Mapped[str | None] = mapped_column(String(32))
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    has_failed: Mapped[bool] = mapped_column(default=False)
    last_error: Mapped[str | None] = mapped_column(Text)
    given_up_because: Mapped[str | None] = mapped_column(String(240))


class ScheduledRun(Base):
    """One period of a recurring job: whoever inserts the row first lets the job run."""

    __tablename__ = "scheduled_runs"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    period: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
