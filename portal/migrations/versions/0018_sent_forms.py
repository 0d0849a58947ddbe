"""The keys of forms that have arrived, so that the same key with something else is refused."""

import sqlalchemy as sa
from alembic import op

revision = "0018_sent_forms"
down_revision = "0017_batches_left"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "sent_forms",
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("arrived_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_sent_forms")),
    )
    op.create_index(op.f("ix_sent_forms_arrived_on"), "sent_forms", ["arrived_on"])


def downgrade() -> None:
    """Undo."""
    op.drop_index(op.f("ix_sent_forms_arrived_on"), table_name="sent_forms")
    op.drop_table("sent_forms")
