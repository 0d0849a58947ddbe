"""Tables for people, roles, departments, sign-in; the audit log, the outbox and counters."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from portal.migrations.triggers import drop_append_only, make_append_only

revision = "0001_people"
down_revision = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", Id, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "audit_rows",
        sa.Column("seq", Id, autoincrement=False, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("actor_id", Id, nullable=True),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("object_kind", sa.String(length=32), nullable=False),
        sa.Column("object_id", Id, nullable=True),
        sa.Column("details", Json, nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_rows")),
    )
    op.create_index(op.f("ix_audit_rows_actor_id"), "audit_rows", ["actor_id"], unique=False)
    op.create_index(
        "ix_audit_rows_object", "audit_rows", ["object_kind", "object_id"], unique=False
    )
    op.create_table(
        "counters",
        sa.Column("letter", sa.String(length=4), nullable=False),
        sa.Column("last", Id, nullable=False),
        sa.PrimaryKeyConstraint("letter", name=op.f("pk_counters")),
    )
    op.create_table(
        "departments",
        sa.Column("id", Id, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("parent_id", Id, nullable=True),
        sa.Column("path", sa.String(length=255), nullable=False),
        sa.Column("head_id", Id, nullable=True),
        sa.Column("deputy_id", Id, nullable=True),
        sa.Column("takes_orphans", sa.Boolean(), nullable=False),
        sa.Column("is_team", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("successor_id", Id, nullable=True),
        sa.ForeignKeyConstraint(
            ["deputy_id"], ["persons.id"], name="fk_departments_deputy_id_persons", use_alter=True
        ),
        sa.ForeignKeyConstraint(
            ["head_id"], ["persons.id"], name="fk_departments_head_id_persons", use_alter=True
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["departments.id"], name=op.f("fk_departments_parent_id")
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["departments.id"], name=op.f("fk_departments_successor_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_departments")),
        sa.UniqueConstraint("key", name=op.f("uq_departments_key")),
    )
    op.create_index(op.f("ix_departments_deputy_id"), "departments", ["deputy_id"], unique=False)
    op.create_index(op.f("ix_departments_head_id"), "departments", ["head_id"], unique=False)
    op.create_index(op.f("ix_departments_parent_id"), "departments", ["parent_id"], unique=False)
    op.create_index(op.f("ix_departments_path"), "departments", ["path"], unique=False)
    op.create_table(
        "failed_sign_ins",
        sa.Column("id", Id, nullable=False),
        sa.Column("account_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("network", sa.String(length=64), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_failed_sign_ins")),
    )
    op.create_index(
        "ix_failed_sign_ins_account", "failed_sign_ins", ["account_key", "at"], unique=False
    )
    op.create_index(
        "ix_failed_sign_ins_network", "failed_sign_ins", ["network", "at"], unique=False
    )
    op.create_table(
        "outbox_tasks",
        sa.Column("id", Id, nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("payload", Json, nullable=False),
        sa.Column("key", sa.String(length=128), nullable=True),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("run_at", Moment, nullable=False),
        sa.Column("leased_until", Moment, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("finished_at", Moment, nullable=True),
        sa.Column("has_failed", sa.Boolean(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_tasks")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_tasks_key")),
    )
    op.create_index(
        "ix_outbox_tasks_ready", "outbox_tasks", ["finished_at", "run_at"], unique=False
    )
    op.create_table(
        "portal_facts",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.String(length=255), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_portal_facts")),
    )
    op.create_table(
        "scheduled_runs",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("last_run_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_scheduled_runs")),
    )
    op.create_table(
        "persons",
        sa.Column("id", Id, nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("email_key", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("hue", sa.Integer(), nullable=False),
        sa.Column("home_department_id", Id, nullable=True),
        sa.Column("locale", sa.String(length=8), nullable=True),
        sa.Column("time_zone", sa.String(length=64), nullable=True),
        sa.Column("password_hash", sa.String(length=255), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("named_on_boards", sa.Boolean(), nullable=False),
        sa.Column("single_keys", sa.Boolean(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["home_department_id"], ["departments.id"], name=op.f("fk_persons_home_department_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_persons")),
        sa.UniqueConstraint("email_key", name=op.f("uq_persons_email_key")),
    )
    op.create_index(
        op.f("ix_persons_home_department_id"), "persons", ["home_department_id"], unique=False
    )
    op.create_table(
        "one_time_links",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("person_id", Id, nullable=True),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("expires_at", Moment, nullable=False),
        sa.Column("used_at", Moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_one_time_links_person_id")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_one_time_links")),
    )
    op.create_index(
        op.f("ix_one_time_links_person_id"), "one_time_links", ["person_id"], unique=False
    )
    op.create_table(
        "role_assignments",
        sa.Column("id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("department_id", Id, nullable=True),
        sa.Column("granted_at", Moment, nullable=False),
        sa.Column("granted_by_id", Id, nullable=True),
        sa.Column("ended_at", Moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name=op.f("fk_role_assignments_department_id")
        ),
        sa.ForeignKeyConstraint(
            ["granted_by_id"], ["persons.id"], name=op.f("fk_role_assignments_granted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_role_assignments_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_assignments")),
    )
    op.create_index(
        op.f("ix_role_assignments_department_id"),
        "role_assignments",
        ["department_id"],
        unique=False,
    )
    op.create_index(
        "ix_role_assignments_person", "role_assignments", ["person_id", "ended_at"], unique=False
    )
    op.create_table(
        "sign_in_sessions",
        sa.Column("id_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("last_seen_at", Moment, nullable=False),
        sa.Column("expires_at", Moment, nullable=False),
        sa.Column("method", sa.String(length=16), nullable=False),
        sa.Column("browser", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_sign_in_sessions_person_id")
        ),
        sa.PrimaryKeyConstraint("id_hash", name=op.f("pk_sign_in_sessions")),
    )
    op.create_index(
        op.f("ix_sign_in_sessions_expires_at"), "sign_in_sessions", ["expires_at"], unique=False
    )
    op.create_index(
        op.f("ix_sign_in_sessions_person_id"), "sign_in_sessions", ["person_id"], unique=False
    )
    op.execute("INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '" + "0" * 64 + "')")
    if op.get_bind().dialect.name != "sqlite":
        for column in ("head_id", "deputy_id"):
            name = f"fk_departments_{column}_persons"
            op.create_foreign_key(name, "departments", "persons", [column], ["id"])
    make_append_only("audit_rows")


def downgrade() -> None:
    """Undo."""
    drop_append_only("audit_rows")
    if op.get_bind().dialect.name != "sqlite":
        for column in ("head_id", "deputy_id"):
            op.drop_constraint(f"fk_departments_{column}_persons", "departments")
    op.drop_index(op.f("ix_sign_in_sessions_person_id"), table_name="sign_in_sessions")
    op.drop_index(op.f("ix_sign_in_sessions_expires_at"), table_name="sign_in_sessions")
    op.drop_table("sign_in_sessions")
    op.drop_index("ix_role_assignments_person", table_name="role_assignments")
    op.drop_index(op.f("ix_role_assignments_department_id"), table_name="role_assignments")
    op.drop_table("role_assignments")
    op.drop_index(op.f("ix_one_time_links_person_id"), table_name="one_time_links")
    op.drop_table("one_time_links")
    op.drop_index(op.f("ix_persons_home_department_id"), table_name="persons")
    op.drop_table("persons")
    op.drop_table("scheduled_runs")
    op.drop_table("portal_facts")
    op.drop_index("ix_outbox_tasks_ready", table_name="outbox_tasks")
    op.drop_table("outbox_tasks")
    op.drop_index("ix_failed_sign_ins_network", table_name="failed_sign_ins")
    op.drop_index("ix_failed_sign_ins_account", table_name="failed_sign_ins")
    op.drop_table("failed_sign_ins")
    op.drop_index(op.f("ix_departments_path"), table_name="departments")
    op.drop_index(op.f("ix_departments_parent_id"), table_name="departments")
    op.drop_index(op.f("ix_departments_head_id"), table_name="departments")
    op.drop_index(op.f("ix_departments_deputy_id"), table_name="departments")
    op.drop_table("departments")
    op.drop_table("counters")
    op.drop_index("ix_audit_rows_object", table_name="audit_rows")
    op.drop_index(op.f("ix_audit_rows_actor_id"), table_name="audit_rows")
    op.drop_table("audit_rows")
    op.drop_table("audit_head")
