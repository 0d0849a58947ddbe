"""How often somebody did what within the last hour."""

import sqlalchemy as sa
from alembic import op

revision = "0009_rate_counts"
down_revision = "0008_attachments"

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "rate_counts",
        sa.Column("person_id", Id, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "kind", name=op.f("pk_rate_counts")),
    )
    op.create_index(op.f("ix_rate_counts_began_at"), "rate_counts", ["began_at"])


def downgrade() -> None:
    """Undo."""
    op.drop_index(op.f("ix_rate_counts_began_at"), table_name="rate_counts")
    op.drop_table("rate_counts")
