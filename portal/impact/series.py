"""Reading a series of measured points from a file that nobody has checked yet."""

import csv
import io
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from statistics import median

from portal.i18n import gettext as _
from portal.metrics.xmr import Label

MAX_BYTES = 10_000_000
MAX_COLUMNS = 200
MAX_POINTS = 5_000
LARGEST = 1e15

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MONTH = re.compile(r"\d{4}-\d{2}", re.ASCII)
_ORDINAL = re.compile(r"(\d{1,9})(\.0)?", re.ASCII)


class SeriesError(ValueError):
    """A series that cannot be used; the message names row and column in one line."""


class SeriesUnreadable(SeriesError):
    """A path at which no file can be read."""


class Period(StrEnum):
    """How much time one point stands for."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Series:
    """Points in time order, one per label; labels are all days or all numbers.

    ``values`` are in the unit of the metric.  Where the file gave them, ``numerators`` and
    ``denominators`` have the same length, and a value is their quotient.
    """

    dates: tuple[Label, ...]
    values: tuple[float, ...]
    period: Period
    numerators: tuple[float, ...] | None = None
    denominators: tuple[float, ...] | None = None

    def __len__(self) -> int:
        return len(self.values)

    def points(self) -> Iterator[tuple[Label, float]]:
        """Label and value of every point."""
        return zip(self.dates, self.values, strict=True)

    def first(self, count: int) -> "Series":
        """The series of the first ``count`` points."""
        return replace(
            self,
            dates=self.dates[:count],
            values=self.values[:count],
            numerators=self.numerators and self.numerators[:count],
            denominators=self.denominators and self.denominators[:count],
        )


def read_series(path: Path, period: Period | None = None) -> Series:
    """The series in a CSV file; raises SeriesError, or SeriesUnreadable."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        reason = error.strerror or str(error)
        raise SeriesUnreadable(
            _("%(file)s cannot be read: %(reason)s.", file=path, reason=reason)
        ) from None
    return parse_series(content, period)


def parse_series(content: bytes, period: Period | None = None) -> Series:
    """The series in CSV bytes with ``date,value`` or ``date,numerator,denominator``.

    UTF-8 with or without a byte-order mark; other columns are left alone; ``value`` is used
    where both forms stand.  A date is ``2026-03-01``, ``2026-03`` or a whole number.  Rows must
    be in time order.  The period is read off the usual gap between dates unless it is given.
    Raises SeriesError.
    """
    rows = _rows(_text(content))
    header = _header(rows)
    points = _in_order(rows, header)
    if not points:
        raise SeriesError(_("Row 2: there are no points below the header."))
    dates = tuple(point[0] for point in points)
    counts = "numerator" in header and "denominator" in header
    return Series(
        dates=dates,
        values=tuple(point[1] for point in points),
        period=period or usual_period(dates),
        numerators=tuple(point[2] for point in points) if counts else None,
        denominators=tuple(point[3] for point in points) if counts else None,
    )


def usual_period(dates: Sequence[Label]) -> Period:
    """Day, week or month, by the median gap between days; numbered points are weeks."""
    gaps = [(b - a).days for a, b in pairwise(dates) if isinstance(a, date) and isinstance(b, date)]
    usual = median(gaps) if gaps else 7
    if usual < 5:
        return Period.DAY
    return Period.WEEK if usual < 20 else Period.MONTH


def parse_label(text: str) -> Label | None:
    """A day, the first day of a month, or a whole number; None where it is none of these."""
    ordinal = _ORDINAL.fullmatch(text)
    if ordinal:
        return int(ordinal[1])
    try:
        if _MONTH.fullmatch(text):
            return date.fromisoformat(f"{text}-01")
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def comes_after(later: Label, earlier: Label) -> bool:
    """Whether one label follows another; False where one is a day and the other a number."""
    if isinstance(later, date) and isinstance(earlier, date):
        return later > earlier
    return isinstance(later, int) and isinstance(earlier, int) and later > earlier


def _text(content: bytes) -> str:
    if len(content) > MAX_BYTES:
        raise SeriesError(_("The file is larger than %(most)s bytes.", most=MAX_BYTES))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        raise SeriesError(_("Row %(row)s: this is not UTF-8 text.", row=row)) from None
    if "\0" in text:
        row = text.count("\n", 0, text.index("\0")) + 1
        raise SeriesError(_("Row %(row)s: there is a NUL character in it.", row=row))
    return text


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Number and cells of each row that is not blank, the first being the header."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error as error:
        raise SeriesError(
            _("Row %(row)s: %(reason)s.", row=reader.line_num, reason=error)
        ) from None


def _header(rows: Iterator[tuple[int, list[str]]]) -> dict[str, int]:
    """Where each known column stands."""
    number, cells = next(rows, (1, []))
    if not cells:
        raise SeriesError(_("Row 1: the file is empty."))
    if len(cells) > MAX_COLUMNS:
        raise SeriesError(
            _(
                "Row %(row)s: there are %(count)s columns, more than %(most)s.",
                row=number,
                count=len(cells),
                most=MAX_COLUMNS,
            )
        )
    names = [cell.lower() for cell in cells]
    wanted = ("date", "value", "numerator", "denominator")
    for name in wanted:
        if names.count(name) > 1:
            raise SeriesError(
                _("Row %(row)s: column %(column)s stands twice.", row=number, column=name)
            )
    header = {name: names.index(name) for name in wanted if name in names}
    needed = ("date", "value") if "numerator" not in header else ("date", "denominator")
    for name in needed:
        if name not in header and not (name == "denominator" and "value" in header):
            raise SeriesError(
                _("Row %(row)s: column %(column)s is missing.", row=number, column=name)
            )
    return header


def _point(
    cells: Sequence[str], header: dict[str, int], row: int
) -> tuple[Label, float, float, float]:
    """Label, value, numerator and denominator of a row; not-a-number where a column lacks."""
    label = parse_label(_cell(cells, header, "date", row))
    if label is None:
        raise _wrong(row, "date", _("write it as 2026-03-01 or as a whole number"))
    numerator = denominator = math.nan
    if "numerator" in header and "denominator" in header:
        numerator = _number(cells, header, "numerator", row)
        denominator = _number(cells, header, "denominator", row)
        if denominator <= 0:
            raise _wrong(row, "denominator", _("it must be more than zero"))
    if "value" in header:
        return label, _number(cells, header, "value", row), numerator, denominator
    if abs(numerator / denominator) > LARGEST:
        raise _wrong(row, "denominator", _("it is too small for its numerator"))
    return label, numerator / denominator, numerator, denominator


def _in_order(
    rows: Iterator[tuple[int, list[str]]], header: dict[str, int]
) -> list[tuple[Label, float, float, float]]:
    """The points of all rows, each later than the one before it."""
    points: list[tuple[Label, float, float, float]] = []
    for number, cells in rows:
        point = _point(cells, header, number)
        if points and point[0] == points[-1][0]:
            raise _wrong(number, "date", _("the same date stands twice"))
        if points and not comes_after(point[0], points[-1][0]):
            raise _wrong(number, "date", _("it does not come after the row above"))
        points.append(point)
        if len(points) > MAX_POINTS:
            raise SeriesError(_("There are more than %(most)s points.", most=MAX_POINTS))
    return points


def _cell(cells: Sequence[str], header: dict[str, int], column: str, row: int) -> str:
    if header[column] >= len(cells) or not cells[header[column]]:
        raise _wrong(row, column, _("it is empty"))
    return cells[header[column]]


def _number(cells: Sequence[str], header: dict[str, int], column: str, row: int) -> float:
    text = _cell(cells, header, column, row)
    number = float(text) if _NUMBER.fullmatch(text) else math.nan
    if not math.isfinite(number) or abs(number) > LARGEST:
        raise _wrong(row, column, _("%(text)s is not a number", text=repr(text[:40])))
    return number


def _wrong(row: int, column: str, reason: str) -> SeriesError:
    return SeriesError(
        _("Row %(row)s, column %(column)s: %(reason)s.", row=row, column=column, reason=reason)
    )
