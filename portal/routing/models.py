"""Items handed between departments, the ordered rules, and what the router has learned."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.columns import BigId, Json, JsonObject, UtcDateTime, enum_of
from portal.database import Base
from portal.written import MaskedJson, MaskedString, MaskedText


class TransferOutcome(StrEnum):
    """What the receiver said, or that the giver took it back before that."""

    ACCEPTED = "accepted"
    RETURNED = "returned"
    CALLED_BACK = "called_back"


class Transfer(Base):
    """A hand-over with a reason; the author's clock runs on through it.

    ``hop`` counts the transfers of an idea; the second goes to the common superior.  One that
    was called back does not count.
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


class RuleChange(StrEnum):
    """What was done to a rule."""

    ADDED = "added"
    CHANGED = "changed"
    MOVED = "moved"
    SWITCHED_ON = "switched_on"
    SWITCHED_OFF = "switched_off"
    RESTORED = "restored"


class RoutingRule(Base):
    """Where an item goes that has no owner by its reason, if it is as the conditions say.

    Rules are asked in the order of their ``position``; the first that fits decides.
    ``version`` counts the changes; each stands in ``routing_rule_versions``.
    """

    __tablename__ = "routing_rules"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    position: Mapped[int] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(MaskedString(80))
    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"))
    conditions: Mapped[JsonObject] = mapped_column(MaskedJson)
    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)


class RoutingRuleVersion(Base):
    """A rule as it was after a change; never changed itself."""

    __tablename__ = "routing_rule_versions"
    __table_args__ = (Index("uq_routing_rule_versions_rule", "rule_id", "version", unique=True),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    rule_id: Mapped[int] = mapped_column(ForeignKey("routing_rules.id"))
    version: Mapped[int]
    change: Mapped[RuleChange] = mapped_column(enum_of(RuleChange))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(MaskedString(80))
    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"))
    conditions: Mapped[JsonObject] = mapped_column(MaskedJson)
    is_active: Mapped[bool]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LearnedRouter(Base):
    """What was learned at a time, as bytes of :mod:`portal.routing.arrays`; the newest holds.

    ``material`` is the SHA-256 of what it learned from, ``digest`` that of the bytes;
    ``figures`` were measured on items that the router had not seen.
    """

    __tablename__ = "learned_routers"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    learned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    example_count: Mapped[int]
    material: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    arrays: Mapped[bytes] = mapped_column(LargeBinary)
    figures: Mapped[JsonObject] = mapped_column(Json)


class RouterSetting(Base):
    """From which confidence the learned router acts alone, and whether; the newest holds."""

    __tablename__ = "router_settings"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    is_on: Mapped[bool]
    confidence_percent: Mapped[int]
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
