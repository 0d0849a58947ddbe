"""Reading series that nobody has checked."""

from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.impact.series import (
    Period,
    SeriesError,
    SeriesUnreadable,
    parse_series,
    read_series,
)

GOOD = b"date,value\n2026-01-05,1\n2026-01-12,2.5\n"


def test_a_series_of_dates_and_values_is_read():
    series = parse_series(GOOD)
    assert series.dates == (date(2026, 1, 5), date(2026, 1, 12))
    assert series.values == (1.0, 2.5)
    assert series.period is Period.WEEK
    assert series.denominators is None


def test_a_rate_is_its_numerator_over_its_denominator():
    series = parse_series(b"date,numerator,denominator\n2026-01,3,4\n2026-02,1,4\n")
    assert series.values == (0.75, 0.25)
    assert series.denominators == (4.0, 4.0)
    assert series.period is Period.MONTH


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + GOOD,
        GOOD.replace(b"\n", b"\r\n"),
        GOOD + b"\n\n",
        GOOD.replace(b"date,value", b" Date , VALUE "),
        b"site,date,value\nx,2026-01-05,1\nx,2026-01-12,2.5\n",
    ],
)
def test_a_byte_order_mark_line_ends_blank_lines_and_other_columns_do_no_harm(content: bytes):
    assert parse_series(content) == parse_series(GOOD)


def test_points_may_be_numbered_instead_of_dated():
    assert parse_series(b"date,value\n1.0,5\n2,6\n").dates == (1, 2)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "Row 1: the file is empty."),
        (b"\n \n", "Row 1: the file is empty."),
        (b"date,value\n", "Row 2: there are no points below the header."),
        (b"day,value\n2026-01-05,1\n", "Row 1: column date is missing."),
        (b"date,amount\n2026-01-05,1\n", "Row 1: column value is missing."),
        (b"date,numerator\n2026-01-05,1\n", "Row 1: column denominator is missing."),
        (b"date,value,value\n2026-01-05,1,1\n", "Row 1: column value stands twice."),
        (b"date,value\n2026-01-05,\xff\n", "Row 2: this is not UTF-8 text."),
        (b"date,value\n2026-01-05,1\n2026-01-\x0012,1\n", "Row 3: there is a NUL character"),
        (b",".join([b"date"] * 10_000) + b"\n", "Row 1: there are 10000 columns"),
        (b"date,value\n2026-01-05\n", "Row 2, column value: it is empty."),
        (b"date,value\n,1\n", "Row 2, column date: it is empty."),
        (b"date,value\n05.01.2026,1\n", "Row 2, column date: write it as 2026-03-01"),
        (b"date,value\n2026-02-30,1\n", "Row 2, column date: write it as 2026-03-01"),
        (b"date,value\n2026-01-05,NaN\n", "Row 2, column value: 'NaN' is not a number."),
        (b"date,value\n2026-01-05,inf\n", "Row 2, column value: 'inf' is not a number."),
        (b"date,value\n2026-01-05,1e999\n", "Row 2, column value: '1e999' is not a number."),
        (b"date,value\n2026-01-05,1_0\n", "Row 2, column value: '1_0' is not a number."),
        (GOOD + b"2026-01-12,3\n", "Row 4, column date: the same date stands twice."),
        (GOOD + b"2026-01-01,3\n", "Row 4, column date: it does not come after the row above."),
        (GOOD + b"7,3\n", "Row 4, column date: it does not come after the row above."),
        (
            b"date,numerator,denominator\n2026-01-05,1,0\n",
            "Row 2, column denominator: it must be more than zero.",
        ),
        (
            b"date,numerator,denominator\n2026-01-05,1,1e-300\n",
            "Row 2, column denominator: it is too small for its numerator.",
        ),
        (b'date,value\n2026-01-05,"1\n', "Row 2: "),
    ],
)
def test_bad_input_is_refused_in_one_line_that_names_row_and_column(content: bytes, complaint: str):
    with pytest.raises(SeriesError) as refusal:
        parse_series(content)
    assert str(refusal.value).startswith(complaint)
    assert "\n" not in str(refusal.value)


def test_a_missing_file_is_named(tmp_path: Path):
    with pytest.raises(SeriesUnreadable, match=r"absent\.csv cannot be read"):
        read_series(tmp_path / "absent.csv")


def test_the_first_points_keep_their_counts():
    series = parse_series(b"date,numerator,denominator\n1,1,2\n2,1,4\n").first(1)
    assert (series.dates, series.values, series.denominators) == ((1,), (0.5,), (2.0,))


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
def test_no_bytes_whatsoever_raise_anything_but_a_series_error(content: bytes):
    for file in (content, b"date,value\n" + content):
        with suppress(SeriesError):
            series = parse_series(file)
            assert len(series.dates) == len(series.values) > 0
