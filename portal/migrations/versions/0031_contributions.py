"""The tasks that departments take on for an idea that is another's."""

import sqlalchemy as sa
from alembic import op

revision = "0031_contributions"
down_revision = "0030_notes"

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "contributions",
        sa.Column("id", Id, nullable=False),
        sa.Column("idea_id", Id, nullable=False),
        sa.Column("department_id", Id, nullable=False),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("asked_by_id", Id, nullable=False),
        sa.Column("asked_at", Moment, nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("settled_by_id", Id, nullable=True),
        sa.Column("settled_at", Moment, nullable=True),
        sa.Column("nonce", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(
            ["idea_id"], ["ideas.id"], name=op.f("fk_contributions_idea_id_ideas")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["departments.id"],
            name=op.f("fk_contributions_department_id_departments"),
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["persons.id"], name=op.f("fk_contributions_asked_by_id_persons")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["persons.id"], name=op.f("fk_contributions_settled_by_id_persons")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contributions")),
        sa.UniqueConstraint("nonce", name=op.f("uq_contributions_nonce")),
    )
    is_open = sa.text("settled_at IS NULL")
    op.create_index(
        "uq_contributions_open",
        "contributions",
        ["idea_id", "department_id"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.create_index("ix_contributions_department", "contributions", ["department_id", "id"])
    op.create_index("ix_contributions_idea", "contributions", ["idea_id", "id"])


def downgrade() -> None:
    """Undo."""
    op.drop_table("contributions")
