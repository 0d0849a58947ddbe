"""Deliveries by mail, and how people want to be told."""

import sqlalchemy as sa
from alembic import op

revision = "0016_deliveries"
down_revision = "0015_outbox_with_a_queue"

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "deliveries",
        sa.Column("id", Id, nullable=False),
        sa.Column("notice_id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("is_digest", sa.Boolean(), nullable=False),
        sa.Column("due_at", Moment, nullable=False),
        sa.Column("settled_at", Moment, nullable=True),
        sa.Column("address", sa.String(254), nullable=True),
        sa.Column("reason", sa.String(240), nullable=True),
        sa.Column("copy", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notices.id"], name=op.f("fk_deliveries_notice_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_deliveries_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("notice_id", "channel", name=op.f("uq_deliveries_notice_id_channel")),
    )
    op.create_index("ix_deliveries_person", "deliveries", ["person_id", "state", "due_at"])
    op.create_index("ix_deliveries_state", "deliveries", ["state", "settled_at"])
    op.create_table(
        "telling_choices",
        sa.Column("person_id", Id, nullable=False),
        sa.Column("rhythm", sa.String(32), nullable=False),
        sa.Column("quiet_from", sa.Time(), nullable=True),
        sa.Column("quiet_until", sa.Time(), nullable=True),
        sa.Column("refused_address", sa.String(254), nullable=True),
        sa.Column("refused_because", sa.String(240), nullable=True),
        sa.Column("refused_at", Moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_telling_choices_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_telling_choices")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("telling_choices")
    op.drop_index("ix_deliveries_state", table_name="deliveries")
    op.drop_index("ix_deliveries_person", table_name="deliveries")
    op.drop_table("deliveries")
