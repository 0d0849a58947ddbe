"""What somebody did within the last while, counted; and which forms have arrived."""

from datetime import date, datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from portal.columns import BigId, UtcDateTime
from portal.database import Base


class RateCount(Base):
    """How often a person did one kind of thing since ``began_at``; forgotten an hour later."""

    __tablename__ = "rate_counts"

    person_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    began_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    times: Mapped[int]


class SentForm(Base):
    """A form that did what it says: the key in it and what it held, both hashed with a secret.

    It names nobody, for a hidden author's form leaves a row as well.
    """

    __tablename__ = "sent_forms"

    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    body_hash: Mapped[str] = mapped_column(String(64))
    arrived_on: Mapped[date] = mapped_column(index=True)
