"""Tables for the ordered rules with their history, and for what the router has learned."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014_routing_rules"
down_revision = "0013_kinds_of_decisions"

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "routing_rules",
        sa.Column("id", Id, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("department_id", Id, nullable=False),
        sa.Column("conditions", Json, nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name=op.f("fk_routing_rules_department_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_rules")),
    )
    op.create_index(op.f("ix_routing_rules_position"), "routing_rules", ["position"])
    op.create_table(
        "routing_rule_versions",
        sa.Column("id", Id, nullable=False),
        sa.Column("rule_id", Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("change", sa.String(32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("department_id", Id, nullable=False),
        sa.Column("conditions", Json, nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("changed_by_id", Id, nullable=True),
        sa.Column("changed_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["persons.id"], name=op.f("fk_routing_rule_versions_changed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["departments.id"],
            name=op.f("fk_routing_rule_versions_department_id"),
        ),
        sa.ForeignKeyConstraint(
            ["rule_id"], ["routing_rules.id"], name=op.f("fk_routing_rule_versions_rule_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_rule_versions")),
    )
    op.create_index(
        "uq_routing_rule_versions_rule",
        "routing_rule_versions",
        ["rule_id", "version"],
        unique=True,
    )
    op.create_table(
        "learned_routers",
        sa.Column("id", Id, nullable=False),
        sa.Column("learned_at", Moment, nullable=False),
        sa.Column("example_count", sa.Integer(), nullable=False),
        sa.Column("material", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("arrays", sa.LargeBinary(), nullable=False),
        sa.Column("figures", Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learned_routers")),
    )
    op.create_table(
        "router_settings",
        sa.Column("id", Id, nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("confidence_percent", sa.Integer(), nullable=False),
        sa.Column("set_by_id", Id, nullable=True),
        sa.Column("set_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["set_by_id"], ["persons.id"], name=op.f("fk_router_settings_set_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_router_settings")),
    )


def downgrade() -> None:
    """Take back."""
    for name in ("router_settings", "learned_routers", "routing_rule_versions", "routing_rules"):
        op.drop_table(name)
