"""HTML kept beside the markdown that it was rendered from; the worker fills it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007_rendered_markdown"
down_revision = "0006_reference_stamp"

TABLES = ("ideas", "comments", "insights", "commitments", "implementations")
Json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Apply: rows that are there hold nothing yet, of version 0."""
    for table in TABLES:
        op.add_column(table, sa.Column("html", Json, nullable=False, server_default="{}"))
        op.add_column(
            table, sa.Column("html_version", sa.Integer(), nullable=False, server_default="0")
        )
        op.create_index(op.f(f"ix_{table}_html_version"), table, ["html_version"], unique=False)


def downgrade() -> None:
    """Undo."""
    for table in reversed(TABLES):
        op.drop_index(op.f(f"ix_{table}_html_version"), table_name=table)
        op.drop_column(table, "html_version")
        op.drop_column(table, "html")
