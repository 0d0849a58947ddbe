"""Weeks from a file: everything or nothing, and every fault by row and column."""

import io

import pytest

from portal.actor import PROGRAM
from portal.database import Database, writing
from portal.metrics import imports, queries
from portal.metrics.models import Metric
from portal.tables import TableError, read_rows
from tests.factories.metrics import make_metric
from tests.factories.people import make_department

pytestmark = pytest.mark.usefixtures("database")

GOOD = "period_start,numerator,denominator\n2026-03-02,95,10000\n2026-03-09,97,10000\n"


@pytest.fixture
def metric(database: Database) -> Metric:
    """A metric without points."""
    with writing():
        return make_metric(make_department())


def read(metric: Metric, text: str) -> tuple[int, int]:
    with writing():
        rows = read_rows(
            io.BytesIO(text.encode()), required=imports.REQUIRED, optional=imports.OPTIONAL
        )
        return imports.import_points(PROGRAM, metric, rows)


def test_a_file_may_come_twice(metric: Metric):
    assert read(metric, GOOD) == (2, 2)
    assert read(metric, GOOD) == (0, 2)
    assert read(metric, GOOD.replace("97,", "98,")) == (1, 2)
    assert [point.value for point in queries.list_points(metric.id)] == [9.5, 9.8]


def test_values_alone_are_fine_too(metric: Metric):
    assert read(metric, "value,period_start\n9.5,2026-03-02\n-1e-3,2026-03-09\n") == (2, 2)


@pytest.mark.parametrize(
    ("row", "place"),
    [
        ("02.03.2026,95,10000", "Row 3, column period_start"),
        ("2026-02-30,95,10000", "Row 3, column period_start"),
        (",95,10000", "Row 3, column period_start"),
        ("2026-03-09,95,0", "Row 3, column denominator"),
        ("2026-03-09,95,", "Row 3, column denominator"),
        ("2026-03-09,,10000", "Row 3, column numerator"),
        ("2026-03-09,NaN,10000", "Row 3, column numerator"),
        ("2026-03-09,1e999,10000", "Row 3, column numerator"),
        ("2026-03-09,٣,10000", "Row 3, column numerator"),
        ("2026-03-09,95", "Row 3: 2 cells"),
        ("2026-03-02,96,10000", "Row 3, column period_start: the same week stands in row 2"),
        ("2026-03-10,96,10000", "Column period_start"),
        ("2999-03-09,96,10000", "Column period_start"),
        ("2026-03-09,1e15,1e-300", "Column denominator"),
    ],
)
def test_a_fault_names_its_place_and_keeps_everything_out(metric: Metric, row: str, place: str):
    with pytest.raises(TableError) as fault:
        read(metric, f"period_start,numerator,denominator\n2026-03-02,95,10000\n{row}\n")
    assert str(fault.value).startswith(place)
    assert queries.list_points(metric.id) == []


def test_every_faulty_row_is_named_at_once(metric: Metric):
    with pytest.raises(TableError) as fault:
        read(metric, "period_start,value\nmonday,1\n2026-03-02,x\n")
    assert str(fault.value).splitlines() == [
        "Row 2, column period_start: 'monday' is not a day such as 2026-03-02",
        "Row 3, column value: 'x' is not a number such as 9.5",
    ]


@pytest.mark.parametrize("text", ["", "\n", "week,value\n2026-03-02,1\n"])
def test_a_file_without_its_columns_is_refused(metric: Metric, text: str):
    with pytest.raises(TableError):
        read(metric, text)
