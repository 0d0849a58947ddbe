"""Attached files: what they are called, where their bytes stand, whether they may be shown."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.attachments.kinds import Kind
from portal.columns import BigId, UtcDateTime, enum_of
from portal.database import Base
from portal.written import MaskedString, MaskedText


class State(StrEnum):
    """Where a file is; only a clean one is given out."""

    CHECKING = "checking"
    CLEAN = "clean"
    REFUSED = "refused"
    REMOVED = "removed"
    REDACTED = "redacted"


class Attachment(Base):
    """A file that belongs to one thing, known by its kind and key.

    ``key`` names the bytes in the storage and is None once they are gone; ``received_sha256``
    is of what was sent, ``sha256`` of what is given out.  ``reason`` says why a file was
    refused or redacted, for people to read.
    """

    __tablename__ = "attachments"
    __table_args__ = (
        Index("ix_attachments_subject", "subject_kind", "subject_id", "id"),
        Index("ix_attachments_person", "person_id", "created_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(16))
    subject_id: Mapped[int] = mapped_column(BigId)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    name: Mapped[str] = mapped_column(MaskedString(160))
    kind: Mapped[Kind] = mapped_column(enum_of(Kind))
    state: Mapped[State] = mapped_column(enum_of(State))
    size: Mapped[int]
    width: Mapped[int | None]
    height: Mapped[int | None]
    key: Mapped[str | None] = mapped_column(String(32), unique=True)
    thumbnail_key: Mapped[str | None] = mapped_column(String(32), unique=True)
    received_sha256: Mapped[str] = mapped_column(String(64))
    sha256: Mapped[str | None] = mapped_column(String(64))
    reason: Mapped[str | None] = mapped_column(MaskedText)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
