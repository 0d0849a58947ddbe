"""What somebody did within the last while, counted."""

from datetime import datetime

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
