"""The hours a week that somebody has for deciding."""

import sqlalchemy as sa
from alembic import op

revision = "0028_review_hours"
down_revision = "0027_sittings"

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "review_hours",
        sa.Column("person_id", Id, nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_review_hours_person_id_persons")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_review_hours")),
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("review_hours")
