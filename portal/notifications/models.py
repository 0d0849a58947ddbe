"""Messages to people: in the portal, and by mail with a record of every delivery."""

from datetime import datetime, time
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Time, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.columns import BigId, UtcDateTime, enum_of
from portal.database import Base
from portal.written import MaskedString, MaskedText


class NoticeClass(StrEnum):
    """Owed cannot be muted; the rest is for information."""

    OWED = "owed"
    INFORMATION = "information"


class Rhythm(StrEnum):
    """How what is for information comes by mail."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"
    PORTAL = "portal"


class Channel(StrEnum):
    """A way to a person beside the portal's own list."""

    MAIL = "mail"


class DeliveryState(StrEnum):
    """What became of a notice on its way to a person."""

    WAITING = "waiting"
    """For the next digest."""
    QUEUED = "queued"
    SENT = "sent"
    READ = "read"
    """Read in the portal before its mail went, so none was sent."""
    MUTED = "muted"
    FAILED = "failed"
    BOUNCED = "bounced"
    """Refused for good by the server of the address."""


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


class Delivery(Base):
    """A notice on its way to its person by one channel.

    ``due_at`` is when it is to go: at once, after the quiet hours, or with the digest of that
    moment.  ``settled_at`` is when that ended, ``address`` where it went, ``copy`` the how
    manieth letter about the notice it is.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("notice_id", "channel"),
        Index("ix_deliveries_person", "person_id", "state", "due_at"),
        Index("ix_deliveries_state", "state", "settled_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    channel: Mapped[Channel] = mapped_column(enum_of(Channel))
    state: Mapped[DeliveryState] = mapped_column(enum_of(DeliveryState))
    is_digest: Mapped[bool] = mapped_column(default=False)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    address: Mapped[str | None] = mapped_column(String(254))
    reason: Mapped[str | None] = mapped_column(String(240))
    copy: Mapped[int] = mapped_column(default=1)


class TellingChoice(Base):
    """How a person wants to be told, and whether their address still takes mail.

    Nobody has a row before they choose something: the defaults are a daily digest and no quiet
    hours.  ``refused_address`` is the address that was refused for good; a new one is tried.
    """

    __tablename__ = "telling_choices"

    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    rhythm: Mapped[Rhythm] = mapped_column(enum_of(Rhythm), default=Rhythm.DAILY)
    quiet_from: Mapped[time | None] = mapped_column(Time)
    quiet_until: Mapped[time | None] = mapped_column(Time)
    refused_address: Mapped[str | None] = mapped_column(String(254))
    refused_because: Mapped[str | None] = mapped_column(String(240))
    refused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
