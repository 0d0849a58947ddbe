"""Business calendars, and the clocks that run by them."""

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.columns import BigId, UtcDateTime, enum_of
from portal.database import Base


class ClockKind(StrEnum):
    """What is owed while a clock runs."""

    FIRST_REPLY = "first_reply"
    DECIDE = "decide"
    ACCEPT_TRANSFER = "accept_transfer"
    ANSWER = "answer"
    COMMIT = "commit"
    DELIVER = "deliver"
    REPORT = "report"
    MEASURE = "measure"
    VALIDATE = "validate"
    REVIEW = "review"
    TEST = "test"
    VETO = "veto"
    APPEAL = "appeal"
    CONTRIBUTE = "contribute"


class Calendar(Base):
    """When a department works; ``weekdays`` is a mask, Monday is 1, Sunday is 64."""

    __tablename__ = "calendars"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    time_zone: Mapped[str] = mapped_column(String(64))
    weekdays: Mapped[int]
    opens: Mapped[time]
    closes: Mapped[time]


class Holiday(Base):
    """A day on which a calendar does not work."""

    __tablename__ = "holidays"

    calendar_id: Mapped[int] = mapped_column(ForeignKey("calendars.id"), primary_key=True)
    on: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))


class DepartmentCalendar(Base):
    """Which calendar a department lives by; without a row, the default one."""

    __tablename__ = "department_calendars"

    department_id: Mapped[int] = mapped_column(BigId, primary_key=True)
    calendar_id: Mapped[int] = mapped_column(ForeignKey("calendars.id"))


class ClockRule(Base):
    """How many business days a kind of clock gives; a department's row beats the default."""

    __tablename__ = "clock_rules"
    __table_args__ = (Index("uq_clock_rules_scope", "kind", "department_id", unique=True),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[ClockKind] = mapped_column(enum_of(ClockKind))
    department_id: Mapped[int | None] = mapped_column(BigId)
    business_days: Mapped[int]


class Clock(Base):
    """Something owed by one person until a moment.

    ``is_governing`` marks the one clock that the state of the thing runs on; others (a first
    reply) run under it.  Paused while ``paused_at`` is set; over when ``stopped_at`` is.

    ``allowed_seconds`` is the business time it was given, ``until_on`` the day it was promised
    for, if it was one.  ``rung`` says how far up its lateness has been told and ``next_at`` when
    the next one hears of it; see :mod:`portal.clocks.ladder`.
    """

    __tablename__ = "clocks"
    __table_args__ = (
        Index(
            "uq_clocks_governing",
            "subject_kind",
            "subject_id",
            unique=True,
            sqlite_where=text("is_governing AND stopped_at IS NULL"),
            postgresql_where=text("is_governing AND stopped_at IS NULL"),
        ),
        Index("ix_clocks_open", "accountable_id", "subject_kind", "stopped_at", "due_at"),
        Index("ix_clocks_begun", "accountable_id", "kind", "started_at"),
        Index("ix_clocks_subject", "subject_kind", "subject_id"),
        Index(
            "ix_clocks_next",
            "next_at",
            sqlite_where=text("next_at IS NOT NULL"),
            postgresql_where=text("next_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(16))
    subject_id: Mapped[int] = mapped_column(BigId)
    kind: Mapped[ClockKind] = mapped_column(enum_of(ClockKind))
    is_governing: Mapped[bool]
    department_id: Mapped[int] = mapped_column(BigId)
    accountable_id: Mapped[int] = mapped_column(BigId)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    paused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    allowed_seconds: Mapped[int] = mapped_column(default=0)
    until_on: Mapped[date | None]
    grace_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    rung: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
