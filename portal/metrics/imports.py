"""Weeks of a metric from a file: all of it or nothing."""

import math
import re
from collections.abc import Iterable
from datetime import date

from portal.actor import Actor
from portal.errors import RuleBroken
from portal.i18n import gettext as _
from portal.metrics.models import Metric
from portal.metrics.services import LARGEST, PointRow, record_points
from portal.tables import Row, TableError

REQUIRED = ("period_start",)
OPTIONAL = ("value", "numerator", "denominator")
MOST_FAULTS = 20

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def import_points(actor: Actor, metric: Metric, rows: Iterable[Row]) -> tuple[int, int]:
    """Record the weeks of a table; how many are new or corrected, and how many it holds.

    Columns: ``period_start`` (the first day of a week, ``2026-03-02``) with ``numerator`` and
    ``denominator``, or with ``value``.  The same file again changes nothing.

    Raises
    ------
    TableError
        Naming the row and column; with several faults, one line for each of the first 20.
    """
    points: list[PointRow] = []
    faults: list[TableError] = []
    seen: dict[date, int] = {}
    for row in rows:
        try:
            point = _point(row)
            _check_once(row, point[0], seen)
        except TableError as fault:
            faults.append(fault)
        else:
            points.append(point)
    if faults:
        raise TableError("\n".join(str(fault) for fault in faults[:MOST_FAULTS]))
    try:
        return record_points(actor, metric, points), len(points)
    except RuleBroken as error:
        raise TableError(error.message, column=error.field) from error


def _check_once(row: Row, day: date, seen: dict[date, int]) -> None:
    if day in seen:
        raise TableError(
            _("the same week stands in row %(row)s", row=seen[day]),
            row=row.number,
            column="period_start",
        )
    seen[day] = row.number


def _point(row: Row) -> PointRow:
    day = _day(row)
    if row.values.get("numerator") or row.values.get("denominator"):
        denominator = _number(row, "denominator")
        if denominator <= 0:
            raise TableError(_("it must be more than zero"), row=row.number, column="denominator")
        return day, _number(row, "numerator"), denominator
    return day, _number(row, "value")


def _day(row: Row) -> date:
    text = row.values["period_start"]
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise TableError(
        _("%(text)s is not a day such as 2026-03-02", text=repr(text[:40])),
        row=row.number,
        column="period_start",
    )


def _number(row: Row, column: str) -> float:
    text = row.values.get(column, "")
    number = float(text) if _NUMBER.fullmatch(text) else math.nan
    if not math.isfinite(number) or abs(number) > LARGEST:
        raise TableError(
            _("%(text)s is not a number such as 9.5", text=repr(text[:40])),
            row=row.number,
            column=column,
        )
    return number
