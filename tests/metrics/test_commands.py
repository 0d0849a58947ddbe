"""``flask metrics import``."""

from pathlib import Path

import pytest
from flask import Flask

from portal.database import writing
from portal.metrics import queries
from portal.metrics.models import Metric
from tests.factories.metrics import make_metric
from tests.factories.people import make_department

GOOD = "period_start,value\n2026-03-02,9.5\n2026-03-09,9.7\n"


@pytest.fixture
def metric(app: Flask) -> Metric:
    """A metric without points."""
    with writing():
        return make_metric(make_department())


def run(app: Flask, file: Path, *options: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["metrics", "import", str(file), *options])
    return result.exit_code, result.output


def test_a_file_is_recorded_and_a_second_time_nothing_is_new(
    app: Flask, metric: Metric, tmp_path: Path
):
    file = tmp_path / "weeks.csv"
    file.write_text(GOOD)
    assert run(app, file, "--metric", metric.key.upper()) == (
        0,
        "2 weeks recorded, 0 known already.\n",
    )
    assert run(app, file, "--metric", metric.key) == (0, "0 weeks recorded, 2 known already.\n")


def test_a_dry_run_checks_everything_and_keeps_nothing(app: Flask, metric: Metric, tmp_path: Path):
    file = tmp_path / "weeks.csv"
    file.write_text(GOOD)
    code, said = run(app, file, "--metric", metric.key, "--dry-run")
    assert (code, said) == (0, "2 weeks would be recorded, 0 known already.\n")
    assert queries.list_points(metric.id) == []


def test_a_fault_is_told_by_row_and_column(app: Flask, metric: Metric, tmp_path: Path):
    file = tmp_path / "weeks.csv"
    file.write_text(GOOD + "2026-03-16,nine\n")
    code, said = run(app, file, "--metric", metric.key)
    assert code == 1
    assert "Row 4, column value" in said
    assert "Nothing was imported." in said
    assert queries.list_points(metric.id) == []


def test_an_unknown_metric_is_named(app: Flask, tmp_path: Path):
    file = tmp_path / "weeks.csv"
    file.write_text(GOOD)
    assert run(app, file, "--metric", "nothing") == (2, "There is no metric nothing.\n")
