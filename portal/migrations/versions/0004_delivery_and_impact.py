"""Tables for metrics and baselines, commitments and changes, analyses and validations."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from portal.migrations.triggers import drop_append_only, make_append_only

revision = "0004_delivery_and_impact"
down_revision = "0003_ideas_and_triage"

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "metrics",
        sa.Column("id", Id, nullable=False),
        sa.Column("number", Id, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("unit", sa.String(length=80), nullable=False),
        sa.Column("numerator_name", sa.String(length=80), nullable=False),
        sa.Column("denominator_name", sa.String(length=80), nullable=False),
        sa.Column("per", sa.Integer(), nullable=False),
        sa.Column("decimals", sa.Integer(), nullable=False),
        sa.Column("direction", sa.String(32), nullable=False),
        sa.Column("perspective", sa.String(32), nullable=False),
        sa.Column("smallest_worthwhile", sa.Double(), nullable=True),
        sa.Column("department_id", Id, nullable=False),
        sa.Column("reason_id", Id, nullable=True),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("created_by_id", Id, nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["persons.id"], name=op.f("fk_metrics_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name=op.f("fk_metrics_department_id")
        ),
        sa.ForeignKeyConstraint(
            ["reason_id"], ["contact_reasons.id"], name=op.f("fk_metrics_reason_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_metrics")),
        sa.UniqueConstraint("key", name=op.f("uq_metrics_key")),
        sa.UniqueConstraint("number", name=op.f("uq_metrics_number")),
    )
    op.create_index(op.f("ix_metrics_department_id"), "metrics", ["department_id"], unique=False)
    op.create_table(
        "baselines",
        sa.Column("id", Id, nullable=False),
        sa.Column("metric_id", Id, nullable=False),
        sa.Column("idea_id", Id, nullable=False),
        sa.Column("points", Json, nullable=False),
        sa.Column("points_count", sa.Integer(), nullable=False),
        sa.Column("window_from", sa.Date(), nullable=False),
        sa.Column("window_until", sa.Date(), nullable=False),
        sa.Column("mean", sa.Double(), nullable=False),
        sa.Column("lower_limit", sa.Double(), nullable=False),
        sa.Column("upper_limit", sa.Double(), nullable=False),
        sa.Column("moving_range_mean", sa.Double(), nullable=False),
        sa.Column("is_weak", sa.Boolean(), nullable=False),
        sa.Column("is_stable", sa.Boolean(), nullable=False),
        sa.Column("method", sa.String(length=64), nullable=False),
        sa.Column("unit_cost_minor", sa.BigInteger(), nullable=True),
        sa.Column("yearly_exposure", sa.Double(), nullable=True),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("locked_at", Moment, nullable=False),
        sa.Column("locked_by_id", Id, nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_baselines_idea_id")),
        sa.ForeignKeyConstraint(
            ["locked_by_id"], ["persons.id"], name=op.f("fk_baselines_locked_by_id")
        ),
        sa.ForeignKeyConstraint(["metric_id"], ["metrics.id"], name=op.f("fk_baselines_metric_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_baselines")),
    )
    op.create_index(op.f("ix_baselines_idea_id"), "baselines", ["idea_id"], unique=False)
    op.create_index(op.f("ix_baselines_metric_id"), "baselines", ["metric_id"], unique=False)
    op.create_table(
        "credit_shares",
        sa.Column("id", Id, nullable=False),
        sa.Column("idea_id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("proposed_at", Moment, nullable=False),
        sa.Column("frozen_at", Moment, nullable=True),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_credit_shares_idea_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_credit_shares_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_shares")),
    )
    op.create_index("ix_credit_shares_person", "credit_shares", ["person_id"], unique=False)
    op.create_index(
        "uq_credit_shares_part", "credit_shares", ["idea_id", "person_id", "role"], unique=True
    )
    op.create_table(
        "metric_points",
        sa.Column("id", Id, nullable=False),
        sa.Column("metric_id", Id, nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("numerator", sa.Double(), nullable=True),
        sa.Column("denominator", sa.Double(), nullable=True),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("recorded_at", Moment, nullable=False),
        sa.Column("recorded_by_id", Id, nullable=True),
        sa.Column("superseded_at", Moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["metric_id"], ["metrics.id"], name=op.f("fk_metric_points_metric_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["persons.id"], name=op.f("fk_metric_points_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_metric_points")),
    )
    op.create_index(
        "ix_metric_points_series",
        "metric_points",
        ["metric_id", "period_start", "superseded_at"],
        unique=False,
    )
    op.create_table(
        "commitments",
        sa.Column("id", Id, nullable=False),
        sa.Column("idea_id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("department_id", Id, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("definition_of_done", sa.Text(), nullable=False),
        sa.Column("track", sa.String(32), nullable=False),
        sa.Column("metric_id", Id, nullable=True),
        sa.Column("baseline_id", Id, nullable=True),
        sa.Column("forecast_percent", sa.Double(), nullable=True),
        sa.Column("investment_minor", sa.BigInteger(), nullable=False),
        sa.Column("running_minor", sa.BigInteger(), nullable=False),
        sa.Column("signed_by_id", Id, nullable=False),
        sa.Column("signed_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["baseline_id"], ["baselines.id"], name=op.f("fk_commitments_baseline_id")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name=op.f("fk_commitments_department_id")
        ),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_commitments_idea_id")),
        sa.ForeignKeyConstraint(
            ["metric_id"], ["metrics.id"], name=op.f("fk_commitments_metric_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_commitments_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["signed_by_id"], ["persons.id"], name=op.f("fk_commitments_signed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitments")),
        sa.UniqueConstraint("idea_id", name=op.f("uq_commitments_idea_id")),
    )
    op.create_index(
        op.f("ix_commitments_department_id"), "commitments", ["department_id"], unique=False
    )
    op.create_index("ix_commitments_due", "commitments", ["due_on", "id"], unique=False)
    op.create_index(op.f("ix_commitments_person_id"), "commitments", ["person_id"], unique=False)
    op.create_table(
        "date_changes",
        sa.Column("id", Id, nullable=False),
        sa.Column("commitment_id", Id, nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed_by_id", Id, nullable=False),
        sa.Column("changed_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["persons.id"], name=op.f("fk_date_changes_changed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitments.id"], name=op.f("fk_date_changes_commitment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_date_changes")),
    )
    op.create_index(
        op.f("ix_date_changes_commitment_id"), "date_changes", ["commitment_id"], unique=False
    )
    op.create_table(
        "guardrails",
        sa.Column("commitment_id", Id, nullable=False),
        sa.Column("metric_id", Id, nullable=False),
        sa.Column("baseline_id", Id, nullable=True),
        sa.ForeignKeyConstraint(
            ["baseline_id"], ["baselines.id"], name=op.f("fk_guardrails_baseline_id")
        ),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitments.id"], name=op.f("fk_guardrails_commitment_id")
        ),
        sa.ForeignKeyConstraint(
            ["metric_id"], ["metrics.id"], name=op.f("fk_guardrails_metric_id")
        ),
        sa.PrimaryKeyConstraint("commitment_id", "metric_id", name=op.f("pk_guardrails")),
    )
    op.create_table(
        "implementations",
        sa.Column("id", Id, nullable=False),
        sa.Column("idea_id", Id, nullable=False),
        sa.Column("commitment_id", Id, nullable=False),
        sa.Column("go_live_on", sa.Date(), nullable=False),
        sa.Column("what_changes", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("evidence_url", sa.String(length=500), nullable=True),
        sa.Column("recorded_by_id", Id, nullable=False),
        sa.Column("recorded_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitments.id"], name=op.f("fk_implementations_commitment_id")
        ),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_implementations_idea_id")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["persons.id"], name=op.f("fk_implementations_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_implementations")),
    )
    op.create_index(
        op.f("ix_implementations_commitment_id"),
        "implementations",
        ["commitment_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_implementations_idea_id"), "implementations", ["idea_id"], unique=False
    )
    op.create_table(
        "progress_notes",
        sa.Column("id", Id, nullable=False),
        sa.Column("commitment_id", Id, nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("said_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitments.id"], name=op.f("fk_progress_notes_commitment_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_progress_notes_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress_notes")),
    )
    op.create_index(
        op.f("ix_progress_notes_commitment_id"), "progress_notes", ["commitment_id"], unique=False
    )
    op.create_table(
        "analysis_runs",
        sa.Column("id", Id, nullable=False),
        sa.Column("implementation_id", Id, nullable=False),
        sa.Column("idea_id", Id, nullable=False),
        sa.Column("metric_id", Id, nullable=False),
        sa.Column("baseline_id", Id, nullable=False),
        sa.Column("is_guardrail", sa.Boolean(), nullable=False),
        sa.Column("verdict", sa.String(length=32), nullable=False),
        sa.Column("grade", sa.String(length=1), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("result", Json, nullable=False),
        sa.Column("points_hash", sa.String(length=64), nullable=False),
        sa.Column("is_latest", sa.Boolean(), nullable=False),
        sa.Column("computed_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["baseline_id"], ["baselines.id"], name=op.f("fk_analysis_runs_baseline_id")
        ),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_analysis_runs_idea_id")),
        sa.ForeignKeyConstraint(
            ["implementation_id"],
            ["implementations.id"],
            name=op.f("fk_analysis_runs_implementation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["metric_id"], ["metrics.id"], name=op.f("fk_analysis_runs_metric_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_analysis_runs")),
    )
    op.create_index(op.f("ix_analysis_runs_idea_id"), "analysis_runs", ["idea_id"], unique=False)
    op.create_index(
        "uq_analysis_runs_data",
        "analysis_runs",
        ["implementation_id", "metric_id", "points_hash"],
        unique=True,
    )
    op.create_table(
        "confirmations",
        sa.Column("implementation_id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("sees_it", sa.Boolean(), nullable=False),
        sa.Column("said_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["implementation_id"],
            ["implementations.id"],
            name=op.f("fk_confirmations_implementation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_confirmations_person_id")
        ),
        sa.PrimaryKeyConstraint("implementation_id", "person_id", name=op.f("pk_confirmations")),
    )
    op.create_table(
        "benefit_lines",
        sa.Column("id", Id, nullable=False),
        sa.Column("idea_id", Id, nullable=False),
        sa.Column("analysis_id", Id, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("label", sa.String(length=160), nullable=False),
        sa.Column("low_minor", sa.BigInteger(), nullable=False),
        sa.Column("mid_minor", sa.BigInteger(), nullable=False),
        sa.Column("high_minor", sa.BigInteger(), nullable=False),
        sa.Column("yearly_exposure", sa.Double(), nullable=False),
        sa.Column("unit_cost_minor", sa.BigInteger(), nullable=False),
        sa.Column("investment_minor", sa.BigInteger(), nullable=False),
        sa.Column("running_minor", sa.BigInteger(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("is_validated", sa.Boolean(), nullable=False),
        sa.Column("claimed_by_id", Id, nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["analysis_id"], ["analysis_runs.id"], name=op.f("fk_benefit_lines_analysis_id")
        ),
        sa.ForeignKeyConstraint(
            ["claimed_by_id"], ["persons.id"], name=op.f("fk_benefit_lines_claimed_by_id")
        ),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_benefit_lines_idea_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_benefit_lines")),
    )
    op.create_index(op.f("ix_benefit_lines_idea_id"), "benefit_lines", ["idea_id"], unique=False)
    op.create_table(
        "validations",
        sa.Column("id", Id, nullable=False),
        sa.Column("idea_id", Id, nullable=False),
        sa.Column("analysis_id", Id, nullable=False),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("share_percent", sa.Integer(), nullable=False),
        sa.Column("department_id", Id, nullable=False),
        sa.Column("signed_by_id", Id, nullable=False),
        sa.Column("signed_at", Moment, nullable=False),
        sa.Column("validated_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["analysis_id"], ["analysis_runs.id"], name=op.f("fk_validations_analysis_id")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name=op.f("fk_validations_department_id")
        ),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_validations_idea_id")),
        sa.ForeignKeyConstraint(
            ["signed_by_id"], ["persons.id"], name=op.f("fk_validations_signed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_validations")),
    )
    op.create_index(op.f("ix_validations_idea_id"), "validations", ["idea_id"], unique=False)
    op.create_index(
        "ix_validations_period", "validations", ["outcome", "validated_on"], unique=False
    )
    op.create_table(
        "impact_credits",
        sa.Column("id", Id, nullable=False),
        sa.Column("idea_id", Id, nullable=False),
        sa.Column("validation_id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("department_id", Id, nullable=True),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("low_minor", sa.BigInteger(), nullable=False),
        sa.Column("mid_minor", sa.BigInteger(), nullable=False),
        sa.Column("high_minor", sa.BigInteger(), nullable=False),
        sa.Column("grade", sa.String(length=1), nullable=False),
        sa.Column("validated_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name=op.f("fk_impact_credits_department_id")
        ),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_impact_credits_idea_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_impact_credits_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["validation_id"], ["validations.id"], name=op.f("fk_impact_credits_validation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_impact_credits")),
    )
    op.create_index(
        op.f("ix_impact_credits_department_id"), "impact_credits", ["department_id"], unique=False
    )
    op.create_index(op.f("ix_impact_credits_idea_id"), "impact_credits", ["idea_id"], unique=False)
    op.create_index(
        "ix_impact_credits_period", "impact_credits", ["validated_on", "person_id"], unique=False
    )
    op.create_index(
        op.f("ix_impact_credits_person_id"), "impact_credits", ["person_id"], unique=False
    )
    make_append_only("baselines")


def downgrade() -> None:
    """Undo."""
    drop_append_only("baselines")
    op.drop_index(op.f("ix_impact_credits_person_id"), table_name="impact_credits")
    op.drop_index("ix_impact_credits_period", table_name="impact_credits")
    op.drop_index(op.f("ix_impact_credits_idea_id"), table_name="impact_credits")
    op.drop_index(op.f("ix_impact_credits_department_id"), table_name="impact_credits")
    op.drop_table("impact_credits")
    op.drop_index("ix_validations_period", table_name="validations")
    op.drop_index(op.f("ix_validations_idea_id"), table_name="validations")
    op.drop_table("validations")
    op.drop_index(op.f("ix_benefit_lines_idea_id"), table_name="benefit_lines")
    op.drop_table("benefit_lines")
    op.drop_table("confirmations")
    op.drop_index("uq_analysis_runs_data", table_name="analysis_runs")
    op.drop_index(op.f("ix_analysis_runs_idea_id"), table_name="analysis_runs")
    op.drop_table("analysis_runs")
    op.drop_index(op.f("ix_progress_notes_commitment_id"), table_name="progress_notes")
    op.drop_table("progress_notes")
    op.drop_index(op.f("ix_implementations_commitment_id"), table_name="implementations")
    op.drop_index(op.f("ix_implementations_idea_id"), table_name="implementations")
    op.drop_table("implementations")
    op.drop_table("guardrails")
    op.drop_index(op.f("ix_date_changes_commitment_id"), table_name="date_changes")
    op.drop_table("date_changes")
    op.drop_index(op.f("ix_commitments_person_id"), table_name="commitments")
    op.drop_index("ix_commitments_due", table_name="commitments")
    op.drop_index(op.f("ix_commitments_department_id"), table_name="commitments")
    op.drop_table("commitments")
    op.drop_index("ix_metric_points_series", table_name="metric_points")
    op.drop_table("metric_points")
    op.drop_index("uq_credit_shares_part", table_name="credit_shares")
    op.drop_index("ix_credit_shares_person", table_name="credit_shares")
    op.drop_table("credit_shares")
    op.drop_index(op.f("ix_baselines_metric_id"), table_name="baselines")
    op.drop_index(op.f("ix_baselines_idea_id"), table_name="baselines")
    op.drop_table("baselines")
    op.drop_index(op.f("ix_metrics_department_id"), table_name="metrics")
    op.drop_table("metrics")
