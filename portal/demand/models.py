"""Contact reasons and what a contact for them costs."""

from datetime import date

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.columns import BigId
from portal.database import Base
from portal.written import MaskedString


class ContactReason(Base):
    """A code in a tree; each has exactly one owning department.

    ``path`` is the chain of ids from the root, such as ``/3/17/``.
    """

    __tablename__ = "contact_reasons"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(MaskedString(64), unique=True)
    name: Mapped[str] = mapped_column(MaskedString(120))
    name_key: Mapped[str] = mapped_column(MaskedString(120), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("contact_reasons.id"), index=True)
    path: Mapped[str] = mapped_column(String(255))
    owner_department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"), index=True)
    is_active: Mapped[bool] = mapped_column(default=True)


class ReasonCost(Base):
    """What one contact for a reason costs from a day on, in minor units.

    ``avoidable_minor`` is the part that would not be spent if the contact did not happen;
    bills and benefits use it.  ``full_minor`` includes overheads.
    """

    __tablename__ = "reason_costs"
    __table_args__ = (Index("uq_reason_costs_from", "reason_id", "valid_from", unique=True),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    reason_id: Mapped[int] = mapped_column(ForeignKey("contact_reasons.id"))
    valid_from: Mapped[date]
    avoidable_minor: Mapped[int] = mapped_column(BigInteger)
    full_minor: Mapped[int] = mapped_column(BigInteger)
