"""When people are away, and who stands in on which ideas meanwhile."""

import sqlalchemy as sa
from alembic import op

revision = "0023_absences"
down_revision = "0022_vouchers"

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Moment = sa.DateTime(timezone=True)
IS_OPEN = sa.text("ended_at IS NULL")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "absences",
        sa.Column("id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("begins_at", Moment, nullable=False),
        sa.Column("ends_at", Moment, nullable=False),
        sa.Column("noted_by_id", Id, nullable=False),
        sa.Column("noted_at", Moment, nullable=False),
        sa.Column("called_off_at", Moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["noted_by_id"], ["persons.id"], name=op.f("fk_absences_noted_by_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_absences_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    op.create_index("ix_absences_person", "absences", ["person_id", "ends_at"])
    op.create_index("ix_absences_ends", "absences", ["ends_at"])
    op.create_table(
        "stand_ins",
        sa.Column("id", Id, nullable=False),
        sa.Column("idea_id", Id, nullable=False),
        sa.Column("absent_id", Id, nullable=False),
        sa.Column("stand_in_id", Id, nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("since", Moment, nullable=False),
        sa.Column("ended_at", Moment, nullable=True),
        sa.ForeignKeyConstraint(["absent_id"], ["persons.id"], name=op.f("fk_stand_ins_absent_id")),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_stand_ins_idea_id")),
        sa.ForeignKeyConstraint(
            ["stand_in_id"], ["persons.id"], name=op.f("fk_stand_ins_stand_in_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stand_ins")),
    )
    op.create_index(
        "uq_stand_ins_open",
        "stand_ins",
        ["idea_id"],
        unique=True,
        sqlite_where=IS_OPEN,
        postgresql_where=IS_OPEN,
    )


def downgrade() -> None:
    """Take back."""
    op.drop_index(
        "uq_stand_ins_open", table_name="stand_ins", sqlite_where=IS_OPEN, postgresql_where=IS_OPEN
    )
    op.drop_table("stand_ins")
    op.drop_index("ix_absences_ends", table_name="absences")
    op.drop_index("ix_absences_person", table_name="absences")
    op.drop_table("absences")
