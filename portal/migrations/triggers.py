"""Triggers: rows that may be added but never changed, and reference data that is stamped."""

from alembic import op

_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""


_SQLITE_STAMP = (
    "INSERT INTO portal_facts (name, value) VALUES ('reference', lower(hex(randomblob(16)))) "
    "ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)
_POSTGRESQL_STAMP = """
CREATE OR REPLACE FUNCTION stamp_reference() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO portal_facts (name, value) VALUES ('reference', gen_random_uuid()::text)
    ON CONFLICT (name) DO UPDATE SET value = EXCLUDED.value;
    RETURN NULL;
END $$
"""


def stamp_changes(table: str) -> None:
    """Give reference data a new stamp with every change to a table; see ``portal.reference``."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("INSERT", "UPDATE", "DELETE"):
            name = f"{table}_stamp_{verb.lower()}"
            op.execute(f"CREATE TRIGGER {name} AFTER {verb} ON {table} BEGIN {_SQLITE_STAMP}; END")
        return
    op.execute(_POSTGRESQL_STAMP)
    op.execute(
        f"CREATE TRIGGER {table}_stamp AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION stamp_reference()"
    )


def drop_stamp(table: str) -> None:
    """Leave changes to a table without a stamp, before it is dropped or rebuilt."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("insert", "update", "delete"):
            op.execute(f"DROP TRIGGER {table}_stamp_{verb}")
        return
    op.execute(f"DROP TRIGGER {table}_stamp ON {table}")


def make_append_only(table: str) -> None:
    """Refuse UPDATE and DELETE on a table."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(_POSTGRESQL_FUNCTION)
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def drop_append_only(table: str) -> None:
    """Allow changes again, before a table is dropped."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(f"DROP TRIGGER {table}_no_{verb}")
        return
    op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
    op.execute(f"DROP TRIGGER {table}_no_truncate ON {table}")


_IS_ERASURE = (
    "OLD.erased_by IS NULL AND NEW.erased_by IS NOT NULL AND NEW.salt IS NULL "
    "AND NEW.text IS NULL AND NEW.person_id IS NULL AND NEW.seq = OLD.seq"
)
_POSTGRESQL_ERASURE = f"""
CREATE OR REPLACE FUNCTION refuse_all_but_erasure() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND {_IS_ERASURE} THEN RETURN NEW; END IF;
    RAISE EXCEPTION '% can only be erased', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""


def make_erase_only(table: str) -> None:
    """Refuse DELETE, and every UPDATE but one that empties what has not been emptied."""
    if op.get_bind().dialect.name == "sqlite":
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} can only be erased'); END"
        op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}")
        op.execute(
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} "
            f"WHEN NOT ({_IS_ERASURE}) {refuse}"
        )
        return
    op.execute(_POSTGRESQL_FUNCTION)
    op.execute(_POSTGRESQL_ERASURE)
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_all_but_erasure()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


drop_erase_only = drop_append_only
"""The triggers have the same names."""
