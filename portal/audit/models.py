"""The audit log, what is personal in it, and the head of its chain."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.columns import BigId, Json, JsonObject, UtcDateTime
from portal.database import Base


class AuditRow(Base):
    """One thing that was done.  Rows are never changed; a trigger refuses it.

    ``at`` is the beginning of the day where who did it must not be told from the time.
    ``aside_hash`` commits the row to what is personal in it, which stands in its aside.
    """

    __tablename__ = "audit_rows"
    __table_args__ = (Index("ix_audit_rows_object", "object_kind", "object_id"),)

    seq: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int | None] = mapped_column(BigId, index=True)
    action: Mapped[str] = mapped_column(String(64), index=True)
    object_kind: Mapped[str] = mapped_column(String(32))
    object_id: Mapped[int | None] = mapped_column(BigId)
    details: Mapped[JsonObject] = mapped_column(Json)
    aside_hash: Mapped[str | None] = mapped_column(String(64))
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditAside(Base):
    """What is personal in a row (network, browser, a name), so that it can be erased.

    The row commits to the text with a salt; both go when it is erased, and ``erased_by`` names
    the row that says so.  Nothing else about an aside can be changed; a trigger refuses it.
    """

    __tablename__ = "audit_asides"

    seq: Mapped[int] = mapped_column(
        ForeignKey("audit_rows.seq"), primary_key=True, autoincrement=False
    )
    person_id: Mapped[int | None] = mapped_column(BigId, index=True)
    salt: Mapped[str | None] = mapped_column(String(32))
    text: Mapped[str | None] = mapped_column(Text)
    erased_by: Mapped[int | None] = mapped_column(BigId)


class AuditHead(Base):
    """The single row that names the last audit row; writers queue up on it."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigId)
    hash: Mapped[str] = mapped_column(String(64))
