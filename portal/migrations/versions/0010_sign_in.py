"""Sessions know when their person was last proved; links their purpose; second factors."""

import sqlalchemy as sa
from alembic import op

revision = "0010_sign_in"
down_revision = "0009_rate_counts"

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply.  Everybody signs in again: what their sessions lack cannot be told afterwards."""
    op.execute("DELETE FROM sign_in_sessions")
    with op.batch_alter_table("sign_in_sessions") as table:
        table.add_column(sa.Column("proved_at", Moment, nullable=False))
        table.add_column(sa.Column("network", sa.String(length=64), nullable=False))
        table.add_column(sa.Column("must_enrol", sa.Boolean(), nullable=False))
    op.add_column("one_time_links", sa.Column("purpose", sa.String(length=32), nullable=True))
    op.execute(
        "UPDATE one_time_links SET purpose = "
        "CASE WHEN person_id IS NULL THEN 'administrator' ELSE 'sign_in' END"
    )
    with op.batch_alter_table("one_time_links") as table:
        table.alter_column("purpose", existing_type=sa.String(length=32), nullable=False)
    op.create_index("ix_failed_sign_ins_at", "failed_sign_ins", ["at"], unique=False)
    op.create_table(
        "sign_in_brakes",
        sa.Column("account_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("failed_count", sa.Integer(), nullable=False),
        sa.Column("updated_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("account_key", name=op.f("pk_sign_in_brakes")),
    )
    _create_second_factors()


def _create_second_factors() -> None:
    op.create_table(
        "second_factors",
        sa.Column("person_id", Id, nullable=False),
        sa.Column("sealed_secret", sa.LargeBinary(length=128), nullable=False),
        sa.Column("confirmed_at", Moment, nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_second_factors_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_second_factors")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("used_at", Moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_recovery_codes_person_id")
        ),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_recovery_codes")),
    )
    op.create_index(op.f("ix_recovery_codes_person_id"), "recovery_codes", ["person_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_index(op.f("ix_recovery_codes_person_id"), table_name="recovery_codes")
    op.drop_table("recovery_codes")
    op.drop_table("second_factors")
    op.drop_table("sign_in_brakes")
    op.drop_index("ix_failed_sign_ins_at", table_name="failed_sign_ins")
    with op.batch_alter_table("one_time_links") as table:
        table.drop_column("purpose")
    with op.batch_alter_table("sign_in_sessions") as table:
        table.drop_column("must_enrol")
        table.drop_column("network")
        table.drop_column("proved_at")
