"""Analyses, benefit lines, and who signed them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.columns import BigId, Json, JsonObject, UtcDateTime, enum_of
from portal.database import Base
from portal.impact.money import BenefitKind
from portal.written import MaskedString, MaskedText

__all__ = [
    "AnalysisRun",
    "BenefitKind",
    "BenefitLine",
    "ImpactCredit",
    "Outcome",
    "Validation",
]


class Outcome(StrEnum):
    """What a validator signed."""

    APPROVED = "approved"
    IN_PART = "in_part"
    RETURNED = "returned"
    NOT_PROVEN = "not_proven"
    HARMFUL = "harmful"


class AnalysisRun(Base):
    """What the analysis of one implementation and metric said at a moment.

    ``result`` is the whole :class:`portal.impact.analysis.Analysis` as JSON; ``points_hash``
    names the data it read, so that the same data is not analysed twice.
    """

    __tablename__ = "analysis_runs"
    __table_args__ = (
        Index(
            "uq_analysis_runs_data", "implementation_id", "metric_id", "points_hash", unique=True
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    implementation_id: Mapped[int] = mapped_column(ForeignKey("implementations.id"))
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"), index=True)
    metric_id: Mapped[int] = mapped_column(ForeignKey("metrics.id"))
    baseline_id: Mapped[int] = mapped_column(ForeignKey("baselines.id"))
    is_guardrail: Mapped[bool]
    verdict: Mapped[str] = mapped_column(String(32))
    grade: Mapped[str] = mapped_column(String(1))
    sentence: Mapped[str] = mapped_column(MaskedText)
    result: Mapped[JsonObject] = mapped_column(Json)
    points_hash: Mapped[str] = mapped_column(String(64))
    is_latest: Mapped[bool] = mapped_column(default=True)
    computed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class BenefitLine(Base):
    """One yearly benefit with its bounds, in minor units, claimed from an analysis.

    ``yearly_exposure`` is the claimed part of what the baseline froze, so that no change is
    claimed twice.  ``evidence`` cites the budget, invoice, volume or headcount line that moved;
    without one a benefit is not hard.
    """

    __tablename__ = "benefit_lines"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"), index=True)
    analysis_id: Mapped[int] = mapped_column(ForeignKey("analysis_runs.id"))
    kind: Mapped[BenefitKind] = mapped_column(enum_of(BenefitKind))
    label: Mapped[str] = mapped_column(MaskedString(160))
    low_minor: Mapped[int] = mapped_column(BigInteger)
    mid_minor: Mapped[int] = mapped_column(BigInteger)
    high_minor: Mapped[int] = mapped_column(BigInteger)
    yearly_exposure: Mapped[float]
    unit_cost_minor: Mapped[int] = mapped_column(BigInteger)
    investment_minor: Mapped[int] = mapped_column(BigInteger)
    running_minor: Mapped[int] = mapped_column(BigInteger)
    evidence: Mapped[str | None] = mapped_column(MaskedText)
    is_validated: Mapped[bool] = mapped_column(default=False)
    claimed_by_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Validation(Base):
    """A signature from outside the department; ``validated_on`` places it in a period.

    ``share_percent`` is how much of the claimed benefit was approved; ``evidence`` is the line
    that the validator saw move.
    """

    __tablename__ = "validations"
    __table_args__ = (Index("ix_validations_period", "outcome", "validated_on"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"), index=True)
    analysis_id: Mapped[int] = mapped_column(ForeignKey("analysis_runs.id"))
    outcome: Mapped[Outcome] = mapped_column(enum_of(Outcome))
    sentence: Mapped[str] = mapped_column(MaskedText)
    evidence: Mapped[str | None] = mapped_column(MaskedText)
    share_percent: Mapped[int] = mapped_column(default=100)
    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"))
    signed_by_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    validated_on: Mapped[date]


class ImpactCredit(Base):
    """One person's part of a validated hard benefit: the rows behind the leaderboard.

    The parts of a benefit line add up to the line exactly.
    """

    __tablename__ = "impact_credits"
    __table_args__ = (Index("ix_impact_credits_period", "validated_on", "person_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"), index=True)
    validation_id: Mapped[int] = mapped_column(ForeignKey("validations.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"), index=True)
    percent: Mapped[int]
    low_minor: Mapped[int] = mapped_column(BigInteger)
    mid_minor: Mapped[int] = mapped_column(BigInteger)
    high_minor: Mapped[int] = mapped_column(BigInteger)
    grade: Mapped[str] = mapped_column(String(1))
    validated_on: Mapped[date]
