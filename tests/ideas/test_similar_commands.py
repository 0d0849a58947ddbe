"""``flask similar evaluate``."""

import json
import os
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

PAIRS = """a,b,is_duplicate
The meter shows a guess,Meters that guess,1
When does the refund come,The day of a refund,1
The queue is long,Parking at the shop,0
"""


def run(app: Flask, *arguments: str | Path) -> Result:
    """The command."""
    return app.test_cli_runner().invoke(args=["similar", "evaluate", *map(str, arguments)])


def test_pairs_are_told_apart_and_twins_found(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "pairs.csv"
    path.write_text(PAIRS)
    found = json.loads(run(app, path, "--json").stdout)
    assert (found["auc"], found["recall_at_1"], found["recall_at_5"]) == (1, 1, 1)
    assert (found["pairs"], found["true_pairs"], found["texts"]) == (3, 2, 3)
    more = tmp_path / "more.csv"
    more.write_text("text\nThe meter shows a guess that is wrong\n")
    wider = run(app, path, "--among", more)
    assert "twin found first            0.5" in wider.stdout
    assert "texts searched              4" in wider.stdout


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,2\n", "is_duplicate"),
        ("a,b,is_duplicate\none,two,perhaps\n", "write 1 or 0"),
        ("a,b,is_duplicate\none,two,1\n", "pairs of both kinds"),
    ],
)
def test_a_file_that_is_none_is_refused_in_one_line(
    app: Flask, tmp_path: Path, text: str, said: str
) -> None:
    path = tmp_path / "pairs.csv"
    path.write_text(text)
    answer = run(app, path)
    assert answer.exit_code == 1
    assert said in answer.stderr
    assert answer.stderr.count("\n") == 1


@pytest.mark.skipif(
    "PORTAL_TEST_DATA" not in os.environ, reason="PORTAL_TEST_DATA names no folder of real data"
)
def test_real_twins_are_found_among_real_reports(app: Flask) -> None:
    folder = Path(os.environ["PORTAL_TEST_DATA"])
    among = folder / "search_corpus_gitbugs.csv.gz"
    answer = run(app, folder / "duplicates_gitbugs_dev.csv.gz", "--among", among, "--json")
    found = json.loads(answer.stdout)
    assert found["auc"] >= 0.84
    assert found["recall_at_5"] >= 0.75
