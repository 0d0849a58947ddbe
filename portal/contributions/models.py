"""Tasks that departments take on for an idea that is another's to answer for."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.columns import BigId, UtcDateTime, enum_of
from portal.database import Base
from portal.written import MaskedText


class Outcome(StrEnum):
    """What became of a task."""

    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Contribution(Base):
    """A department was asked for its part in an idea; at most one open task for each of the two.

    Who owes it and until when says its clock, whose subject it is.  ``words`` are what the
    department signed, or why the task went back; a task that the program withdrew, because the
    idea it was for has come to an end, has nobody who settled it.
    """

    __tablename__ = "contributions"
    __table_args__ = (
        Index(
            "uq_contributions_open",
            "idea_id",
            "department_id",
            unique=True,
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        ),
        Index("ix_contributions_department", "department_id", "id"),
        Index("ix_contributions_idea", "idea_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"))
    task: Mapped[str] = mapped_column(MaskedText)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    outcome: Mapped[Outcome | None] = mapped_column(enum_of(Outcome))
    words: Mapped[str | None] = mapped_column(MaskedText)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    nonce: Mapped[str | None] = mapped_column(String(36), unique=True)
