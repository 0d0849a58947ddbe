"""Let anonymous words of a day come out together: nothing is drawn for each any more."""

import sqlalchemy as sa
from alembic import op

revision = "0020_a_batch_a_day"
down_revision = "0019_terms_of_ideas"


def upgrade() -> None:
    """Apply."""
    op.drop_column("staged_words", "batches_left")


def downgrade() -> None:
    """Take back."""
    op.add_column(
        "staged_words", sa.Column("batches_left", sa.Integer(), nullable=False, server_default="0")
    )
