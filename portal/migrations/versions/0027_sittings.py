"""Tables for going through the inbox one idea after another."""

import sqlalchemy as sa
from alembic import op

revision = "0027_sittings"
down_revision = "0026_held_decisions"

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Moment = sa.DateTime(timezone=True)
OPEN = sa.text("ended_at IS NULL")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "sittings",
        sa.Column("id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("look", sa.String(length=120), nullable=False),
        sa.Column("started_at", Moment, nullable=False),
        sa.Column("ended_at", Moment, nullable=True),
        sa.Column("left_count", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_sittings_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sittings")),
    )
    op.create_index(
        "uq_sittings_open",
        "sittings",
        ["person_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_table(
        "sitting_stops",
        sa.Column("sitting_id", Id, nullable=False),
        sa.Column("idea_id", Id, nullable=False),
        sa.Column("opened_at", Moment, nullable=False),
        sa.Column("closed_at", Moment, nullable=True),
        sa.Column("step", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(
            ["sitting_id"],
            ["sittings.id"],
            name=op.f("fk_sitting_stops_sitting_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_sitting_stops_idea_id")),
        sa.PrimaryKeyConstraint("sitting_id", "idea_id", name=op.f("pk_sitting_stops")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("sitting_stops")
    op.drop_index("uq_sittings_open", table_name="sittings")
    op.drop_table("sittings")
