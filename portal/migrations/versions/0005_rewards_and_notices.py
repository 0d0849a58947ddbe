"""Tables for the ledger, the catalogue, redemptions; messages."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from portal.migrations.triggers import drop_append_only, make_append_only

revision = "0005_rewards_and_notices"
down_revision = "0004_delivery_and_impact"

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "reward_items",
        sa.Column("id", Id, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("icon", sa.String(length=32), nullable=False),
        sa.Column("price_points", sa.BigInteger(), nullable=False),
        sa.Column("tax_class", sa.String(32), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reward_items")),
        sa.UniqueConstraint("key", name=op.f("uq_reward_items_key")),
    )
    op.create_table(
        "accounts",
        sa.Column("id", Id, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("unit", sa.String(32), nullable=False),
        sa.Column("person_id", Id, nullable=True),
        sa.Column("item_id", Id, nullable=True),
        sa.Column("is_limited", sa.Boolean(), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "balance >= 0 OR NOT is_limited", name=op.f("ck_accounts_never_overdrawn")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["reward_items.id"], name=op.f("fk_accounts_item_id")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_accounts_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("key", name=op.f("uq_accounts_key")),
    )
    op.create_index(op.f("ix_accounts_person_id"), "accounts", ["person_id"], unique=False)
    op.create_index("uq_accounts_owner", "accounts", ["kind", "person_id", "item_id"], unique=True)
    op.create_table(
        "notices",
        sa.Column("id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("notice_class", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(length=48), nullable=False),
        sa.Column("title", sa.String(length=240), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("subject_kind", sa.String(length=16), nullable=False),
        sa.Column("subject_number", Id, nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("read_at", Moment, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_notices_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("key", name=op.f("uq_notices_key")),
    )
    op.create_index("ix_notices_person", "notices", ["person_id", "id"], unique=False)
    op.create_index("ix_notices_unread", "notices", ["person_id", "read_at"], unique=False)
    op.create_table(
        "redemptions",
        sa.Column("id", Id, nullable=False),
        sa.Column("number", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("item_id", Id, nullable=False),
        sa.Column("price_points", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("requested_at", Moment, nullable=False),
        sa.Column("changed_at", Moment, nullable=False),
        sa.Column("changed_by_id", Id, nullable=True),
        sa.Column("nonce", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["persons.id"], name=op.f("fk_redemptions_changed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["reward_items.id"], name=op.f("fk_redemptions_item_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_redemptions_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redemptions")),
        sa.UniqueConstraint("nonce", name=op.f("uq_redemptions_nonce")),
        sa.UniqueConstraint("number", name=op.f("uq_redemptions_number")),
    )
    op.create_index(op.f("ix_redemptions_item_id"), "redemptions", ["item_id"], unique=False)
    op.create_index(op.f("ix_redemptions_person_id"), "redemptions", ["person_id"], unique=False)
    op.create_index("ix_redemptions_state", "redemptions", ["state", "id"], unique=False)
    op.create_table(
        "postings",
        sa.Column("id", Id, nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("debit_account_id", Id, nullable=False),
        sa.Column("credit_account_id", Id, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("rule", sa.String(length=48), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("subject_kind", sa.String(length=16), nullable=False),
        sa.Column("subject_id", Id, nullable=False),
        sa.Column("memo", sa.String(length=240), nullable=False),
        sa.Column("reverses_id", Id, nullable=True),
        sa.Column("posted_at", Moment, nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_postings_amount_positive")),
        sa.CheckConstraint(
            "debit_account_id <> credit_account_id", name=op.f("ck_postings_two_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["credit_account_id"], ["accounts.id"], name=op.f("fk_postings_credit_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["debit_account_id"], ["accounts.id"], name=op.f("fk_postings_debit_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["postings.id"], name=op.f("fk_postings_reverses_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_postings")),
        sa.UniqueConstraint("key", name=op.f("uq_postings_key")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_postings_reverses_id")),
    )
    op.create_index("ix_postings_credit", "postings", ["credit_account_id", "id"], unique=False)
    op.create_index("ix_postings_debit", "postings", ["debit_account_id", "id"], unique=False)
    make_append_only("postings")


def downgrade() -> None:
    """Undo."""
    drop_append_only("postings")
    op.drop_index("ix_postings_debit", table_name="postings")
    op.drop_index("ix_postings_credit", table_name="postings")
    op.drop_table("postings")
    op.drop_index("ix_redemptions_state", table_name="redemptions")
    op.drop_index(op.f("ix_redemptions_person_id"), table_name="redemptions")
    op.drop_index(op.f("ix_redemptions_item_id"), table_name="redemptions")
    op.drop_table("redemptions")
    op.drop_index("ix_notices_unread", table_name="notices")
    op.drop_index("ix_notices_person", table_name="notices")
    op.drop_table("notices")
    op.drop_index("uq_accounts_owner", table_name="accounts")
    op.drop_index(op.f("ix_accounts_person_id"), table_name="accounts")
    op.drop_table("accounts")
    op.drop_table("reward_items")
