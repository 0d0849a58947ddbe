"""Every door and every policy, asked as everybody; the table is in ``matrix.txt``."""

from collections import defaultdict
from random import Random

import pytest
from flask import Flask

from portal.database import Database
from portal.policy import REGISTRY
from portal.web.access import list_routes
from tests.security.mutants import Plausible, list_mutants, survives
from tests.security.stages import ELSEWHERE
from tests.security.table import Answer, ask, goes_wrong, read_table
from tests.security.walk import Walker
from tests.security.world import SUBJECTS, make_world

SEED = 20
LEAST_CELLS = 1500
PART_ON_POSTGRESQL = 10
MAY_FIND_IT_DONE = {
    *("ideas.edit", "ideas.unsupport", "people.sign_out", "triage.skip", "triage.end"),
}
"""Where there may be nothing left to do: then nothing changes, and nothing is kept of it."""


def test_the_table_names_every_route_and_every_policy(still: Walker) -> None:
    rows, adapter = read_table(), still.app.url_map.bind("127.0.0.1")
    asked = set()
    for row in (one for one in rows if one.method != "MAY"):
        path = row.asked.partition("?")[0].format_map(Plausible())
        asked.add((adapter.match(path, method=row.method)[0], row.method))
    doors = {
        (route.endpoint, method)
        for route in list_routes(still.app)
        for method in route.methods - {"HEAD", "OPTIONS"}
    }
    assert doors - asked == set(), "routes that matrix.txt does not ask"
    policies = {f"{kind.__name__}.{action}" for kind, action in REGISTRY}
    assert policies - {row.policy for row in rows} == set(), "policies that it does not ask"
    assert len(rows) * len(SUBJECTS) >= LEAST_CELLS


@pytest.mark.threat(18)
@pytest.mark.threat(20)
@pytest.mark.threat(21)
@pytest.mark.threat(22)
@pytest.mark.threat(53)
@pytest.mark.threat(68)
def test_everybody_gets_what_the_table_says_and_no_more(still: Walker) -> None:
    answers = list(ask(still, read_table()))
    assert [str(each) for each in answers if goes_wrong(each, still)] == []
    assert _silent(still, answers) == ELSEWHERE


@pytest.mark.threat(18)
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_postgresql_agrees(app: Flask, database: Database) -> None:
    walker, rows = Walker(app, make_world(app)), read_table()
    part = Random(SEED).sample(rows, len(rows) // PART_ON_POSTGRESQL)
    answers = list(ask(walker, part))
    assert [str(each) for each in answers if goes_wrong(each, walker)] == []
    _silent(walker, answers)


def _silent(walker: Walker, answers: list[Answer]) -> set[str]:
    """The routes that never did anything; the others left what they declare, in the same unit."""
    routes = {route.endpoint: route for route in list_routes(walker.app)}
    left: dict[str, set[str]] = defaultdict(set)
    for answer in answers:
        row, seen = answer.row, answer.seen
        if seen is None or row.method != "POST" or seen.cell not in {"200", "303"}:
            continue
        endpoint, _ = walker.endpoint_of("POST", row.asked.format(**walker.world.words))
        tags = set(routes[endpoint].audit) & seen.tags
        is_done = endpoint in MAY_FIND_IT_DONE or not routes[endpoint].audit
        assert tags or is_done, f"{answer}: nothing in the audit log"
        left[endpoint] |= tags
    return {
        route.endpoint
        for route in routes.values()
        if not route.is_safe and route.audit and not left[route.endpoint]
    }


@pytest.mark.threat(18)
def test_a_check_that_is_dropped_is_noticed(still: Walker) -> None:
    mutants, rows = list_mutants(still.app), read_table()
    assert len(mutants) >= 60
    for mutant in Random(SEED).sample(mutants, 6):
        assert not survives(mutant, still, rows), f"nobody noticed: {mutant.name}"
