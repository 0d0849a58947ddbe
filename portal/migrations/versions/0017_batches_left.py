"""Let anonymous words wait for a number of batches that is drawn for each."""

import sqlalchemy as sa
from alembic import op

revision = "0017_batches_left"
down_revision = "0016_deliveries"


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "staged_words", sa.Column("batches_left", sa.Integer(), nullable=False, server_default="1")
    )
    op.drop_column("staged_words", "is_ripe")


def downgrade() -> None:
    """Take back."""
    op.add_column(
        "staged_words",
        sa.Column("is_ripe", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.drop_column("staged_words", "batches_left")
