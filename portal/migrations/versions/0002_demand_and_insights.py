"""Tables for calendars and clocks, contact reasons, insights."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002_demand_and_insights"
down_revision = "0001_people"

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "calendars",
        sa.Column("id", Id, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("weekdays", sa.Integer(), nullable=False),
        sa.Column("opens", sa.Time(), nullable=False),
        sa.Column("closes", sa.Time(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendars")),
        sa.UniqueConstraint("key", name=op.f("uq_calendars_key")),
    )
    op.create_table(
        "clock_rules",
        sa.Column("id", Id, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("department_id", Id, nullable=True),
        sa.Column("business_days", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_rules")),
    )
    op.create_index("uq_clock_rules_scope", "clock_rules", ["kind", "department_id"], unique=True)
    op.create_table(
        "clocks",
        sa.Column("id", Id, nullable=False),
        sa.Column("subject_kind", sa.String(length=16), nullable=False),
        sa.Column("subject_id", Id, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("is_governing", sa.Boolean(), nullable=False),
        sa.Column("department_id", Id, nullable=False),
        sa.Column("accountable_id", Id, nullable=False),
        sa.Column("started_at", Moment, nullable=False),
        sa.Column("due_at", Moment, nullable=False),
        sa.Column("paused_at", Moment, nullable=True),
        sa.Column("stopped_at", Moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clocks")),
    )
    op.create_index(
        "ix_clocks_open", "clocks", ["accountable_id", "stopped_at", "due_at"], unique=False
    )
    op.create_index("ix_clocks_subject", "clocks", ["subject_kind", "subject_id"], unique=False)
    op.create_index(
        "uq_clocks_governing",
        "clocks",
        ["subject_kind", "subject_id"],
        unique=True,
        sqlite_where=sa.text("is_governing AND stopped_at IS NULL"),
        postgresql_where=sa.text("is_governing AND stopped_at IS NULL"),
    )
    op.create_table(
        "contact_reasons",
        sa.Column("id", Id, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_key", sa.String(length=120), nullable=False),
        sa.Column("parent_id", Id, nullable=True),
        sa.Column("path", sa.String(length=255), nullable=False),
        sa.Column("owner_department_id", Id, nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_department_id"],
            ["departments.id"],
            name=op.f("fk_contact_reasons_owner_department_id"),
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["contact_reasons.id"], name=op.f("fk_contact_reasons_parent_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_reasons")),
        sa.UniqueConstraint("key", name=op.f("uq_contact_reasons_key")),
    )
    op.create_index(
        op.f("ix_contact_reasons_name_key"), "contact_reasons", ["name_key"], unique=False
    )
    op.create_index(
        op.f("ix_contact_reasons_owner_department_id"),
        "contact_reasons",
        ["owner_department_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_contact_reasons_parent_id"), "contact_reasons", ["parent_id"], unique=False
    )
    op.create_table(
        "department_calendars",
        sa.Column("department_id", Id, nullable=False),
        sa.Column("calendar_id", Id, nullable=False),
        sa.ForeignKeyConstraint(
            ["calendar_id"], ["calendars.id"], name=op.f("fk_department_calendars_calendar_id")
        ),
        sa.PrimaryKeyConstraint("department_id", name=op.f("pk_department_calendars")),
    )
    op.create_table(
        "holidays",
        sa.Column("calendar_id", Id, nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["calendar_id"], ["calendars.id"], name=op.f("fk_holidays_calendar_id")
        ),
        sa.PrimaryKeyConstraint("calendar_id", "on", name=op.f("pk_holidays")),
    )
    op.create_table(
        "insights",
        sa.Column("id", Id, nullable=False),
        sa.Column("number", Id, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("expected", sa.Text(), nullable=True),
        sa.Column("channel", sa.String(32), nullable=True),
        sa.Column("reason_id", Id, nullable=True),
        sa.Column("department_id", Id, nullable=False),
        sa.Column("routed_because", Json, nullable=False),
        sa.Column("demand_type", sa.String(32), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("segment", sa.String(length=60), nullable=True),
        sa.Column("moment", sa.String(length=60), nullable=True),
        sa.Column("friction", Json, nullable=False),
        sa.Column("masked", Json, nullable=False),
        sa.Column("occurred_at", Moment, nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("author_id", Id, nullable=True),
        sa.Column("external_id", sa.String(length=120), nullable=True),
        sa.Column("nonce", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["persons.id"], name=op.f("fk_insights_author_id")),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name=op.f("fk_insights_department_id")
        ),
        sa.ForeignKeyConstraint(
            ["reason_id"], ["contact_reasons.id"], name=op.f("fk_insights_reason_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_insights")),
        sa.UniqueConstraint("external_id", name=op.f("uq_insights_external_id")),
        sa.UniqueConstraint("nonce", name=op.f("uq_insights_nonce")),
        sa.UniqueConstraint("number", name=op.f("uq_insights_number")),
    )
    op.create_index(op.f("ix_insights_author_id"), "insights", ["author_id"], unique=False)
    op.create_index(
        "ix_insights_department_newest",
        "insights",
        ["department_id", "occurred_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_insights_channel_newest",
        "insights",
        ["channel", "occurred_at", "id"],
        unique=False,
    )
    op.create_index("ix_insights_newest", "insights", ["occurred_at", "id"], unique=False)
    op.create_index(
        "ix_insights_reason_newest", "insights", ["reason_id", "occurred_at", "id"], unique=False
    )
    op.create_table(
        "reason_costs",
        sa.Column("id", Id, nullable=False),
        sa.Column("reason_id", Id, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("avoidable_minor", sa.BigInteger(), nullable=False),
        sa.Column("full_minor", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reason_id"], ["contact_reasons.id"], name=op.f("fk_reason_costs_reason_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reason_costs")),
    )
    op.create_index(
        "uq_reason_costs_from", "reason_costs", ["reason_id", "valid_from"], unique=True
    )


def downgrade() -> None:
    """Undo."""
    op.drop_index("uq_reason_costs_from", table_name="reason_costs")
    op.drop_table("reason_costs")
    op.drop_index("ix_insights_reason_newest", table_name="insights")
    op.drop_index("ix_insights_newest", table_name="insights")
    op.drop_index("ix_insights_channel_newest", table_name="insights")
    op.drop_index("ix_insights_department_newest", table_name="insights")
    op.drop_index(op.f("ix_insights_author_id"), table_name="insights")
    op.drop_table("insights")
    op.drop_table("holidays")
    op.drop_table("department_calendars")
    op.drop_index(op.f("ix_contact_reasons_parent_id"), table_name="contact_reasons")
    op.drop_index(op.f("ix_contact_reasons_owner_department_id"), table_name="contact_reasons")
    op.drop_index(op.f("ix_contact_reasons_name_key"), table_name="contact_reasons")
    op.drop_table("contact_reasons")
    op.drop_index(
        "uq_clocks_governing",
        table_name="clocks",
        sqlite_where=sa.text("is_governing AND stopped_at IS NULL"),
        postgresql_where=sa.text("is_governing AND stopped_at IS NULL"),
    )
    op.drop_index("ix_clocks_subject", table_name="clocks")
    op.drop_index("ix_clocks_open", table_name="clocks")
    op.drop_table("clocks")
    op.drop_index("uq_clock_rules_scope", table_name="clock_rules")
    op.drop_table("clock_rules")
    op.drop_table("calendars")
