"""Items handed from one department to another."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.columns import BigId, UtcDateTime, enum_of
from portal.database import Base
from portal.written import MaskedText


class TransferOutcome(StrEnum):
    """What the receiver said."""

    ACCEPTED = "accepted"
    RETURNED = "returned"


class Transfer(Base):
    """A hand-over with a reason; the author's clock runs on through it.

    ``hop`` counts the transfers of an idea; the second goes to the common superior.
    """

    __tablename__ = "transfers"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"), index=True)
    hop: Mapped[int]
    from_department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"))
    to_department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"))
    reason: Mapped[str] = mapped_column(MaskedText)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    outcome: Mapped[TransferOutcome | None] = mapped_column(enum_of(TransferOutcome))
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
