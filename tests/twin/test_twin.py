"""Two worlds, one difference, and nothing to tell them by."""

import os
from random import SystemRandom

import pytest
from flask import Flask

from portal.database import Database, writing
from tests.factories.triage import make_house
from tests.support.databases import create_postgresql, drop_postgresql
from tests.twin.compare import compare
from tests.twin.linkage import MOST_AUC, TWO_SHIFTS, measure


@pytest.mark.threat(56, 57, 58, 59)
def test_nothing_that_anybody_can_reach_tells_who_wrote() -> None:
    verdict = compare(seed=1, names=("agent", "colleague", "head", "administrator"), most=40)
    assert verdict.pages > 120
    assert verdict.rows > 100
    assert verdict.differences == [], "\n".join(verdict.differences[:5])
    assert verdict.together == 0
    assert verdict.vouchers == 1


@pytest.mark.threat(56, 57, 58, 59)
def test_nothing_tells_on_postgresql_either(postgresql: str | None) -> None:
    if postgresql is None:
        pytest.skip("no PostgreSQL server answers and none can be started")
    names = [f"portal_twin_{os.getpid()}_{place}" for place in range(2)]
    try:
        urls = [create_postgresql(postgresql, name) for name in names]
        verdict = compare(seed=1, names=("agent", "colleague", "head"), most=40, urls=urls)
    finally:
        for name in names:
            drop_postgresql(postgresql, name)
    assert verdict.pages > 90
    assert verdict.differences == [], "\n".join(verdict.differences[:5])


def test_the_comparison_notices_a_route_that_learns_who_asks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("portal.web.access.is_unlinked", lambda: False)
    verdict = compare(seed=1, names=("administrator",), most=1)
    assert [line.partition(":")[0] for line in verdict.differences] == ["sign_in_sessions"]


@pytest.mark.threat(58)
def test_the_hour_of_a_publication_does_not_tell_who_wrote(app: Flask, database: Database) -> None:
    if not database.is_sqlite:
        pytest.skip("time is the same on both")
    with writing():
        make_house()
    seed = SystemRandom().randrange(10**6)
    assert measure(500, seed, starts=TWO_SHIFTS).upper <= MOST_AUC, f"seed {seed}"


def test_the_simulated_attacker_can_tell_where_there_is_something_to_tell(
    app: Flask, database: Database
) -> None:
    if not database.is_sqlite:
        pytest.skip("time is the same on both")
    with writing():
        make_house()
    assert measure(500, seed=3, starts=TWO_SHIFTS, copy_at=14).auc > 0.7
