"""Indexes for what somebody owes by its kind, and for what came to them since a day."""

from alembic import op

revision = "0032_clocks_by_holder"
down_revision = "0031_contributions"


def upgrade() -> None:
    """Apply."""
    op.drop_index("ix_clocks_open", "clocks")
    op.create_index(
        "ix_clocks_open", "clocks", ["accountable_id", "subject_kind", "stopped_at", "due_at"]
    )
    op.create_index("ix_clocks_begun", "clocks", ["accountable_id", "kind", "started_at"])


def downgrade() -> None:
    """Undo."""
    op.drop_index("ix_clocks_begun", "clocks")
    op.drop_index("ix_clocks_open", "clocks")
    op.create_index("ix_clocks_open", "clocks", ["accountable_id", "stopped_at", "due_at"])
