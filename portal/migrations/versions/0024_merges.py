"""A table for ideas that were joined to others, and where a copied "me too" came from."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0024_merges"
down_revision = "0023_absences"

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
Moment = sa.DateTime(timezone=True)
IN_FORCE = sa.text("unmerged_at IS NULL")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "merges",
        sa.Column("id", Id, nullable=False),
        sa.Column("idea_id", Id, nullable=False),
        sa.Column("into_id", Id, nullable=False),
        sa.Column("decision_id", Id, nullable=False),
        sa.Column("before", Json, nullable=False),
        sa.Column("own_shares", Json, nullable=False),
        sa.Column("merged_by_id", Id, nullable=False),
        sa.Column("merged_at", Moment, nullable=False),
        sa.Column("unmerged_by_id", Id, nullable=True),
        sa.Column("unmerged_at", Moment, nullable=True),
        *(
            sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_merges_{column}"))
            for column, target in (
                ("decision_id", "decisions.id"),
                ("idea_id", "ideas.id"),
                ("into_id", "ideas.id"),
                ("merged_by_id", "persons.id"),
                ("unmerged_by_id", "persons.id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merges")),
    )
    op.create_index(
        "uq_merges_in_force",
        "merges",
        ["idea_id"],
        unique=True,
        sqlite_where=IN_FORCE,
        postgresql_where=IN_FORCE,
    )
    op.create_index("ix_merges_into", "merges", ["into_id", "id"])
    with op.batch_alter_table("supports") as table:
        table.add_column(sa.Column("copied_from_id", Id, nullable=True))
        table.create_foreign_key(
            op.f("fk_supports_copied_from_id"), "supports", ["copied_from_id"], ["id"]
        )
        table.create_index(op.f("ix_supports_copied_from_id"), ["copied_from_id"])


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("supports") as table:
        table.drop_index(op.f("ix_supports_copied_from_id"))
        table.drop_constraint(op.f("fk_supports_copied_from_id"), type_="foreignkey")
        table.drop_column("copied_from_id")
    op.drop_index("ix_merges_into", table_name="merges")
    op.drop_index("uq_merges_in_force", table_name="merges")
    op.drop_table("merges")
