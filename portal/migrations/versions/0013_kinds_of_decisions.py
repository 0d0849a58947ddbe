"""What decisions of every kind hold, appeals, and how useful authors found an answer."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013_kinds_of_decisions"
down_revision = "0012_hidden_authors"

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("decisions") as table:
        table.add_column(sa.Column("review_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("yearly_minor", Id, nullable=True))
        table.add_column(sa.Column("details", Json, nullable=False, server_default="{}"))
    with op.batch_alter_table("decisions") as table:
        table.alter_column("details", server_default=None)
    op.create_table(
        "appeals",
        sa.Column("id", Id, nullable=False),
        sa.Column("idea_id", Id, nullable=False),
        sa.Column("against_id", Id, nullable=True),
        sa.Column("made_by_id", Id, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_at", Moment, nullable=False),
        sa.Column("heard_by_id", Id, nullable=True),
        sa.Column("heard_at", Moment, nullable=True),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_appeals_idea_id")),
        sa.ForeignKeyConstraint(["against_id"], ["persons.id"], name=op.f("fk_appeals_against_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["persons.id"], name=op.f("fk_appeals_made_by_id")),
        sa.ForeignKeyConstraint(
            ["heard_by_id"], ["persons.id"], name=op.f("fk_appeals_heard_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeals")),
        sa.UniqueConstraint("idea_id", name=op.f("uq_appeals_idea_id")),
    )
    op.create_table(
        "answer_ratings",
        sa.Column("decision_id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("is_useful", sa.Boolean(), nullable=False),
        sa.Column("rated_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name=op.f("fk_answer_ratings_decision_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_answer_ratings_person_id")
        ),
        sa.PrimaryKeyConstraint("decision_id", "person_id", name=op.f("pk_answer_ratings")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("answer_ratings")
    op.drop_table("appeals")
    with op.batch_alter_table("decisions") as table:
        table.drop_column("details")
        table.drop_column("yearly_minor")
        table.drop_column("review_on")
