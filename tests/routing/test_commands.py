"""``flask routing evaluate`` and ``cross-validate``."""

import gzip
import json
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

ROWS = [
    *((f"the refund number {n} is missing", "billing") for n in range(8)),
    *((f"the meter number {n} is broken", "metering") for n in range(8)),
]


def write(path: Path, rows: list[tuple[str, str]], header: str = "text,label") -> Path:
    """A file with these rows."""
    text = "\n".join([header, *(f"{one},{other}" for one, other in rows)])
    data = text.encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def run(app: Flask, *arguments: str | Path) -> Result:
    """A routing command."""
    return app.test_cli_runner().invoke(args=["routing", *map(str, arguments)])


@pytest.mark.parametrize("name", ["train.csv", "train.csv.gz"])
def test_a_router_is_measured_on_a_file_of_its_own(app: Flask, tmp_path: Path, name: str) -> None:
    train, test = write(tmp_path / name, ROWS), write(tmp_path / "test.csv", ROWS[::3])
    found = json.loads(run(app, "evaluate", train, test, "--json").stdout)
    assert found["accuracy"] == found["accuracy_at_3"] == found["macro_f1"] == 1
    assert found["confidence"] == 0.85
    assert {"coverage", "accuracy_at_confidence", "calibration_error"} <= set(found)
    assert found["milliseconds_per_item"] < 5


def test_without_json_the_figures_are_read_by_people(app: Flask, tmp_path: Path) -> None:
    train = write(tmp_path / "train.csv", ROWS)
    answer = run(app, "cross-validate", train, "--folds", "4", "--examples", "10")
    assert "right at once               1.0 ± 0.0" in answer.stdout


def test_a_label_that_was_never_learned_counts_as_wrong_and_is_named(
    app: Flask, tmp_path: Path
) -> None:
    train = write(tmp_path / "train.csv", ROWS)
    test = write(tmp_path / "test.csv", [ROWS[0], ("an unknown thing", "unheard")])
    answer = run(app, "evaluate", train, test, "--json")
    assert "1 rows of test.csv bear a label that train.csv does not have (unheard)" in answer.stderr
    assert json.loads(answer.stdout)["accuracy"] == 0.5


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "train.csv: the file is empty"),
        (b"text,label\n", "there is no row below the header"),
        (b"text,label\na,x\nb,x\n", "every row bears the label \u201cx\u201d"),
        (b"words,label\na,x\n", "Row 1, column text: the column is missing"),
        (b"text,label\n\xff\xfe,x\n", "Row 2: not valid UTF-8 at byte 1 of text"),
        (b"text,label\n,x\n", "Row 2, column text: nothing stands there"),
        (b"text,label\na,\n", "Row 2, column label: nothing stands there"),
        (b"text,label\na,b,c\n", "3 cells where the header has 2"),
        (b"text,label\na," + b"x" * 300 + b"\n", "longer than 200 characters"),
    ],
)
def test_a_file_that_cannot_be_learned_from_is_told_in_one_line(
    app: Flask, tmp_path: Path, content: bytes, words: str
) -> None:
    train, test = tmp_path / "train.csv", write(tmp_path / "test.csv", ROWS)
    train.write_bytes(content)
    for command in (("evaluate", train, test), ("cross-validate", train)):
        answer = run(app, *command)
        assert answer.exit_code == 1
        assert words in answer.stderr
        assert answer.stderr.count("\n") == 1


def test_more_folds_than_rows_is_wrong_use(app: Flask, tmp_path: Path) -> None:
    train = write(tmp_path / "train.csv", ROWS[6:10])
    answer = run(app, "cross-validate", train, "--folds", "9")
    assert answer.exit_code == 2
    assert "fewer rows than folds" in answer.stderr
