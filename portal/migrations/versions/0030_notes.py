"""Private notes on the bench, and whom they name."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0030_notes"
down_revision = "0029_scores"

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "notes",
        sa.Column("id", Id, nullable=False),
        sa.Column("idea_id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_at", Moment, nullable=False),
        sa.Column("withdrawn_at", Moment, nullable=True),
        sa.Column("nonce", sa.String(length=36), nullable=True),
        sa.Column("html", Json, nullable=False),
        sa.Column("html_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_notes_idea_id_ideas")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_notes_person_id_persons")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
        sa.UniqueConstraint("nonce", name=op.f("uq_notes_nonce")),
    )
    op.create_index("ix_notes_idea", "notes", ["idea_id", "id"])
    op.create_index(op.f("ix_notes_html_version"), "notes", ["html_version"])
    op.create_table(
        "note_mentions",
        sa.Column("note_id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.ForeignKeyConstraint(
            ["note_id"], ["notes.id"], name=op.f("fk_note_mentions_note_id_notes")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_note_mentions_person_id_persons")
        ),
        sa.PrimaryKeyConstraint("note_id", "person_id", name=op.f("pk_note_mentions")),
    )
    op.create_index(op.f("ix_note_mentions_person_id"), "note_mentions", ["person_id"])


def downgrade() -> None:
    """Undo."""
    op.drop_table("note_mentions")
    op.drop_table("notes")
