"""Tables for authors who are not named: seals, phrases, what waits to be published."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012_hidden_authors"
down_revision = "0011_audit_asides"

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "seals",
        sa.Column("id", Id, nullable=False),
        sa.Column("subject_kind", sa.String(length=16), nullable=False),
        sa.Column("subject_id", Id, nullable=False),
        sa.Column("persona_id", Id, nullable=False),
        sa.Column("sealed", sa.LargeBinary(length=88), nullable=False),
        sa.Column("owner_token", sa.LargeBinary(length=16), nullable=True),
        sa.ForeignKeyConstraint(["persona_id"], ["persons.id"], name=op.f("fk_seals_persona_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seals")),
        sa.UniqueConstraint("owner_token", name=op.f("uq_seals_owner_token")),
        sa.UniqueConstraint(
            "subject_kind", "subject_id", name=op.f("uq_seals_subject_kind_subject_id")
        ),
    )
    op.create_index(op.f("ix_seals_persona_id"), "seals", ["persona_id"], unique=False)
    op.create_table(
        "seal_openings",
        sa.Column("id", Id, nullable=False),
        sa.Column("seal_id", Id, nullable=False),
        sa.Column("asked_by_id", Id, nullable=False),
        sa.Column("asked_because", sa.Text(), nullable=False),
        sa.Column("asked_at", Moment, nullable=False),
        sa.Column("answered_by_id", Id, nullable=True),
        sa.Column("answered_because", sa.Text(), nullable=True),
        sa.Column("answered_at", Moment, nullable=True),
        sa.Column("open_until", Moment, nullable=True),
        sa.ForeignKeyConstraint(["seal_id"], ["seals.id"], name=op.f("fk_seal_openings_seal_id")),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["persons.id"], name=op.f("fk_seal_openings_asked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["persons.id"], name=op.f("fk_seal_openings_answered_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seal_openings")),
    )
    op.create_index("ix_seal_openings_seal", "seal_openings", ["seal_id", "id"], unique=False)
    _create_unordered()


def _create_unordered() -> None:
    """Tables whose rows lie in the order of their random keys."""
    op.create_table(
        "follow_ups",
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("phrase_tag", sa.LargeBinary(length=32), nullable=False),
        sa.Column("subject_kind", sa.String(length=16), nullable=False),
        sa.Column("subject_id", Id, nullable=False),
        sa.Column("persona_id", Id, nullable=True),
        sa.ForeignKeyConstraint(
            ["persona_id"], ["persons.id"], name=op.f("fk_follow_ups_persona_id")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_follow_ups")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_follow_ups_phrase_tag"), "follow_ups", ["phrase_tag"], unique=False)
    op.create_table(
        "staged_words",
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("payload", Json, nullable=False),
        sa.Column("phrase_tag", sa.LargeBinary(length=32), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("is_ripe", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_staged_words")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "day_uses",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_day_uses")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_day_uses_on_day"), "day_uses", ["on_day"], unique=False)


def downgrade() -> None:
    """Undo."""
    op.drop_table("day_uses")
    op.drop_table("staged_words")
    op.drop_table("follow_ups")
    op.drop_table("seal_openings")
    op.drop_table("seals")
