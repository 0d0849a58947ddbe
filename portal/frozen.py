"""A row as plain JSON values, to be put back as it was."""

from collections.abc import Collection
from datetime import date, datetime
from enum import Enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import inspect

from portal.columns import JsonObject, UtcDateTime


def freeze(row: object, names: Collection[str] | None = None) -> JsonObject:
    """The values of a row's columns (of these names alone, if given) as JSON holds them."""
    chosen = inspect(type(row)).columns.keys() if names is None else names
    return {name: _cold(getattr(row, name)) for name in chosen}


def thaw(row: object, frozen: JsonObject) -> None:
    """Give a row the values that were kept of it; columns that came later stay as they are."""
    columns = inspect(type(row)).columns
    for name, value in frozen.items():
        if name in columns:
            setattr(row, name, _warm(columns[name].type, value))


def _cold(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def _warm(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, sa.Enum) and kind.enum_class is not None:
        return kind.enum_class(value)
    if isinstance(kind, UtcDateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(kind, sa.Date) else value
