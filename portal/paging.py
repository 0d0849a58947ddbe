"""Keyset paging: a page begins after the last row of the one before, however deep.

An offset makes the database read and throw away every row before it; a keyset asks an index
for the rows after a position.  Statements are built once and reused with bound values.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import BigInteger, ColumnElement, Row, Select, TypeDecorator, and_, bindparam, or_
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import UnaryExpression
from sqlalchemy.sql.operators import desc_op
from sqlalchemy.types import TypeEngine

T = TypeVar("T")

Position = int | str | date | datetime
"""What a column of an order may hold."""

MAX_LIMIT = 100


class BadCursor(ValueError):
    """A cursor that we never gave out."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A page of a list; a cursor is None where there is nothing further that way."""

    items: tuple[T, ...]
    older: str | None
    newer: str | None


def encode_cursor(values: Sequence[Position], *, is_back: bool = False) -> str:
    """A position as text that is safe in an address."""
    text = json.dumps([int(is_back), *map(_plain, values)], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _plain(value: Position) -> object:
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    return {"d": value.isoformat()} if isinstance(value, date) else value


def decode_cursor(cursor: str, length: int) -> tuple[bool, list[Position]]:
    """The direction and the position; raises BadCursor for anything we did not write."""
    try:
        padded = cursor.encode() + b"=" * (-len(cursor) % 4)
        found = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        is_back, *values = found
        if len(values) != length or is_back not in {0, 1}:
            raise BadCursor("a cursor of another list")
        return bool(is_back), [_value(value) for value in values]
    except (TypeError, ValueError, KeyError, OverflowError, RecursionError) as error:
        raise BadCursor("not a cursor of ours") from error


def _value(value: object) -> Position:
    if isinstance(value, dict):
        if "d" in value:
            return date.fromisoformat(value["d"])
        moment = datetime.fromisoformat(value["t"])
        if moment.tzinfo is None:
            raise BadCursor("a moment without its zone")
        return moment.astimezone(UTC)
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise BadCursor("not a cursor of ours")
    if isinstance(value, str) and ("\0" in value or not value.isprintable()):
        raise BadCursor("a text that no database keeps")
    return value


def _fits(value: Position, kind: TypeEngine[Any]) -> bool:
    """Whether a column of that type can be compared with the value, on either database."""
    if isinstance(kind, TypeDecorator):
        kind = kind.impl_instance
    if isinstance(value, int):
        bits = 63 if isinstance(kind, BigInteger) else 31
        return kind.python_type is int and -(2**bits) <= value < 2**bits
    return type(value) is kind.python_type


class Keyset:
    """A list in a fixed order, one page at a time.

    ``order`` names columns that the statement selects, as ``Idea.submitted_at.desc()``; the
    last must be unique.  Columns must not be null.  Built once, at module level.
    """

    def __init__(
        self,
        statement: Select[*tuple[Any, ...]],
        order: Sequence[UnaryExpression[Any]],
    ) -> None:
        self.columns = [one.element for one in order]
        self.names = [str(getattr(column, "key", column)) for column in self.columns]
        self._types = [column.type for column in self.columns]
        down = [one.modifier is desc_op for one in order]
        reverse = [
            column.asc() if is_down else column.desc()
            for column, is_down in zip(self.columns, down, strict=True)
        ]
        self._first = statement.order_by(None).order_by(*order).limit(bindparam("page_limit"))
        self._after = self._first.where(self._beyond(down))
        self._before = (
            statement.where(self._beyond([not is_down for is_down in down]))
            .order_by(None)
            .order_by(*reverse)
            .limit(bindparam("page_limit"))
        )

    def _beyond(self, down: Sequence[bool]) -> ColumnElement[bool]:
        """Rows past the position: the row-value comparison, spelled out for mixed directions.

        The first column's own bound is repeated outside the OR, so that both databases can
        start reading their index at the position.
        """
        steps = []
        for index, (column, is_down) in enumerate(zip(self.columns, down, strict=True)):
            same = [
                other == self._bound(place, other)
                for place, other in enumerate(self.columns[:index])
            ]
            bound = self._bound(index, column)
            steps.append(and_(*same, column < bound if is_down else column > bound))
        first, bound = self.columns[0], self._bound(0, self.columns[0])
        return and_(first <= bound if down[0] else first >= bound, or_(*steps))

    @staticmethod
    def _bound(index: int, column: Any) -> Any:
        return bindparam(f"position_{index}", type_=column.type)

    def page(
        self,
        session: Session,
        values: Mapping[str, Any] | None = None,
        cursor: str | None = None,
        limit: int = 30,
    ) -> Page[Row[*tuple[Any, ...]]]:
        """The rows at a cursor (the first page without one), in one statement; raises BadCursor."""
        limit = max(1, min(limit, MAX_LIMIT))
        bound = {**(values or {}), "page_limit": limit + 1}
        if cursor is None:
            rows = session.execute(self._first, bound).all()
            return self._page(rows[:limit], has_older=len(rows) > limit, has_newer=False)
        is_back, position = decode_cursor(cursor, len(self.columns))
        if not all(map(_fits, position, self._types)):
            raise BadCursor("a cursor of another list")
        bound |= {f"position_{index}": value for index, value in enumerate(position)}
        if is_back:
            rows = session.execute(self._before, bound).all()
            return self._page(rows[:limit][::-1], has_older=True, has_newer=len(rows) > limit)
        rows = session.execute(self._after, bound).all()
        return self._page(rows[:limit], has_older=len(rows) > limit, has_newer=True)

    def _page(
        self, rows: Sequence[Row[*tuple[Any, ...]]], *, has_older: bool, has_newer: bool
    ) -> Page[Row[*tuple[Any, ...]]]:
        if not rows:
            return Page((), None, None)
        return Page(
            items=tuple(rows),
            older=encode_cursor(self._position(rows[-1])) if has_older else None,
            newer=encode_cursor(self._position(rows[0]), is_back=True) if has_newer else None,
        )

    def _position(self, row: Row[*tuple[Any, ...]]) -> list[Position]:
        return [row._mapping[name] for name in self.names]
