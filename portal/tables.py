"""Tables from and for other programs: reading hostile CSV in a stream, writing it without formulas.

A spreadsheet runs a cell that begins with ``=``, ``+``, ``-`` or ``@`` (OWASP, CSV injection);
cells of text that would be read so get an apostrophe in front.
"""

import csv
import gzip
import io
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from portal.i18n import gettext as _

MAX_COLUMNS = 200
MAX_CELL = 20_000
DELIMITERS = (",", ";", "\t")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")

if TYPE_CHECKING:
    from _csv import Reader

Cell = str | int | float | Decimal | date | datetime | bool | None


class TableError(ValueError):
    """A fault in a table: what is wrong, in which row (the header is row 1) and column."""

    def __init__(self, message: str, *, row: int | None = None, column: str | None = None) -> None:
        self.message, self.row, self.column = message, row, column
        place = [_("row %(row)s", row=row)] if row is not None else []
        place += [_("column %(column)s", column=column[:60])] if column is not None else []
        where = ", ".join(place)
        super().__init__(f"{where[:1].upper()}{where[1:]}: {message}" if where else message)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the file (the header is 1) and its cells by column name."""

    number: int
    values: dict[str, str]


def open_table(path: Path) -> BinaryIO:
    """Open a CSV file, unpacking it when its name ends in ``.gz``."""
    if path.name.endswith(".gz"):
        return cast(BinaryIO, gzip.open(path, "rb"))
    return path.open("rb")


def read_rows(
    stream: BinaryIO,
    *,
    required: Sequence[str],
    optional: Sequence[str] = (),
    rename: dict[str, str] | None = None,
    max_cell: int = MAX_CELL,
    on_error: list[TableError] | None = None,
) -> Iterator[Row]:
    """The rows of a CSV file, one at a time; columns that nobody asked for are left out.

    ``rename`` maps a column of the file to one of ours.  With ``on_error`` a faulty row is
    put there and left out; a faulty header always raises.

    Raises
    ------
    TableError
        With one readable line that names the row and the column.
    """
    lines = _lines(stream)
    header_line = next(lines, None)
    if header_line is None or not header_line.strip():
        raise TableError(_("the file is empty"))
    delimiter = max(DELIMITERS, key=header_line.count)
    reader = csv.reader(chain([header_line], lines), delimiter=delimiter, strict=True)
    csv.field_size_limit(max(max_cell * 4, 131_072))
    places, width = _columns(reader, required, optional, rename or {})
    while True:
        try:
            row = _read_row(reader, places, width, max_cell)
        except TableError as error:
            if on_error is None:
                raise
            on_error.append(error)
            continue
        if row is None:
            return
        if row.values:
            yield row


def _lines(stream: BinaryIO) -> Iterator[str]:
    """Decoded lines, so that bad UTF-8 is named by its row."""
    for number, raw in enumerate(stream, start=1):
        try:
            line = raw.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise TableError(
                _(
                    "not valid UTF-8 at byte %(place)s; save the file as UTF-8",
                    place=error.start + 1,
                ),
                row=number,
            ) from error
        yield line


def _columns(
    reader: "Reader",
    required: Sequence[str],
    optional: Sequence[str],
    rename: dict[str, str],
) -> tuple[dict[str, int], int]:
    try:
        header = next(reader)
    except csv.Error as error:
        raise TableError(_("the header cannot be read: %(why)s", why=error), row=1) from error
    if len(header) > MAX_COLUMNS:
        raise TableError(
            _("%(n)s columns, at most %(most)s", n=len(header), most=MAX_COLUMNS), row=1
        )
    renamed = {key.strip().casefold(): value for key, value in rename.items()}
    places: dict[str, int] = {}
    for index, raw in enumerate(header):
        plain = raw.strip().casefold()
        name = renamed.pop(plain, plain)
        if "\x00" in name:
            raise TableError(_("a NUL character"), row=1, column=name.replace("\x00", "?"))
        if name in places:
            raise TableError(_("the column stands there twice"), row=1, column=name)
        places[name] = index
    for missing in (*renamed, *(name for name in required if name not in places)):
        raise TableError(_("the column is missing"), row=1, column=missing)
    wanted = (*required, *optional)
    return {name: places[name] for name in wanted if name in places}, len(header)


def _read_row(reader: "Reader", places: dict[str, int], width: int, max_cell: int) -> Row | None:
    before = reader.line_num
    try:
        cells = next(reader, None)
    except csv.Error as error:
        raise TableError(str(error), row=before + 1) from error
    if cells is None:
        return None
    number = before + 1
    if not any(cells):
        return Row(number, {})
    if len(cells) != width:
        raise TableError(
            _("%(n)s cells where the header has %(width)s", n=len(cells), width=width), row=number
        )
    values = {name: cells[place].strip() for name, place in places.items()}
    for name, value in values.items():
        if "\x00" in value:
            raise TableError(_("a NUL character"), row=number, column=name)
        if len(value) > max_cell:
            raise TableError(
                _("%(n)s characters, at most %(most)s", n=len(value), most=max_cell),
                row=number,
                column=name,
            )
    return Row(number, values)


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """A CSV file (RFC 4180) as lines; numbers stay numbers, text never becomes a formula."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    for row in chain([header], rows):
        writer.writerow([safe_cell(cell) for cell in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def safe_cell(cell: Cell) -> str:
    """A cell as text; what a spreadsheet would run gets an apostrophe in front."""
    if cell is None:
        return ""
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    if not isinstance(cell, str):
        return str(cell)
    seen = unicodedata.normalize("NFKC", cell).lstrip(" \u00a0\u200b\ufeff")
    return f"'{cell}" if seen.startswith(_FORMULA) or cell.startswith(_FORMULA) else cell
