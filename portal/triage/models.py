"""Signed decisions."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.columns import BigId, UtcDateTime, enum_of
from portal.database import Base
from portal.written import MaskedText


class DecisionKind(StrEnum):
    """What was decided."""

    ACCEPT = "accept"
    ASK = "ask"
    DECLINE = "decline"


class DeclineReason(StrEnum):
    """Why something is not done; what a board can count, beside the sentence for the author."""

    NOT_NOW = "not_now"
    COST = "cost"
    TOO_FEW = "too_few"
    SYSTEM = "system"
    LAW = "law"
    PRIVACY = "privacy"
    RISK = "risk"
    ALREADY_PLANNED = "already_planned"
    ALREADY_THERE = "already_there"
    OTHER_WAY = "other_way"
    CUSTOMERS_DIFFER = "customers_differ"
    HARMS_OTHERS = "harms_others"
    NOT_OURS = "not_ours"
    TOO_UNCLEAR = "too_unclear"


class Decision(Base):
    """What a head signed: a kind, a reason code, and a sentence a human wrote.

    For a question, ``answer`` is what came back.
    """

    __tablename__ = "decisions"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"), index=True)
    kind: Mapped[DecisionKind] = mapped_column(enum_of(DecisionKind))
    reason_code: Mapped[str | None] = mapped_column(String(32))
    sentence: Mapped[str] = mapped_column(MaskedText)
    would_change: Mapped[str | None] = mapped_column(MaskedText)
    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"))
    signed_by_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer: Mapped[str | None] = mapped_column(MaskedText)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
