"""Let hidden authors take points out as vouchers."""

import sqlalchemy as sa
from alembic import op

revision = "0022_vouchers"
down_revision = "0021_ladder"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "vouchers",
        sa.Column("code_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_vouchers")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("vouchers")
