"""``flask impact`` as a person and a program use it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from portal.impact.commands import impact

NIST_FLOW_RATE = (49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(impact, [str(argument) for argument in arguments])


def write(path: Path, values: list[float], first: int = 1) -> Path:
    rows = [f"{first + n},{value}" for n, value in enumerate(values)]
    path.write_text("\n".join(["date,value", *rows]), encoding="utf-8")
    return path


@pytest.fixture
def fallen(tmp_path: Path) -> Path:
    noise = [0.0, 1.5, -1.0, 0.5, -2.0, 1.0, 2.0, -0.5, -1.5, 0.8] * 3
    values = [100 + n if i < 20 else 70 + n for i, n in enumerate(noise)]
    return write(tmp_path / "fallen.csv", values)


def test_xmr_prints_the_chart_as_json(tmp_path: Path):
    result = run("xmr", write(tmp_path / "nist.csv", list(NIST_FLOW_RATE)), "--json")
    assert result.exit_code == 0
    chart = json.loads(result.stdout)
    assert round(chart["baseline"]["upper_limit"], 4) == 55.8041
    assert chart["signals"] == []


def test_xmr_prints_a_table_to_people(tmp_path: Path):
    result = run("xmr", write(tmp_path / "nist.csv", list(NIST_FLOW_RATE)))
    assert "45.8159 … 55.8041" in result.stdout
    assert "50.81" in result.stdout


def test_xmr_takes_its_limits_from_the_first_points_alone(tmp_path: Path):
    path = write(tmp_path / "jump.csv", [1.0, 2.0] * 5 + [50.0])
    chart = json.loads(run("xmr", path, "--baseline-points", 10, "--json").stdout)
    assert chart["baseline"]["points"] == 10
    assert {"date": "11", "rule": "outside_limits"} in chart["signals"]


def test_analyse_prints_the_verdict_as_json(fallen: Path):
    result = run("analyse", fallen, "--change-date", 21, "--json")
    assert result.exit_code == 0
    analysis = json.loads(result.stdout)
    assert (analysis["verdict"], analysis["grade"]) == ("improved", "B")
    assert analysis["effect"]["relative"] == pytest.approx(-0.3, abs=0.02)


def test_analyse_prints_the_sentence_first_to_people(fallen: Path):
    result = run("analyse", fallen, "--change-date", 21)
    assert result.stdout.startswith("It worked. Since point 21, it is about 30 in 100 lower.\n")
    assert "95 % interval" in result.stdout


def test_analyse_knows_the_direction_the_period_and_the_transition(fallen: Path):
    options = ("--better", "higher", "--period", "day", "--transition", 5, "--json")
    analysis = json.loads(run("analyse", fallen, "--change-date", 21, *options).stdout)
    assert analysis["effect"]["n_after"] == 5
    assert analysis["sentence"].endswith("after 1 more day.")


def test_analyse_compares_with_another_series(fallen: Path, tmp_path: Path):
    noise = [1.0, -0.5, 0.3, -1.2, 0.9, -0.2, 1.1, -0.7, 0.1, -0.8] * 3
    other = write(tmp_path / "other.csv", [50 + n for n in noise])
    result = run("analyse", fallen, "--change-date", 21, "--comparison", other, "--json")
    assert json.loads(result.stdout)["grade"] == "A"


def test_too_few_points_are_an_answer_and_not_a_fault(tmp_path: Path):
    result = run("analyse", write(tmp_path / "few.csv", [1, 2]), "--change-date", 2)
    assert result.exit_code == 0
    assert "Not enough to judge." in result.stdout


@pytest.mark.parametrize("command", ["xmr", "analyse"])
def test_a_fault_in_the_file_is_one_line_on_stderr_and_exit_code_1(command: str, tmp_path: Path):
    path = tmp_path / "bad.csv"
    path.write_bytes(b"date,value\n2026-01-05,many\n")
    options = ["--change-date", "2026-01-05"] if command == "analyse" else []
    result = run(command, path, *options)
    assert result.exit_code == 1
    assert result.stderr == "Row 2, column value: 'many' is not a number.\n"
    assert result.stdout == ""


def test_a_missing_file_and_a_wrong_date_are_wrong_use(fallen: Path, tmp_path: Path):
    missing = run("xmr", tmp_path / "absent.csv")
    assert missing.exit_code == 2
    assert missing.stderr.count("\n") == 1
    assert run("analyse", fallen, "--change-date", "soon").exit_code == 2
    assert run("analyse", fallen).exit_code == 2


def test_a_date_for_a_series_of_numbers_is_a_fault(fallen: Path):
    result = run("analyse", fallen, "--change-date", "2026-03-01")
    assert result.exit_code == 1
    assert "both be dates" in result.stderr


def test_more_baseline_points_than_points_are_a_fault(tmp_path: Path):
    result = run("xmr", write(tmp_path / "few.csv", [1, 2]), "--baseline-points", 3)
    assert result.exit_code == 1
    assert result.stderr == "The series has only 2 points.\n"
