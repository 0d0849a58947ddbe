"""Messages to people, in the portal."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.columns import BigId, UtcDateTime, enum_of
from portal.database import Base
from portal.written import MaskedString, MaskedText


class NoticeClass(StrEnum):
    """Owed cannot be muted; the rest is for information."""

    OWED = "owed"
    INFORMATION = "information"


class Notice(Base):
    """One message to one person; ``key`` keeps it from being sent twice."""

    __tablename__ = "notices"
    __table_args__ = (
        Index("ix_notices_person", "person_id", "id"),
        Index("ix_notices_unread", "person_id", "read_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    notice_class: Mapped[NoticeClass] = mapped_column(enum_of(NoticeClass))
    kind: Mapped[str] = mapped_column(String(48))
    title: Mapped[str] = mapped_column(MaskedString(240))
    body: Mapped[str | None] = mapped_column(MaskedText)
    subject_kind: Mapped[str] = mapped_column(String(16))
    subject_number: Mapped[int] = mapped_column(BigId)
    key: Mapped[str] = mapped_column(String(160), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
