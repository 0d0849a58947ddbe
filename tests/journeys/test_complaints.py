"""2,749 real complaints find the departments that own their ten reasons."""

import csv
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portal.database import reading
from portal.people.queries import find_person_by_email
from portal.tables import open_table
from tests.support.client import Client, attribute

COMPLAINTS = "routing_cfpb_product_dev.csv.gz"
TOTAL = 2749
_OPTION = re.compile(r"<option\b([^>]*)>([^<]+)</option>")
_SELECT = re.compile(r'<select\b[^>]*\bname="(\w+)"[^>]*>(.*?)</select>', re.S)
_INSIGHT = re.compile(r'href="/insights/(N-\d+)"')
_OLDER = re.compile(r'<a\b[^>]*rel="next"[^>]*>')

pytestmark = pytest.mark.slow


def _labels(path: Path) -> Counter[str]:
    """How many complaints the file has under each label."""
    with open_table(path) as stream:
        lines = stream.read().decode().splitlines(keepends=True)
    return Counter(row["label"] for row in csv.DictReader(lines))


def _desk(label: str) -> str:
    return f"{label} desk"


def _key(label: str) -> str:
    return label.lower().replace(" ", "-")


def _write(path: Path, rows: list[tuple[str, ...]]) -> Path:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


@pytest.fixture
def run(app: Flask) -> Callable[..., str]:
    """Runs one of the portal's commands and returns what it said."""

    def call(*arguments: str | Path) -> str:
        done = app.test_cli_runner().invoke(args=[str(argument) for argument in arguments])
        assert done.exit_code == 0, done.output
        return done.output

    return call


def _choices(page: TestResponse, field: str) -> dict[str, str]:
    """What a list can be narrowed to: the values of a filter by their words."""
    offered = dict(_SELECT.findall(page.text))[field]
    return {name.strip(): attribute(head, "value") or "" for head, name in _OPTION.findall(offered)}


def _listed(client: Client, address: str) -> set[str]:
    """The references on a list, from its first page to its last."""
    found: set[str] = set()
    while address:
        page = client.get(address)
        assert page.status_code == 200, address
        found |= set(_INSIGHT.findall(page.text))
        older = _OLDER.search(page.text)
        address = attribute(older.group(), "href") or "" if older else ""
    return found


def test_real_complaints_stand_with_the_departments_that_own_their_reasons(
    run: Callable[..., str], client: Client, test_data: Path, tmp_path: Path
) -> None:
    complaints = test_data / COMPLAINTS
    labels = _labels(complaints)
    assert (len(labels), labels.total()) == (10, TOTAL)

    people = [("email", "name", "department", "department_name", "role")]
    people += [
        (f"{_key(label)}@bank.example", f"Head of {label}", _key(label), _desk(label), "head")
        for label in labels
    ]
    people.append(("agent@bank.example", "Amina Yusuf", "", "", "agent"))
    assert "11 people added" in run("people", "import", _write(tmp_path / "people.csv", people))
    reasons = [("key", "name", "owner"), *((_key(one), one, _key(one)) for one in labels)]
    said = run("demand", "import-reasons", _write(tmp_path / "reasons.csv", reasons))
    assert "10 contact reasons added" in said

    rehearsed = run("insights", "import", complaints, "--map", "label=reason", "--dry-run")
    assert "2,749 insights can be imported" in rehearsed
    assert "2,749 insights imported" in run(
        "insights", "import", complaints, "--map", "label=reason"
    )
    again = run("insights", "import", complaints, "--map", "label=reason")
    assert "0 insights imported" in again
    assert "2,749 known already" in again

    with reading():
        agent = find_person_by_email("agent@bank.example")
        assert agent is not None
    client.sign_in(agent)
    page = client.get("/insights")
    departments, offered = _choices(page, "department"), _choices(page, "reason")
    by_department = {
        label: _listed(client, f"/insights?department={departments[_desk(label)]}")
        for label in labels
    }
    assert {label: len(found) for label, found in by_department.items()} == labels
    assert len(set().union(*by_department.values())) == TOTAL
    for label, found in by_department.items():
        assert _listed(client, f"/insights?reason={offered[label]}") == found
        one = client.get(f"/insights/{min(found)}")
        assert f"To {_desk(label)} because the contact reason “{label}” is theirs." in one.text
