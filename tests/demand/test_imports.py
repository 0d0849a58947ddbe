"""Contact reasons from a file."""

from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from portal.database import writing
from portal.demand import queries
from tests.factories.people import make_department

GOOD = """\
key,name,parent,owner,avoidable_cost,full_cost
bills,Bills,,{owner},,
late-bill,Late bill,bills,,5.80,9.10
"""


@pytest.fixture
def owner(app: Flask) -> str:
    """The key of a department."""
    with writing():
        return make_department("Billing").key


def _run(app: Flask, path: Path, *options: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["demand", "import-reasons", str(path), *options])
    return result.exit_code, result.output


def _file(folder: Path, content: str) -> Path:
    path = folder / "reasons.csv"
    path.write_text(content)
    return path


def test_a_file_of_reasons_becomes_the_tree(app: Flask, owner: str, tmp_path: Path) -> None:
    code, output = _run(app, _file(tmp_path, GOOD.format(owner=owner)))
    assert (code, output) == (0, "2 contact reasons added, 0 known already.\n")
    bills, late = queries.list_reasons()
    assert (late.key, late.parent_id) == ("late-bill", bills.id)
    assert late.owner_department_id == bills.owner_department_id
    assert queries.get_cost(late.id, date(2100, 1, 1)) == (580, 910)


def test_the_same_file_again_adds_nothing(app: Flask, owner: str, tmp_path: Path) -> None:
    path = _file(tmp_path, GOOD.format(owner=owner))
    _run(app, path)
    assert _run(app, path) == (0, "0 contact reasons added, 2 known already.\n")


def test_a_dry_run_keeps_nothing(app: Flask, owner: str, tmp_path: Path) -> None:
    code, output = _run(app, _file(tmp_path, GOOD.format(owner=owner)), "--dry-run")
    assert (code, output) == (0, "2 contact reasons would be added, 0 known already.\n")
    assert queries.list_reasons() == []


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("x,X,,nowhere,,", "Row 3, column owner: there is no department nowhere"),
        ("x,X,,,,", "Row 3, column owner: an owner is needed"),
        ("x,X,no-parent,{owner},,", "Row 3, column parent: there is no contact reason no-parent"),
        ("x,X,,{owner},much,", "Row 3, column avoidable_cost: much is not an amount"),
        ("x,X,,{owner},NaN,", "Row 3, column avoidable_cost: NaN is not an amount"),
        ("x,X,,{owner},-1,", "Row 3, column avoidable_cost: -1 is not an amount"),
        ("x,X,,{owner},5,4", "Row 3, column full_cost: The full cost holds the avoidable"),
        ("x,,,{owner},,", "Row 3, column name: A name has 1 to 120 characters"),
    ],
)
def test_a_faulty_row_is_named_and_nothing_is_imported(
    app: Flask, owner: str, tmp_path: Path, line: str, fault: str
) -> None:
    content = "key,name,parent,owner,avoidable_cost,full_cost\ngood,Good,,{owner},,\n" + line
    code, output = _run(app, _file(tmp_path, content.format(owner=owner)))
    assert code == 1
    assert fault in output
    assert output.count("\n") == 1
    assert queries.list_reasons() == []
