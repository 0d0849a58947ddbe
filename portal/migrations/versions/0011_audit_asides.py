"""Keep what is personal in the audit log beside it, where it can be erased."""

import sqlalchemy as sa
from alembic import op

from portal.migrations.triggers import drop_erase_only, make_erase_only

revision = "0011_audit_asides"
down_revision = "0010_sign_in"

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    op.add_column("audit_rows", sa.Column("aside_hash", sa.String(64), nullable=True))
    op.create_index("ix_audit_rows_action", "audit_rows", ["action"])
    op.create_table(
        "audit_asides",
        sa.Column("seq", BigId, autoincrement=False, nullable=False),
        sa.Column("person_id", BigId, nullable=True),
        sa.Column("salt", sa.String(32), nullable=True),
        sa.Column("text", sa.Text, nullable=True),
        sa.Column("erased_by", BigId, nullable=True),
        sa.PrimaryKeyConstraint("seq", name="pk_audit_asides"),
        sa.ForeignKeyConstraint(["seq"], ["audit_rows.seq"], name="fk_audit_asides_seq_audit_rows"),
    )
    op.create_index("ix_audit_asides_person_id", "audit_asides", ["person_id"])
    make_erase_only("audit_asides")


def downgrade() -> None:
    """Take back."""
    drop_erase_only("audit_asides")
    op.drop_table("audit_asides")
    op.drop_index("ix_audit_rows_action", "audit_rows")
    op.drop_column("audit_rows", "aside_hash")
