"""Commitments with their dates, the split of credit, and the changes themselves."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.columns import BigId, UtcDateTime, enum_of
from portal.database import Base
from portal.rendering import Rendered
from portal.written import MaskedString, MaskedText


class Track(StrEnum):
    """How much proof a change needs."""

    QUICK = "quick"
    MEASURED = "measured"


class CreditRole(StrEnum):
    """What somebody's share of the credit is for."""

    ORIGINATOR = "originator"
    DEVELOPER = "developer"
    IMPLEMENTER = "implementer"


class Commitment(Rendered, Base):
    """A promise: who, until when, and how we will know that it is done.

    ``forecast_percent`` is the promised relative change of the primary metric, in percent.
    """

    __tablename__ = "commitments"
    markdown = ("definition_of_done",)
    __table_args__ = (Index("ix_commitments_due", "due_on", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"), index=True)
    due_on: Mapped[date]
    definition_of_done: Mapped[str] = mapped_column(MaskedText)
    track: Mapped[Track] = mapped_column(enum_of(Track))
    metric_id: Mapped[int | None] = mapped_column(ForeignKey("metrics.id"))
    baseline_id: Mapped[int | None] = mapped_column(ForeignKey("baselines.id"))
    forecast_percent: Mapped[float | None]
    investment_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    running_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    signed_by_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Guardrail(Base):
    """A metric that must not get worse while the primary one gets better, with its baseline."""

    __tablename__ = "guardrails"

    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitments.id"), primary_key=True)
    metric_id: Mapped[int] = mapped_column(ForeignKey("metrics.id"), primary_key=True)
    baseline_id: Mapped[int | None] = mapped_column(ForeignKey("baselines.id"))


class DateChange(Base):
    """A promised date that moved, with the reason; the first date stays readable."""

    __tablename__ = "date_changes"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitments.id"), index=True)
    from_on: Mapped[date]
    to_on: Mapped[date]
    reason: Mapped[str] = mapped_column(MaskedText)
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ProgressNote(Base):
    """How far a promised change is, in a sentence of whoever works on it."""

    __tablename__ = "progress_notes"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitments.id"), index=True)
    sentence: Mapped[str] = mapped_column(MaskedText)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    said_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CreditShare(Base):
    """One person's part of the credit for an idea, in whole percent; frozen at validation."""

    __tablename__ = "credit_shares"
    __table_args__ = (
        Index("uq_credit_shares_part", "idea_id", "person_id", "role", unique=True),
        Index("ix_credit_shares_person", "person_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    role: Mapped[CreditRole] = mapped_column(enum_of(CreditRole))
    percent: Mapped[int]
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    frozen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Implementation(Rendered, Base):
    """The change: since when it is live, what proves it, what is different on a contact."""

    __tablename__ = "implementations"
    markdown = ("what_changes", "evidence")

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"), index=True)
    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitments.id"), index=True)
    go_live_on: Mapped[date]
    what_changes: Mapped[str] = mapped_column(MaskedText)
    evidence: Mapped[str] = mapped_column(MaskedText)
    evidence_url: Mapped[str | None] = mapped_column(MaskedString(500))
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Confirmation(Base):
    """ "I see the change", or not, from somebody on the front line; one per person."""

    __tablename__ = "confirmations"

    implementation_id: Mapped[int] = mapped_column(
        ForeignKey("implementations.id"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    sees_it: Mapped[bool]
    said_at: Mapped[datetime] = mapped_column(UtcDateTime)
