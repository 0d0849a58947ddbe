"""Tables come in from anywhere, and go out without a formula in them."""

import csv
import gzip
import io
import tracemalloc
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal import tables
from portal.tables import Row, TableError, csv_lines, open_table, read_rows, safe_cell


def read(content: bytes, **options) -> list[Row]:
    """All rows of a file with this content that has a text and perhaps a label."""
    options = {"required": ["text"], "optional": ["label"], **options}
    return list(read_rows(io.BytesIO(content), **options))


@pytest.mark.parametrize(
    "content",
    [
        b"text,label\nlate,bill\n",
        b"\xef\xbb\xbftext,label\r\nlate,bill\r\n",
        b"text;label\nlate;bill",
        b"text\tlabel\nlate\tbill\n",
        b" TEXT , Label \n late , bill \n",
        b"label,text\nbill,late\n",
        b'"text","label"\n"late","bill"\n',
        b"text,label\rlate,bill\r",
        b'"label";text;"a,b,c,d"\nbill;late;x\n',
        b"text,label,,\nlate,bill,,\n",
    ],
)
def test_every_usual_way_to_write_a_table_is_read(content):
    assert read(content) == [Row(2, {"text": "late", "label": "bill"})]


def test_rows_are_counted_as_a_spreadsheet_shows_them():
    rows = read(b'text,label\n"one\ntwo",a\n\n,\nthree,b\n')
    assert [(row.number, row.values["text"]) for row in rows] == [(2, "one\ntwo"), (5, "three")]


def test_a_column_that_is_not_there_has_no_value():
    assert read(b"text\nlate\n") == [Row(2, {"text": "late"})]


def test_a_column_of_the_file_may_be_called_otherwise():
    assert read(b"Verbatim\nlate\n", rename={"verbatim": "text"}) == [Row(2, {"text": "late"})]


def test_unknown_columns_are_left_out_or_refused():
    content = b"text,shoe\nlate,42\n"
    assert read(content) == [Row(2, {"text": "late"})]
    with pytest.raises(TableError, match="Row 1, column shoe: nobody knows this column"):
        read(content, refuse_unknown=True)


FAULTS = [
    (b"", "the file is empty"),
    (b"\xef\xbb\xbf", "the file is empty"),
    (b"\n\n", "the file is empty"),
    (b",,\n", "the file is empty"),
    (b"label\nx\n", "Row 1, column text: the column is missing"),
    (b"text,Text\nx,y\n", "Row 1, column text: the column stands there twice"),
    (b"text," + b",".join(b"c%d" % n for n in range(200)), "Row 1: 201 columns, at most 200"),
    (b"te\x00xt\n", "Row 1: a NUL character"),
    (b"text\xff\n", "Row 1: not valid UTF-8 at byte 5 of the header; save the file as UTF-8"),
    (
        "text\nx\n".encode("utf-16"),
        "Row 1: not valid UTF-8 at byte 1 of the header; save the file as UTF-8",
    ),
    (b'"text"x\n', "Row 1: the quotation marks do not fit (',' expected after '\"')"),
    (b"text\nok\nb\xe4d\n", "Row 3: not valid UTF-8 at byte 2 of text; save the file as UTF-8"),
    (b"text\n\xed\xa0\x80\n", "Row 2: not valid UTF-8 at byte 1 of text; save the file as UTF-8"),
    (b"text\na\x00b\n", "Row 2, column text: a NUL character"),
    (b"text\n" + b"x" * 20_001, "Row 2, column text: 20001 characters, at most 20000"),
    (b"text,label\nonly one\n", "Row 2: 1 cells where the header has 2"),
    (b"text,label\na,b,c\n", "Row 2: 3 cells where the header has 2"),
    (b'text\n"open\n', "Row 2: the quotation marks do not fit (unexpected end of data)"),
    (
        b'text\nfine\n"open' + b"\nx" * 600_000,
        "Row 3: the row does not end; is a quotation mark missing?",
    ),
    (b"text\n" + b"x" * 3_000_000, "Row 2: the row does not end; is a quotation mark missing?"),
]


@pytest.mark.threat(43)
@pytest.mark.parametrize(("content", "message"), FAULTS)
def test_a_fault_is_one_line_that_names_its_place(content, message):
    with pytest.raises(TableError) as raised:
        read(content)
    assert str(raised.value) == message


@pytest.mark.threat(43)
def test_faulty_rows_are_collected_and_the_others_read():
    faults: list[TableError] = []
    content = b'text,label\na,1\n\xff,2\nb\nc,"x"y\nd,4\n\x00,5\ne,6\n'
    assert [row.values["text"] for row in read(content, on_error=faults)] == ["a", "d", "e"]
    assert [(fault.row, fault.column) for fault in faults] == [
        (3, None),
        (4, None),
        (5, None),
        (7, "text"),
    ]


@pytest.mark.threat(43)
def test_a_file_of_nothing_but_faults_is_given_up():
    faults: list[TableError] = []
    with pytest.raises(TableError, match="more than 1000 rows are faulty"):
        read(b"text\n" + b"\xff\n" * 5_000, on_error=faults)
    assert len(faults) == 1_000


@pytest.mark.threat(43)
def test_a_fault_of_the_header_is_raised_even_when_faults_are_collected():
    with pytest.raises(TableError, match="the column is missing"):
        read(b"label\nx\n", on_error=[])


@pytest.mark.threat(43)
def test_a_table_has_an_end(monkeypatch):
    monkeypatch.setattr(tables, "MAX_ROWS", 10)
    assert len(read(b"text\n" + b"x\n" * 9)) == 9
    with pytest.raises(TableError, match="more than 10 rows"):
        read(b"text\n" + b"x\n" * 10)


class Endless(io.RawIOBase):
    """A file of so many equal rows that is never in memory as a whole."""

    def __init__(self, header: bytes, row: bytes, count: int) -> None:
        super().__init__()
        self.block, self.left, self.rest = row * 100, count // 100, header

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        while self.left and len(self.rest) < len(buffer):
            self.rest += self.block
            self.left -= 1
        size = min(len(buffer), len(self.rest))
        buffer[:size], self.rest = self.rest[:size], self.rest[size:]
        return size


@pytest.mark.threat(43)
def test_memory_does_not_grow_with_the_file():
    stream = io.BufferedReader(Endless(b"text,label\n", b"a bill that is late,billing\n", 100_000))
    tracemalloc.start()
    try:
        count = sum(1 for _row in read_rows(stream, required=["text"], optional=["label"]))
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 100_000
    assert peak < 2_000_000


def test_a_packed_table_is_unpacked(tmp_path):
    path = tmp_path / "table.csv.gz"
    path.write_bytes(gzip.compress(b"text\nlate\n"))
    with open_table(path) as stream:
        assert list(read_rows(stream, required=["text"])) == [Row(2, {"text": "late"})]


@pytest.mark.threat(43)
@pytest.mark.parametrize("spoil", [lambda packed: packed[:-9], lambda _packed: b"text\nlate\n"])
def test_a_damaged_packed_table_is_a_fault_of_the_table(tmp_path, spoil):
    path = tmp_path / "table.csv.gz"
    path.write_bytes(spoil(gzip.compress(b"text\n" + b"late\n" * 1000)))
    with open_table(path) as stream, pytest.raises(TableError, match="the packed file is damaged"):
        list(read_rows(stream, required=["text"]))


def test_the_stream_stays_its_owners():
    stream = io.BytesIO(b"text\nlate\n")
    next(read_rows(stream, required=["text"]))
    assert not stream.closed


def test_a_reader_may_be_left_half_way_after_its_stream_is_closed():
    with io.BytesIO(b"text\none\ntwo\n") as stream:
        rows = read_rows(stream, required=["text"])
        next(rows)
    rows.close()


@pytest.mark.threat(43)
@settings(deadline=None)
@given(st.binary(max_size=300) | st.text('tex,;"\n\r\0ä', max_size=100).map(str.encode))
def test_any_bytes_are_rows_or_a_table_error(content):
    message = ""
    try:
        read(b"text,label\n" + content)
    except TableError as error:
        message = str(error)
    assert "\n" not in message


FORMULAS = [
    *("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\tx", "\rx", "\nx", "  =1", " \t=1"),
    *("＝1+1", "＋1", "－1", "＠x", "\u00a0=1", "\u2003=1", "\u200b=1", "\ufeff=1", "\u2060=1"),
    *("\u00ad-1", "﹦1", "﹢1", "﹣1", "﹫1", "=cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", "+"),
    *('=HYPERLINK("https://evil.example","x")', "=", "-", "@", "\t", "\n", "\x0b=1", "\u3000＝1"),
]


@pytest.mark.threat(42)
@pytest.mark.parametrize("text", FORMULAS)
def test_text_never_becomes_a_formula(text):
    written = io.StringIO("".join(csv_lines(["text"], [[text]])), newline="")
    assert list(csv.reader(written, strict=True))[1] == ["'" + text]


@pytest.mark.threat(42)
def test_a_header_never_becomes_a_formula():
    assert list(csv_lines(["=1"], [])) == ["'=1\r\n"]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (-5, "-5"),
        (-1.5, "-1.5"),
        (Decimal("-0.10"), "-0.10"),
        (0, "0"),
        (None, ""),
        (float("nan"), ""),
        (float("-inf"), ""),
        (Decimal("NaN"), ""),
        (True, "True"),
        (date(2026, 11, 22), "2026-11-22"),
        (datetime(2026, 11, 22, 8, 30, tzinfo=UTC), "2026-11-22T08:30:00+00:00"),
        ("plain", "plain"),
        ("a=b", "a=b"),
        ("5-4", "5-4"),
        ("'quoted", "'quoted"),
        ("", ""),
    ],
)
def test_numbers_and_days_stay_what_they_are(cell, text):
    assert safe_cell(cell) == text


@settings(deadline=None)
@given(st.lists(st.tuples(st.text(st.characters(codec="utf-8")), st.integers()), max_size=5))
def test_what_is_written_can_be_read_back(rows):
    written = "".join(csv_lines(["text", "number"], rows))
    back = list(csv.reader(io.StringIO(written, newline=""), strict=True))
    assert back[1:] == [[safe_cell(text), str(number)] for text, number in rows]
