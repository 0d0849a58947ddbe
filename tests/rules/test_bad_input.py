"""Hostile input at every door: never a fault of ours, never slow, the same on both databases.

A seeded part of what ``make fuzz`` drives whole; see ``tests/fuzz``.
"""

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from random import Random

import pytest

from portal.app import create_app
from portal.config import read_config
from tests.fuzz.cases import hand_cases, random_cases
from tests.fuzz.town import Case, Judge, World, explore, undone
from tests.support.databases import Cleaner
from tests.support.server import environment

LIVES = {"draft", "triage", "accepted", "begun", "measured"}
PEOPLE = {"agent", "head", "validator"}
BY_HAND, BY_CHANCE = 260, 120


@pytest.fixture
def judge(
    sqlite_cleaner: Cleaner, postgresql_cleaner: Cleaner | None, tmp_path: Path
) -> Iterator[Judge]:
    """The same town on both databases, each unit undone at its end."""
    if postgresql_cleaner is None and os.environ.get("CI"):
        pytest.fail("no PostgreSQL server answers and none can be started")
    worlds = []
    for cleaner in filter(None, (sqlite_cleaner, postgresql_cleaner)):
        cleaner.clean()
        url = cleaner.database.url.render_as_string(hide_password=False)
        app = create_app(read_config(environment(url, tmp_path)), cleaner.database)
        worlds.append(World(app, cleaner.database))
    with undone():
        yield Judge(worlds)


@pytest.mark.threat(46, 87, 88, 89)
def test_no_input_breaks_the_portal_or_divides_its_databases(judge: Judge) -> None:
    world = judge.worlds[0]
    doors, pages = explore(world, lives=LIVES, people=PEOPLE)
    assert len(doors) > 25
    random = Random(7)
    by_hand = list(hand_cases(world, doors, pages))
    for case in random.sample(by_hand, BY_HAND):
        judge.judge(case)
    for case in islice(random_cases(random, doors, pages), BY_CHANCE):
        judge.judge(case)
    assert judge.faults == []
    assert judge.answers.keys() >= {200, 303, 400, 422}


def test_a_form_of_more_than_half_a_megabyte_is_too_large(judge: Judge) -> None:
    kind = "application/x-www-form-urlencoded"
    case = Case("agent", "POST", "/insights/new", "a long insight", b"text=" + b"a" * 600_000, kind)
    answer = judge.judge(case)
    assert answer.status_code == 413
    assert "500 kB" in answer.text
    assert judge.faults == []
