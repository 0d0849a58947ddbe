"""Tables for ideas and their authors, moves, supports, comments; transfers and decisions."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from portal.migrations.triggers import drop_append_only, make_append_only

revision = "0003_ideas_and_triage"
down_revision = "0002_demand_and_insights"

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "ideas",
        sa.Column("id", Id, nullable=False),
        sa.Column("number", Id, nullable=False),
        sa.Column("title", sa.String(length=140), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=False),
        sa.Column("lens", sa.String(32), nullable=True),
        sa.Column("control", sa.String(32), nullable=True),
        sa.Column("reason_id", Id, nullable=True),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("submitter_id", Id, nullable=True),
        sa.Column("owner_department_id", Id, nullable=True),
        sa.Column("handler_id", Id, nullable=True),
        sa.Column("waits_since", Moment, nullable=True),
        sa.Column("due_at", Moment, nullable=True),
        sa.Column("is_paused", sa.Boolean(), nullable=False),
        sa.Column("routed_because", Json, nullable=False),
        sa.Column("support_count", sa.Integer(), nullable=False),
        sa.Column("comment_count", sa.Integer(), nullable=False),
        sa.Column("masked", Json, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("submitted_at", Moment, nullable=True),
        sa.Column("moved_at", Moment, nullable=False),
        sa.Column("nonce", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["handler_id"], ["persons.id"], name=op.f("fk_ideas_handler_id")),
        sa.ForeignKeyConstraint(
            ["owner_department_id"], ["departments.id"], name=op.f("fk_ideas_owner_department_id")
        ),
        sa.ForeignKeyConstraint(
            ["reason_id"], ["contact_reasons.id"], name=op.f("fk_ideas_reason_id")
        ),
        sa.ForeignKeyConstraint(
            ["submitter_id"], ["persons.id"], name=op.f("fk_ideas_submitter_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ideas")),
        sa.UniqueConstraint("nonce", name=op.f("uq_ideas_nonce")),
        sa.UniqueConstraint("number", name=op.f("uq_ideas_number")),
    )
    op.create_index(
        "ix_ideas_department_newest",
        "ideas",
        ["owner_department_id", "submitted_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_ideas_inbox", "ideas", ["owner_department_id", "state", "due_at"], unique=False
    )
    op.create_index("ix_ideas_newest", "ideas", ["submitted_at", "id"], unique=False)
    op.create_index(
        "ix_ideas_reason_newest", "ideas", ["reason_id", "submitted_at", "id"], unique=False
    )
    op.create_index("ix_ideas_state_newest", "ideas", ["state", "submitted_at", "id"], unique=False)
    op.create_index(op.f("ix_ideas_submitter_id"), "ideas", ["submitter_id"], unique=False)
    op.create_index("ix_ideas_support", "ideas", ["support_count", "id"], unique=False)
    op.create_index("ix_ideas_waiting", "ideas", ["handler_id", "due_at"], unique=False)
    op.create_table(
        "comments",
        sa.Column("id", Id, nullable=False),
        sa.Column("idea_id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("nonce", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_comments_idea_id")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_comments_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
        sa.UniqueConstraint("nonce", name=op.f("uq_comments_nonce")),
    )
    op.create_index("ix_comments_idea", "comments", ["idea_id", "id"], unique=False)
    op.create_table(
        "decisions",
        sa.Column("id", Id, nullable=False),
        sa.Column("idea_id", Id, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("reason_code", sa.String(length=32), nullable=True),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("would_change", sa.Text(), nullable=True),
        sa.Column("department_id", Id, nullable=False),
        sa.Column("signed_by_id", Id, nullable=False),
        sa.Column("signed_at", Moment, nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by_id", Id, nullable=True),
        sa.Column("answered_at", Moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["persons.id"], name=op.f("fk_decisions_answered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name=op.f("fk_decisions_department_id")
        ),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_decisions_idea_id")),
        sa.ForeignKeyConstraint(
            ["signed_by_id"], ["persons.id"], name=op.f("fk_decisions_signed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
    op.create_index(op.f("ix_decisions_idea_id"), "decisions", ["idea_id"], unique=False)
    op.create_table(
        "idea_authors",
        sa.Column("idea_id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("share_percent", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_idea_authors_idea_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_idea_authors_person_id")
        ),
        sa.PrimaryKeyConstraint("idea_id", "person_id", name=op.f("pk_idea_authors")),
    )
    op.create_index(op.f("ix_idea_authors_person_id"), "idea_authors", ["person_id"], unique=False)
    op.create_table(
        "idea_moves",
        sa.Column("id", Id, nullable=False),
        sa.Column("idea_id", Id, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("actor_id", Id, nullable=True),
        sa.Column("verb", sa.String(length=32), nullable=False),
        sa.Column("from_state", sa.String(32), nullable=True),
        sa.Column("to_state", sa.String(32), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=True),
        sa.Column("details", Json, nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["persons.id"], name=op.f("fk_idea_moves_actor_id")),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_idea_moves_idea_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idea_moves")),
    )
    op.create_index("ix_idea_moves_idea", "idea_moves", ["idea_id", "id"], unique=False)
    op.create_table(
        "supports",
        sa.Column("id", Id, nullable=False),
        sa.Column("idea_id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(32), nullable=True),
        sa.Column("example", sa.Text(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("created_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_supports_idea_id")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_supports_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supports")),
        sa.UniqueConstraint("idea_id", "person_id", name=op.f("uq_supports_idea_id_person_id")),
    )
    op.create_index("ix_supports_newest", "supports", ["created_at", "idea_id"], unique=False)
    op.create_index(op.f("ix_supports_person_id"), "supports", ["person_id"], unique=False)
    op.create_table(
        "transfers",
        sa.Column("id", Id, nullable=False),
        sa.Column("idea_id", Id, nullable=False),
        sa.Column("hop", sa.Integer(), nullable=False),
        sa.Column("from_department_id", Id, nullable=False),
        sa.Column("to_department_id", Id, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by_id", Id, nullable=False),
        sa.Column("asked_at", Moment, nullable=False),
        sa.Column("outcome", sa.String(32), nullable=True),
        sa.Column("answered_by_id", Id, nullable=True),
        sa.Column("answered_at", Moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["persons.id"], name=op.f("fk_transfers_answered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["persons.id"], name=op.f("fk_transfers_asked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["from_department_id"], ["departments.id"], name=op.f("fk_transfers_from_department_id")
        ),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_transfers_idea_id")),
        sa.ForeignKeyConstraint(
            ["to_department_id"], ["departments.id"], name=op.f("fk_transfers_to_department_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfers")),
    )
    op.create_index(op.f("ix_transfers_idea_id"), "transfers", ["idea_id"], unique=False)
    make_append_only("idea_moves")


def downgrade() -> None:
    """Undo."""
    drop_append_only("idea_moves")
    op.drop_index(op.f("ix_transfers_idea_id"), table_name="transfers")
    op.drop_table("transfers")
    op.drop_index("ix_supports_newest", table_name="supports")
    op.drop_index(op.f("ix_supports_person_id"), table_name="supports")
    op.drop_table("supports")
    op.drop_index("ix_idea_moves_idea", table_name="idea_moves")
    op.drop_table("idea_moves")
    op.drop_index(op.f("ix_idea_authors_person_id"), table_name="idea_authors")
    op.drop_table("idea_authors")
    op.drop_index(op.f("ix_decisions_idea_id"), table_name="decisions")
    op.drop_table("decisions")
    op.drop_index("ix_comments_idea", table_name="comments")
    op.drop_table("comments")
    op.drop_index("ix_ideas_waiting", table_name="ideas")
    op.drop_index("ix_ideas_support", table_name="ideas")
    op.drop_index(op.f("ix_ideas_submitter_id"), table_name="ideas")
    op.drop_index("ix_ideas_state_newest", table_name="ideas")
    op.drop_index("ix_ideas_reason_newest", table_name="ideas")
    op.drop_index("ix_ideas_newest", table_name="ideas")
    op.drop_index("ix_ideas_inbox", table_name="ideas")
    op.drop_index("ix_ideas_department_newest", table_name="ideas")
    op.drop_table("ideas")
