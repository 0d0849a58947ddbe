"""What reviewers say of an idea, how a department reviews, and who asked for an author's name."""

import sqlalchemy as sa
from alembic import op

revision = "0029_scores"
down_revision = "0028_review_hours"

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Moment = sa.DateTime(timezone=True)


def _by_idea_and_person(name: str, *columns: sa.Column[object]) -> None:
    op.create_table(
        name,
        sa.Column("idea_id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f(f"fk_{name}_idea_id_ideas")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f(f"fk_{name}_person_id_persons")
        ),
        sa.PrimaryKeyConstraint("idea_id", "person_id", name=op.f(f"pk_{name}")),
    )


def upgrade() -> None:
    """Apply."""
    _by_idea_and_person(
        "scores",
        sa.Column("effort", sa.String(length=32), nullable=False),
        sa.Column("confidence", sa.String(length=32), nullable=False),
        sa.Column("scored_at", Moment, nullable=False),
    )
    _by_idea_and_person("authors_shown", sa.Column("shown_at", Moment, nullable=False))
    op.create_table(
        "review_rules",
        sa.Column("department_id", Id, nullable=False),
        sa.Column("is_blind", sa.Boolean(), nullable=False),
        sa.Column("shows_spread", sa.Boolean(), nullable=False),
        sa.Column("set_by_id", Id, nullable=False),
        sa.Column("set_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["departments.id"],
            name=op.f("fk_review_rules_department_id_departments"),
        ),
        sa.ForeignKeyConstraint(
            ["set_by_id"], ["persons.id"], name=op.f("fk_review_rules_set_by_id_persons")
        ),
        sa.PrimaryKeyConstraint("department_id", name=op.f("pk_review_rules")),
    )


def downgrade() -> None:
    """Undo."""
    for name in ("review_rules", "authors_shown", "scores"):
        op.drop_table(name)
