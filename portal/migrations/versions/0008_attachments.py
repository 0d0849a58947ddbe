"""Files attached to what people hand in."""

import sqlalchemy as sa
from alembic import op

revision = "0008_attachments"
down_revision = "0007_rendered_markdown"

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "attachments",
        sa.Column("id", Id, nullable=False),
        sa.Column("subject_kind", sa.String(length=16), nullable=False),
        sa.Column("subject_id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(length=32), nullable=True),
        sa.Column("thumbnail_key", sa.String(length=32), nullable=True),
        sa.Column("received_sha256", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("changed_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_attachments_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
        sa.UniqueConstraint("key", name=op.f("uq_attachments_key")),
        sa.UniqueConstraint("thumbnail_key", name=op.f("uq_attachments_thumbnail_key")),
    )
    op.create_index(
        "ix_attachments_subject", "attachments", ["subject_kind", "subject_id", "id"], unique=False
    )
    op.create_index(
        "ix_attachments_person", "attachments", ["person_id", "created_at"], unique=False
    )


def downgrade() -> None:
    """Undo."""
    op.drop_index("ix_attachments_person", table_name="attachments")
    op.drop_index("ix_attachments_subject", table_name="attachments")
    op.drop_table("attachments")
