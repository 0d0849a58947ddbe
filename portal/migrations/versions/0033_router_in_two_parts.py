"""Forget routers in the form of before: the worker learns one in today's form within the hour.

What a router knows can be learned again from the same items, and bytes of another form are
refused; so there is nothing to carry over, in either direction.
"""

from alembic import op

revision = "0033_router_in_two_parts"
down_revision = "0032_clocks_by_holder"


def upgrade() -> None:
    """Apply."""
    op.execute("DELETE FROM learned_routers")


def downgrade() -> None:
    """Undo."""
    op.execute("DELETE FROM learned_routers")
