"""What a queue engine behind the outbox needs: leases by name, and a row for every period."""

import sqlalchemy as sa
from alembic import op

revision = "0015_outbox_with_a_queue"
down_revision = "0014_routing_rules"

Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("outbox_tasks") as table:
        table.add_column(sa.Column("delivery_id", sa.String(length=36), nullable=True))
        table.add_column(sa.Column("handed_at", Moment, nullable=True))
        table.add_column(sa.Column("lease", sa.String(length=32), nullable=True))
        table.add_column(sa.Column("given_up_because", sa.String(length=240), nullable=True))
    op.execute("UPDATE outbox_tasks SET delivery_id = CAST(id AS VARCHAR(36))")
    with op.batch_alter_table("outbox_tasks") as table:
        table.alter_column("delivery_id", existing_type=sa.String(length=36), nullable=False)
    op.drop_table("scheduled_runs")
    op.create_table(
        "scheduled_runs",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("period", Moment, nullable=False),
        sa.PrimaryKeyConstraint("name", "period", name=op.f("pk_scheduled_runs")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("scheduled_runs")
    op.create_table(
        "scheduled_runs",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("last_run_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_scheduled_runs")),
    )
    with op.batch_alter_table("outbox_tasks") as table:
        for column in ("given_up_because", "lease", "handed_at", "delivery_id"):
            table.drop_column(column)
