"""Insights, and the imports they came by."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.columns import BigId, Json, JsonObject, UtcDateTime, enum_of
from portal.database import Base
from portal.rendering import Rendered
from portal.written import MaskedString, MaskedText


class Channel(StrEnum):
    """How the customer got in touch."""

    PHONE = "phone"
    CHAT = "chat"
    EMAIL = "email"
    LETTER = "letter"
    SHOP = "shop"
    OTHER = "other"


class DemandType(StrEnum):
    """Whether the contact was wanted (value) or caused by something that went wrong."""

    VALUE = "value"
    FAILURE = "failure"
    UNSURE = "unsure"


class Friction(StrEnum):
    """What made the contact hard, as an agent ticks it."""

    REPEAT_ID = "repeat-ID"
    SLOW_SYSTEM = "slow system"
    DROPPED_CHANNEL = "dropped channel"
    MENU_MAZE = "menu maze"
    TRANSFER = "transfer"
    POLICY = "policy"
    UNCLEAR_LETTER = "unclear letter"
    PROMISE_BROKEN = "promise broken"


class Insight(Rendered, Base):
    """What a customer said or suffered.  Only the text is required; it is stored masked.

    ``department_id`` is the owner at the time; ``moment`` is what the customer was in the
    middle of, such as a first bill; ``masked`` counts what was masked by kind.  ``nonce``
    keeps a form sent twice from becoming two insights, ``external_id`` does the same for
    imports.
    """

    __tablename__ = "insights"
    markdown = ("text",)
    __table_args__ = (
        Index("ix_insights_newest", "occurred_at", "id"),
        Index("ix_insights_department_newest", "department_id", "occurred_at", "id"),
        Index("ix_insights_reason_newest", "reason_id", "occurred_at", "id"),
        Index("ix_insights_channel_newest", "channel", "occurred_at", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[int] = mapped_column(BigId, unique=True)
    text: Mapped[str] = mapped_column(MaskedText)
    expected: Mapped[str | None] = mapped_column(MaskedText)
    channel: Mapped[Channel | None] = mapped_column(enum_of(Channel))
    reason_id: Mapped[int | None] = mapped_column(ForeignKey("contact_reasons.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"))
    routed_because: Mapped[JsonObject] = mapped_column(Json)
    demand_type: Mapped[DemandType] = mapped_column(enum_of(DemandType))
    severity: Mapped[int | None]
    minutes: Mapped[int | None]
    segment: Mapped[str | None] = mapped_column(MaskedString(60))
    moment: Mapped[str | None] = mapped_column(MaskedString(60))
    friction: Mapped[list[str]] = mapped_column(Json)
    masked: Mapped[JsonObject] = mapped_column(Json)
    occurred_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), index=True)
    external_id: Mapped[str | None] = mapped_column(MaskedString(120), unique=True)
    nonce: Mapped[str | None] = mapped_column(String(36), unique=True)
