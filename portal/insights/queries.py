"""Reading what customers said."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, func, select

from portal.actor import Actor
from portal.database import lock_row, session
from portal.errors import NotFound
from portal.i18n import gettext as _
from portal.insights.models import Channel, DemandType, Insight
from portal.insights.policies import can_see_insights
from portal.paging import BadCursor, Keyset, Page, decode_cursor

EXCERPT = 240
COUNTED = 1_000

_ONE = select(Insight).where(Insight.number == bindparam("number"))


@dataclass(frozen=True, slots=True)
class InsightFilters:
    """What a list is narrowed to; ``reason_ids`` are a reason and all below it."""

    department_id: int | None = None
    reason_ids: tuple[int, ...] | None = None
    demand_type: DemandType | None = None
    channel: Channel | None = None

    def values(self) -> dict[str, Any]:
        """The filters that are set, as bind values."""
        given = {
            "department_id": self.department_id,
            "reason_ids": self.reason_ids,
            "demand_type": self.demand_type,
            "channel": self.channel,
        }
        return {name: value for name, value in given.items() if value is not None}


_CONDITIONS: dict[str, ColumnElement[bool]] = {
    "department_id": Insight.department_id == bindparam("department_id"),
    "reason_ids": Insight.reason_id.in_(bindparam("reason_ids", expanding=True)),
    "demand_type": Insight.demand_type == bindparam("demand_type", type_=Insight.demand_type.type),
    "channel": Insight.channel == bindparam("channel", type_=Insight.channel.type),
}

_ROWS = select(
    Insight.id,
    Insight.number,
    func.substr(Insight.text, 1, EXCERPT + 1).label("start"),
    Insight.channel,
    Insight.reason_id,
    Insight.department_id,
    Insight.demand_type,
    Insight.severity,
    Insight.occurred_at,
)


@lru_cache(maxsize=16)
def _keyset(names: frozenset[str]) -> Keyset:
    """The list's statements for a set of filters, built once for each of the 16 sets."""
    statement = _ROWS.where(*(_CONDITIONS[name] for name in sorted(names)))
    return Keyset(statement, [Insight.occurred_at.desc(), Insight.id.desc()])


@lru_cache(maxsize=16)
def _count(names: frozenset[str]) -> Select[Any]:
    matching = select(Insight.id).where(*(_CONDITIONS[name] for name in sorted(names)))
    return select(func.count()).select_from(matching.limit(COUNTED + 1).subquery())


def get_visible_insight(actor: Actor, number: int, *, for_update: bool = False) -> Insight:
    """The insight ``N-number``; raises NotFound where it is not there for this reader."""
    statement = lock_row(_ONE) if for_update else _ONE
    insight: Insight | None = session().scalar(statement, {"number": number})
    if insight is None or not can_see_insights(actor):
        raise NotFound(_("There is nothing here that you can see."))
    return insight


def list_insights(
    actor: Actor, filters: InsightFilters, cursor: str | None = None, limit: int = 30
) -> Page[Row[Any]]:
    """A page of insights, newest first, in one statement; rows hold the start of the text.

    Raises
    ------
    BadCursor
        For a cursor that was not given out here.
    """
    if not can_see_insights(actor):
        return Page((), None, None)
    if cursor is not None:
        _check_cursor(cursor)
    values = filters.values()
    return _keyset(frozenset(values)).page(session(), values, cursor, limit)


def _check_cursor(cursor: str) -> None:
    _is_back, (occurred_at, insight_id) = decode_cursor(cursor, 2)
    if not (isinstance(occurred_at, datetime) and isinstance(insight_id, int)):
        raise BadCursor("a cursor of another list")


def count_insights(actor: Actor, filters: InsightFilters) -> int:
    """How many insights match, counted up to ``COUNTED + 1``."""
    if not can_see_insights(actor):
        return 0
    values = filters.values()
    return session().scalar(_count(frozenset(values)), values) or 0
