"""Tables for the terms of ideas, by which ideas that say the same are found."""

import sqlalchemy as sa
from alembic import op

revision = "0019_terms_of_ideas"
down_revision = "0018_sent_forms"

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "terms",
        sa.Column("id", Id, nullable=False),
        sa.Column("letters", sa.String(8), nullable=False),
        sa.Column("idea_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms")),
        sa.UniqueConstraint("letters", name=op.f("uq_terms_letters")),
    )
    op.create_table(
        "idea_terms",
        sa.Column("term_id", Id, nullable=False),
        sa.Column("idea_id", Id, nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_idea_terms_idea_id")),
        sa.ForeignKeyConstraint(["term_id"], ["terms.id"], name=op.f("fk_idea_terms_term_id")),
        sa.PrimaryKeyConstraint("term_id", "idea_id", name=op.f("pk_idea_terms")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("idea_terms")
    op.drop_table("terms")
