"""Metrics, their points, and baselines locked before a change."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.columns import BigId, Json, UtcDateTime, enum_of
from portal.database import Base
from portal.written import MaskedString, MaskedText


class Direction(StrEnum):
    """Which way is better."""

    LOWER = "lower"
    HIGHER = "higher"


class Perspective(StrEnum):
    """Whom a metric speaks for; guardrails come from customer and employee."""

    OPERATIONS = "operations"
    CUSTOMER = "customer"
    EMPLOYEE = "employee"


class Method(StrEnum):
    """How a change will be told from chance; chosen when the baseline is locked."""

    SEGMENTED = "segmented"
    COMPARISON = "comparison"


class Metric(Base):
    """A rate with a denominator: ``numerator / denominator × per``, per week.

    ``per`` is 1000 for "per 1,000 customers", 100 for a percentage.  ``smallest_worthwhile``
    is the smallest change worth having, in the unit of the rate.
    """

    __tablename__ = "metrics"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[int] = mapped_column(BigId, unique=True)
    key: Mapped[str] = mapped_column(MaskedString(64), unique=True)
    name: Mapped[str] = mapped_column(MaskedString(160))
    unit: Mapped[str] = mapped_column(MaskedString(80))
    numerator_name: Mapped[str] = mapped_column(MaskedString(80))
    denominator_name: Mapped[str] = mapped_column(MaskedString(80))
    per: Mapped[int]
    decimals: Mapped[int]
    direction: Mapped[Direction] = mapped_column(enum_of(Direction))
    perspective: Mapped[Perspective] = mapped_column(enum_of(Perspective))
    smallest_worthwhile: Mapped[float | None]
    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"), index=True)
    reason_id: Mapped[int | None] = mapped_column(ForeignKey("contact_reasons.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))


class MetricPoint(Base):
    """One week of a metric.  A correction is a new row; the old one gets ``superseded_at``."""

    __tablename__ = "metric_points"
    __table_args__ = (
        Index("ix_metric_points_series", "metric_id", "period_start", "superseded_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    metric_id: Mapped[int] = mapped_column(ForeignKey("metrics.id"))
    period_start: Mapped[date]
    numerator: Mapped[float | None]
    denominator: Mapped[float | None]
    value: Mapped[float]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    superseded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Baseline(Base):
    """Points and limits frozen before a change; ``hash`` proves that they did not move.

    ``points`` is a list of ``[period_start, value, numerator, denominator]``.  The cost of a
    contact and the yearly exposure are frozen with them.
    """

    __tablename__ = "baselines"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    metric_id: Mapped[int] = mapped_column(ForeignKey("metrics.id"), index=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"), index=True)
    points: Mapped[list[list[str | float | None]]] = mapped_column(Json)
    points_count: Mapped[int]
    window_from: Mapped[date]
    window_until: Mapped[date]
    mean: Mapped[float]
    lower_limit: Mapped[float]
    upper_limit: Mapped[float]
    moving_range_mean: Mapped[float]
    is_weak: Mapped[bool]
    is_stable: Mapped[bool]
    method: Mapped[str] = mapped_column(String(64))
    unit_cost_minor: Mapped[int | None] = mapped_column(BigInteger)
    yearly_exposure: Mapped[float | None]
    hash: Mapped[str] = mapped_column(String(64))
    locked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    locked_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    note: Mapped[str | None] = mapped_column(MaskedText)
