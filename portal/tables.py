"""Tables from and for other programs: reading hostile CSV in a stream, writing it without formulas.

A spreadsheet runs a cell that begins with ``=``, ``+``, ``-`` or ``@`` (OWASP, CSV injection);
cells of text that would be read so get an apostrophe in front.
"""

import csv
import gzip
import io
import math
import re
import unicodedata
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import BinaryIO, cast

from portal.i18n import gettext as _
from portal.plaintext import without_ignorable

MAX_COLUMNS = 200
MAX_CELL = 20_000
MAX_ROWS = 2_000_000
MAX_FAULTS = 1_000
MAX_RECORD = 1_000_000
"""Characters of one row with all its cells; what is longer has lost a quotation mark."""
DELIMITERS = (",", ";", "\t")

_QUOTED = re.compile(r'"[^"]*"')
_NOT_UTF8 = re.compile("[\udc80-\udcff]")
_RUN_BY_SPREADSHEETS = re.compile(r"\s*[=+@-]|[^\S\t\r\n]*[\t\r\n]")

Cell = str | int | float | Decimal | date | datetime | bool | None


class TableError(ValueError):
    """A fault in a table: what is wrong, in which row (the header is row 1) and column."""

    def __init__(self, message: str, *, row: int | None = None, column: str | None = None) -> None:
        self.message, self.row, self.column = message, row, column
        place = [_("row %(row)s", row=row)] if row is not None else []
        if column is not None:
            place.append(_("column %(column)s", column=" ".join(column.split())[:60]))
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
    refuse_unknown: bool = False,
    max_cell: int = MAX_CELL,
    on_error: list[TableError] | None = None,
) -> Iterator[Row]:
    """The rows of a CSV file in UTF-8, one at a time, however long the file is.

    Rows are counted as a spreadsheet shows them: the header is 1, and a cell with line breaks is
    still one row.  Column names are compared without case; comma, semicolon or tab is taken
    from the header.  Columns that nobody asked for are left out unless ``refuse_unknown``;
    ``rename`` maps a column of the file to one of ours.  Empty rows are passed over.  With
    ``on_error`` a faulty row is put there and left out; a fault of the whole file always raises.

    Raises
    ------
    TableError
        With one readable line that names the row and the column.
    """
    lines = _Lines(stream)
    try:
        records = _records(lines)
        layout = _layout(next(records, None), rename or {})
        places = layout.places_of(required, optional, refuse_unknown)
        for number, record in records:
            try:
                values = _values(number, record, layout, places, max_cell)
            except TableError as error:
                if on_error is None:
                    raise
                if len(on_error) >= MAX_FAULTS:
                    raise TableError(_("more than %(n)s rows are faulty", n=MAX_FAULTS)) from error
                on_error.append(error)
                continue
            if values:
                yield Row(number, values)
    finally:
        lines.release()


class _TooLong(Exception):
    """A record that does not end."""


class _Lines(Iterator[str]):
    """The lines of a stream; bytes that are not UTF-8 arrive marked, no record without end."""

    def __init__(self, stream: BinaryIO) -> None:
        self._text = io.TextIOWrapper(
            stream, encoding="utf-8-sig", errors="surrogateescape", newline=""
        )
        self._length = 0

    def __next__(self) -> str:
        try:
            line = self._text.readline(MAX_RECORD + 1)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise TableError(_("the packed file is damaged")) from error
        if not line:
            raise StopIteration
        self._length += len(line)
        if self._length > MAX_RECORD:
            raise _TooLong
        return line

    def begin_record(self) -> None:
        """Count the length of a record from here."""
        self._length = 0

    def release(self) -> None:
        """Leave the stream to its owner, who closes it or has done so."""
        if not self._text.closed:
            self._text.detach()


def _records(lines: _Lines) -> Iterator[tuple[int, list[str] | csv.Error]]:
    """Records with their numbers, or why one cannot be split into cells."""
    csv.field_size_limit(MAX_RECORD)
    number = 1
    try:
        first = next(lines, "")
        unquoted = _QUOTED.sub("", first)
        delimiter = max(DELIMITERS, key=unquoted.count)
        reader = csv.reader(chain([first], lines), delimiter=delimiter, strict=True)
        while True:
            record: list[str] | csv.Error
            try:
                record = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                record = error
            if number > MAX_ROWS:
                raise TableError(_("more than %(n)s rows", n=MAX_ROWS))
            yield number, record
            lines.begin_record()
            number += 1
    except _TooLong as error:
        message = _("the row does not end; is a quotation mark missing?")
        raise TableError(message, row=number) from error


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where which column stands; ``width`` cells make a row."""

    columns: dict[str, int]
    width: int

    def places_of(
        self, required: Sequence[str], optional: Sequence[str], refuse_unknown: bool
    ) -> dict[str, int]:
        """The places of the columns that are asked for."""
        for name in required:
            if name.casefold() not in self.columns:
                raise TableError(_("the column is missing"), row=1, column=name)
        wanted = {name.casefold(): name for name in (*required, *optional)}
        for name in self.columns:
            if refuse_unknown and name not in wanted:
                raise TableError(_("nobody knows this column"), row=1, column=name)
        return {ours: self.columns[name] for name, ours in wanted.items() if name in self.columns}


def _layout(first: tuple[int, list[str] | csv.Error] | None, rename: dict[str, str]) -> _Layout:
    if first is None:
        raise TableError(_("the file is empty"))
    header = _cells(*first)
    if not any(cell.strip() for cell in header):
        raise TableError(_("the file is empty"))
    if len(header) > MAX_COLUMNS:
        raise TableError(
            _("%(n)s columns, at most %(most)s", n=len(header), most=MAX_COLUMNS), row=1
        )
    renamed = {theirs.strip().casefold(): ours.casefold() for theirs, ours in rename.items()}
    columns: dict[str, int] = {}
    for place, cell in enumerate(header):
        _check_text(cell, 1, None)
        plain = cell.strip().casefold()
        name = renamed.pop(plain, plain)
        if name in columns:
            raise TableError(_("the column stands there twice"), row=1, column=name)
        if name:
            columns[name] = place
    for missing in renamed:
        raise TableError(_("the column is missing"), row=1, column=missing)
    return _Layout(columns, len(header))


def _cells(number: int, record: list[str] | csv.Error) -> list[str]:
    if isinstance(record, csv.Error):
        message = _("the quotation marks do not fit (%(why)s)", why=record)
        raise TableError(message, row=number) from record
    return record


def _values(
    number: int,
    record: list[str] | csv.Error,
    layout: _Layout,
    places: dict[str, int],
    max_cell: int,
) -> dict[str, str]:
    """The cells that are asked for; nothing for an empty row."""
    cells = _cells(number, record)
    if not any(map(str.strip, cells)):
        return {}
    if len(cells) != layout.width:
        message = _("%(n)s cells where the header has %(width)s", n=len(cells), width=layout.width)
        raise TableError(message, row=number)
    values = {name: cells[place].strip() for name, place in places.items()}
    for name, value in values.items():
        _check_text(value, number, name)
        if len(value) > max_cell:
            message = _("%(n)s characters, at most %(most)s", n=len(value), most=max_cell)
            raise TableError(message, row=number, column=name)
    return values


def _check_text(text: str, row: int, column: str | None) -> None:
    if not text.isascii() and (bad := _NOT_UTF8.search(text)):
        message = _(
            "not valid UTF-8 at byte %(byte)s of %(place)s; save the file as UTF-8",
            byte=len(text[: bad.start()].encode()) + 1,
            place=column or _("the header"),
        )
        raise TableError(message, row=row)
    if "\0" in text:
        raise TableError(_("a NUL character"), row=row, column=column)


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
    """A cell as text; what a spreadsheet would run gets an apostrophe in front.

    Numbers stay numbers, days and moments are written as in ISO 8601, and what is no number
    (infinite, undefined) is left empty.
    """
    if cell is None or (isinstance(cell, float | Decimal) and not math.isfinite(cell)):
        return ""
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    if not isinstance(cell, str):
        return str(cell)
    seen = cell if cell.isascii() else without_ignorable(unicodedata.normalize("NFKC", cell))
    return f"'{cell}" if _RUN_BY_SPREADSHEETS.match(seen) else cell
