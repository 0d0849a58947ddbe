"""Every door and every policy, asked as everybody; the table is in ``matrix.txt``."""

from collections import defaultdict
from random import Random

import pytest
from flask import Flask

from portal.database import Database
from portal.policy import REGISTRY
from portal.web.access import list_routes
from tests.security.mutants import Plausible, list_mutants, survives
from tests.security.table import Answer, Row, ask, goes_wrong, read_table
from tests.security.walk import Walker
from tests.security.world import SUBJECTS, make_world

SEED = 20
LEAST_CELLS = 1500
PART_ON_POSTGRESQL = 6
MAY_FIND_IT_DONE = {"ideas.edit", "ideas.unsupport", "people.sign_out"}
"""Where there may be nothing left to do: then nothing changes, and nothing is kept of it."""
ELSEWHERE = {
    "admin.give_up",
    "admin.try_task_again",
    "anonymous.idea",
    "anonymous.insight",
    "anonymous.say",
    "authors.ask",
    "authors.seal",
    "notifications.end_digests",
    "notifications.resend",
    "notifications.resend_any",
    "notifications.telling",
    "people.code",
    "people.make_administrator",
    "people.second_factor_confirm",
    "routing.edit_rule",
    "routing.move_rule",
    "routing.new_rule",
    "routing.restore_rule",
    "routing.set_router",
    "routing.switch_rule",
    "triage.try_out",
}
"""What succeeds only with what this world has not: a code, a pass, a seal, a rule.

Anonymous words are in the audit log when they are published, and not by whoever sent them.
"""


@pytest.fixture
def walker(app: Flask) -> Walker:
    """The whole world, and somebody who knocks at its doors."""
    return Walker(app, make_world(app))


def _rows(database: Database) -> list[Row]:
    """All rows on SQLite, some of them on PostgreSQL, always the same."""
    rows = read_table()
    if database.is_sqlite:
        return rows
    return Random(SEED).sample(rows, len(rows) // PART_ON_POSTGRESQL)


def test_the_table_names_every_route_and_every_policy(app: Flask) -> None:
    rows, adapter = read_table(), app.url_map.bind("127.0.0.1")
    asked = set()
    for row in (one for one in rows if one.method != "MAY"):
        path = row.asked.partition("?")[0].format_map(Plausible())
        asked.add((adapter.match(path, method=row.method)[0], row.method))
    doors = {
        (route.endpoint, method)
        for route in list_routes(app)
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
def test_everybody_gets_what_the_table_says_and_no_more(
    app: Flask, walker: Walker, database: Database
) -> None:
    rows = _rows(database)
    answers = list(ask(walker, rows))
    assert [str(each) for each in answers if goes_wrong(each, walker)] == []
    _check_audit(app, walker, answers, is_whole=database.is_sqlite)


def _check_audit(app: Flask, walker: Walker, answers: list[Answer], *, is_whole: bool) -> None:
    """What succeeded left the action that its route declares, in its own transaction."""
    routes = {route.endpoint: route for route in list_routes(app)}
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
    silent = {
        route.endpoint
        for route in routes.values()
        if not route.is_safe and route.audit and not left[route.endpoint]
    }
    assert not is_whole or silent == ELSEWHERE


@pytest.mark.threat(18)
def test_a_check_that_is_dropped_is_noticed(app: Flask, walker: Walker, database: Database) -> None:
    mutants = list_mutants(app)
    assert len(mutants) >= 60
    if not database.is_sqlite:
        pytest.skip("what is dropped is the same on both")
    for mutant in Random(SEED).sample(mutants, 6):
        assert not survives(mutant, walker, read_table()), f"nobody noticed: {mutant.name}"
