"""How far up a clock's lateness was told, and what happens to an idea without a step."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from portal.migrations.triggers import drop_append_only, make_append_only

revision = "0021_ladder"
down_revision = "0020_a_batch_a_day"

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
Moment = sa.DateTime(timezone=True)
HAS_NEXT = sa.text("next_at IS NOT NULL")


def upgrade() -> None:
    """Apply; what stands open is told to the head when it is over, and was nudged already."""
    op.add_column(
        "clocks", sa.Column("allowed_seconds", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column("clocks", sa.Column("until_on", sa.Date(), nullable=True))
    op.add_column("clocks", sa.Column("grace_until", Moment, nullable=True))
    op.add_column("clocks", sa.Column("rung", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("clocks", sa.Column("next_at", Moment, nullable=True))
    op.execute(
        "UPDATE clocks SET rung = 1, next_at = due_at, allowed_seconds = 288000 "
        "WHERE is_governing AND stopped_at IS NULL AND paused_at IS NULL "
        "AND kind NOT IN ('review', 'measure')"
    )
    op.create_index(
        "ix_clocks_next",
        "clocks",
        ["next_at"],
        sqlite_where=HAS_NEXT,
        postgresql_where=HAS_NEXT,
    )
    op.create_table(
        "idea_marks",
        sa.Column("id", Id, nullable=False),
        sa.Column("idea_id", Id, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("actor_id", Id, nullable=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("person_id", Id, nullable=True),
        sa.Column("sentence", sa.Text(), nullable=True),
        sa.Column("details", Json, nullable=False),
        sa.Column("key", sa.String(64), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["persons.id"], name=op.f("fk_idea_marks_actor_id")),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_idea_marks_idea_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_idea_marks_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idea_marks")),
        sa.UniqueConstraint("key", name=op.f("uq_idea_marks_key")),
    )
    op.create_index("ix_idea_marks_idea", "idea_marks", ["idea_id", "id"])
    make_append_only("idea_marks")


def downgrade() -> None:
    """Take back."""
    drop_append_only("idea_marks")
    op.drop_index("ix_idea_marks_idea", table_name="idea_marks")
    op.drop_table("idea_marks")
    op.drop_index(
        "ix_clocks_next", table_name="clocks", sqlite_where=HAS_NEXT, postgresql_where=HAS_NEXT
    )
    for name in ("next_at", "rung", "grace_until", "until_on", "allowed_seconds"):
        op.drop_column("clocks", name)
