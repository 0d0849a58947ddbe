"""Numbers and days are read from plain ASCII digits alone, and from no more than fits."""

import ast
from pathlib import Path

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form
from wtforms.validators import NumberRange, Optional

from portal.config import ROOT
from portal.web import fields

NUMBERS = {"IntegerField", "DecimalField", "FloatField", "DateField"}


class _Form(Form):
    whole = fields.IntegerField(validators=[Optional(), NumberRange(0, 10)])
    exact = fields.DecimalField(validators=[Optional(), NumberRange(0, 10)])
    measured = fields.FloatField(validators=[Optional(), NumberRange(0, 10)])
    day = fields.DateField(validators=[Optional()])


def _is_taken(name: str, typed: str) -> bool:
    return _Form(MultiDict({name: typed})).validate()


@pytest.mark.threat(87)
@pytest.mark.parametrize("name", ["whole", "exact", "measured", "day"])
@pytest.mark.parametrize(
    "typed",
    [
        "١",
        "１",
        "²",
        "1_0",
        "0x1",
        "NaN",
        "inf",
        "1e1",
        "9" * 5000,
        "--1",
        "1,5",
        "x",
        "1 0",
        "1\0",
    ],
)
def test_what_is_not_plain_is_no_number_and_no_day(name: str, typed: str) -> None:
    assert not _is_taken(name, typed)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        *(("whole", "7"), ("whole", " +7 "), ("exact", "7.25"), ("measured", "0.5")),
        *(("measured", "7."), ("day", "2026-02-28"), ("whole", ""), ("day", "")),
    ],
)
def test_what_people_write_is_taken(name: str, typed: str) -> None:
    assert _is_taken(name, typed)


@pytest.mark.threat(87)
@pytest.mark.parametrize(
    "typed", ["٢٠٢٦-٠١-٠١", "2025-02-29", "0000-00-00", "2026-W01-1", "9999-12-31", "0001-01-01"]
)
def test_a_day_that_is_none_is_refused(typed: str) -> None:
    assert not _is_taken("day", typed)


@pytest.mark.threat(87)
def test_no_form_reads_numbers_any_other_way() -> None:
    careless = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "portal").rglob("*.py")
        if path.name != "fields.py" and _taken_from_wtforms(path) & NUMBERS
    ]
    assert careless == []


def _taken_from_wtforms(path: Path) -> set[str]:
    return {
        alias.name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "wtforms"
        for alias in node.names
    }
