"""Moving the schema up and down, and comparing it with the models."""

import importlib
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from portal.database import Base, Database

SLICES_WITH_TABLES = (
    "audit",
    "jobs",
    "limits",
    "people",
    "authors",
    "clocks",
    "demand",
    "attachments",
    "insights",
    "ideas",
    "metrics",
    "routing",
    "contributions",
    "triage",
    "delivery",
    "impact",
    "rewards",
    "notifications",
)
_LOCK = 7_261_994
QUEUE_PREFIX = "huey_"
"""Where PostgreSQL is the queue, the engine makes its tables beside ours."""


def load_models() -> None:
    """Import every slice's tables, so that the metadata is whole."""
    importlib.import_module("portal.numbers")
    for name in SLICES_WITH_TABLES:
        importlib.import_module(f"portal.{name}.models")


def _config(connection: Connection) -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    config.attributes["metadata"] = Base.metadata
    return config


def _run(engine: Engine, action: Any, target: str) -> None:
    """Run a migration; SQLite's foreign keys are off meanwhile, and checked at the end."""
    with engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            _set_foreign_keys(connection, "OFF")
        else:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        try:
            action(_config(connection), target)
            if is_sqlite:
                _check_foreign_keys(connection)
            connection.commit()
        finally:
            if is_sqlite:
                _set_foreign_keys(connection, "ON")


def _set_foreign_keys(connection: Connection, state: str) -> None:
    """Past SQLAlchemy, which would begin a transaction; inside one the pragma does nothing."""
    raw: Any = connection.connection.dbapi_connection
    raw.execute(f"PRAGMA foreign_keys={state}")


def _check_foreign_keys(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise RuntimeError(f"the migration leaves a broken reference: {tuple(broken)}")


def upgrade(database: Database, target: str = "head") -> None:
    """Bring the schema to a version; what is there already is left alone."""
    _run(database.writer, command.upgrade, target)


def downgrade(database: Database, target: str) -> None:
    """Take the schema back to an earlier version."""
    _run(database.writer, command.downgrade, target)


def current_version(database: Database) -> str | None:
    """The schema's version, or None for an empty database."""
    with database.reader.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def latest_version() -> str:
    """The newest version in the code."""
    config = AlembicConfig()
    config.set_main_option("script_location", str(Path(__file__).parent))
    head = ScriptDirectory.from_config(config).get_current_head()
    assert head is not None
    return head


def _is_ours(name: str | None, kind: str, _parents: Any) -> bool:
    """Whether a name in the database is ours to judge: the queue engine keeps its own tables."""
    return not (kind == "table" and name is not None and name.startswith(QUEUE_PREFIX))


def differences(database: Database) -> list[Any]:
    """What differs between the migrated schema and the models; empty when they match."""
    load_models()
    with database.writer.connect() as connection:
        options = {"compare_type": True, "include_name": _is_ours}
        context = MigrationContext.configure(connection, opts=options)
        return list(compare_metadata(context, Base.metadata))
