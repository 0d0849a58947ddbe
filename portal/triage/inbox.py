"""In which order the inbox shows what is due: pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from portal.clocks.chips import Chip, make_chip
from portal.i18n import gettext as _
from portal.i18n import local

WEEK = timedelta(days=7)


@dataclass(slots=True)
class Group:
    """Rows of the inbox that are due about as soon, each with its clock."""

    title: str
    rows: list[tuple[Any, Chip | None]] = field(default_factory=list)


def group_rows(rows: Iterable[Any], moment: datetime) -> list[Group]:
    """Rows with their clocks under the heads they fall under; heads without rows are left out.

    A row needs ``started_at``, ``due_at`` and ``is_paused``.
    """
    groups = {
        "over": Group(_("Past its clock")),
        "today": Group(_("Due today")),
        "week": Group(_("Within a week")),
        "later": Group(_("Later")),
        "paused": Group(_("Waiting on somebody else")),
    }
    for row in rows:
        shown = make_chip(row.due_at, row.started_at, is_paused=row.is_paused, moment=moment)
        groups[_key(row, moment)].rows.append((row, shown))
    return [group for group in groups.values() if group.rows]


def _key(row: Any, moment: datetime) -> str:
    if row.is_paused:
        return "paused"
    if row.due_at is None or row.due_at - moment >= WEEK:
        return "later"
    if row.due_at <= moment:
        return "over"
    return "today" if local(row.due_at).date() == local(moment).date() else "week"
