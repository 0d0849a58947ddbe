"""Tables for decisions that can still be undone, and for steps that nobody reads of."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026_held_decisions"
down_revision = "0025_saved_views"

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "held_decisions",
        sa.Column("idea_id", Id, nullable=False),
        sa.Column("decision_id", Id, nullable=False),
        sa.Column("signed_by_id", Id, nullable=False),
        sa.Column("until", Moment, nullable=False),
        sa.Column("before", Json, nullable=False),
        sa.Column("after", Json, nullable=False),
        sa.Column("move_ids", Json, nullable=False),
        *(
            sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_held_decisions_{column}"))
            for column, target in (
                ("decision_id", "decisions.id"),
                ("idea_id", "ideas.id"),
                ("signed_by_id", "persons.id"),
            )
        ),
        sa.PrimaryKeyConstraint("idea_id", name=op.f("pk_held_decisions")),
    )
    op.create_index(op.f("ix_held_decisions_signed_by_id"), "held_decisions", ["signed_by_id"])
    op.create_table(
        "silent_moves",
        sa.Column("move_id", Id, nullable=False),
        sa.ForeignKeyConstraint(["move_id"], ["idea_moves.id"], name="fk_silent_moves_move_id"),
        sa.PrimaryKeyConstraint("move_id", name=op.f("pk_silent_moves")),
    )
    with op.batch_alter_table("decisions") as table:
        table.add_column(sa.Column("undone_at", Moment, nullable=True))


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("decisions") as table:
        table.drop_column("undone_at")
    op.drop_table("silent_moves")
    op.drop_index(op.f("ix_held_decisions_signed_by_id"), table_name="held_decisions")
    op.drop_table("held_decisions")
