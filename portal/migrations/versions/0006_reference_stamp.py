"""Stamp reference data with every change, so that processes may keep what they made of it."""

from portal.migrations.triggers import drop_stamp, stamp_changes

revision = "0006_reference_stamp"
down_revision = "0005_rewards_and_notices"

TABLES = ("departments", "contact_reasons")


def upgrade() -> None:
    """Apply."""
    for table in TABLES:
        stamp_changes(table)


def downgrade() -> None:
    """Take back."""
    for table in TABLES:
        drop_stamp(table)
