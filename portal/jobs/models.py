"""The outbox, and the schedule's memory."""

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.columns import BigId, Json, JsonObject, UtcDateTime
from portal.database import Base


class OutboxTask(Base):
    """One piece of work, written in the transaction that makes it necessary.

    It stays until it is done: a worker takes it for a while (``leased_until``), and when
    that worker dies, the next one takes it again.
    """

    __tablename__ = "outbox_tasks"
    __table_args__ = (Index("ix_outbox_tasks_ready", "finished_at", "run_at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(64))
    payload: Mapped[JsonObject] = mapped_column(Json)
    key: Mapped[str | None] = mapped_column(String(128), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    run_at: Mapped[datetime] = mapped_column(UtcDateTime)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    has_failed: Mapped[bool] = mapped_column(default=False)
    last_error: Mapped[str | None] = mapped_column(Text)


class ScheduledRun(Base):
    """When a recurring job last began; the row is taken before the run, by one worker."""

    __tablename__ = "scheduled_runs"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    last_run_at: Mapped[datetime] = mapped_column(UtcDateTime)
