"""What people do is counted by the hour, in one place for every process."""

import subprocess
import sys
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from portal.actor import Actor
from portal.audit.models import AuditRow
from portal.database import Database, reading, writing
from portal.limits.models import RateCount
from portal.limits.services import MOST_DENIED, WINDOW, Journal, Limits, forget_counts
from portal.now import now
from tests.support.statements import counting

MOST = 20
PROCESS = """
import sys
from portal.database import Database, use
from portal.limits.services import Limits
use(Database(sys.argv[1]))
print(sum(Limits().count_alone(7, "idea", 20) is None for _ in range(18)))
"""


def _passed(tries: int, person_id: int = 7, kind: str = "idea") -> int:
    return sum(Limits().count_alone(person_id, kind, MOST) is None for _ in range(tries))


@pytest.mark.threat(55)
def test_two_processes_share_one_count(database: Database) -> None:
    url = database.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", PROCESS, url]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    passed = [int(one.communicate(timeout=60)[0]) for one in both]
    assert sum(passed) == MOST


@pytest.mark.threat(55)
def test_people_and_kinds_are_counted_apart(database: Database) -> None:
    assert _passed(MOST + 3) == MOST
    assert _passed(1, person_id=8) == 1
    assert _passed(1, kind="comment") == 1


@pytest.mark.threat(55)
def test_the_hour_begins_with_the_first_and_says_how_long_is_left(database: Database) -> None:
    start = now()
    with time_machine.travel(start, tick=False) as clock:
        assert _passed(MOST) == MOST
        clock.shift(timedelta(minutes=50))
        left = Limits().count_alone(7, "idea", MOST)
        assert left is not None
        assert 600 <= left <= 601
        clock.shift(timedelta(minutes=10))
        assert _passed(MOST + 1) == MOST


def test_what_fails_costs_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), writing():
        Limits().count(7, "idea", MOST)
        raise ZeroDivisionError
    assert _passed(MOST + 1) == MOST


def test_counting_is_one_statement(database: Database) -> None:
    _passed(1)
    with writing(), counting(database) as statements:
        assert Limits().count(7, "idea", MOST) is None
    assert len([each for each in statements if "rate_counts" in each]) == 1


def test_what_is_over_is_forgotten(database: Database) -> None:
    _passed(1)
    forget_counts()
    with time_machine.travel(now() + WINDOW, tick=False):
        _passed(1, person_id=8)
        forget_counts()
    with reading() as session:
        assert session.scalars(select(RateCount.person_id)).all() == [8]


@pytest.mark.threat(68)
def test_refusals_are_kept_until_they_are_a_flood(database: Database) -> None:
    for _ in range(MOST_DENIED + 5):
        Journal().note_denied(Actor(id=7, name="Ada"), "admin.overview", "GET")
    Journal().note_denied(Actor(id=8, name="Bo"), "admin.overview", "GET")
    with reading() as session:
        kept = session.execute(
            select(AuditRow.actor_id, func.count())
            .where(AuditRow.action == "access.denied")
            .group_by(AuditRow.actor_id)
            .order_by(AuditRow.actor_id)
        ).all()
    assert [tuple(row) for row in kept] == [(7, MOST_DENIED), (8, 1)]
