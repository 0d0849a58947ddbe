"""The boards: every number opens its list, and the list adds up to it."""

import csv
import io
import re

import pytest
from flask import Flask

from portal.actor import Role
from portal.boards.queries import Level, get_leaderboard, last_year, list_credits
from portal.database import Database, reading, session, writing
from portal.impact.models import BenefitKind
from portal.people.models import Person
from portal.people.queries import get_person
from tests.factories.impact import JUDGED, Measured
from tests.factories.people import make_person
from tests.support.client import Client
from tests.support.statements import counting

SENTENCE = "The partner's invoice fell by what the calls say."
EVIDENCE = "Overflow partner, invoice line 4."


def _leader() -> Person:
    with writing():
        return make_person("Helen Whitcombe", role=Role.LEADER)


@pytest.mark.parametrize("level", list(Level))
def test_each_row_adds_up_to_its_list(proven: Measured, level: Level) -> None:
    with reading():
        period = last_year(JUDGED.date())
        board = get_leaderboard(level, period)
        opened = [place.entry for place in board.places if place.entry.key]
        assert opened or level is Level.TEAMS
        for entry in opened:
            rows = list_credits(level, int(entry.key), period)
            assert sum(row.low_minor for row in rows) == entry.total.low
            assert sum(row.mid_minor for row in rows) == entry.total.mid
            assert sum(row.high_minor for row in rows) == entry.total.high


def test_departments_together_are_the_signed_benefit(proven: Measured) -> None:
    with reading():
        board = get_leaderboard(Level.DEPARTMENTS, last_year(JUDGED.date()))
        together = sum(place.entry.total.low for place in board.places)
        assert together == board.totals[BenefitKind.HARD].low > 0


def test_somebody_who_did_not_agree_is_not_named(proven: Measured, client: Client) -> None:
    author = proven.accepted.author
    client.sign_in(_leader())
    assert author.name in client.get("/boards/impact?level=people").text
    with writing():
        get_person(author.id).named_on_boards = False
    page = client.get("/boards/impact?level=people")
    assert page.status_code == 200
    assert author.name not in page.text
    assert client.get(f"/boards/impact/people/{author.id}").status_code == 404


def test_the_page_asks_a_fixed_number_of_times(
    proven: Measured, client: Client, database: Database
) -> None:
    client.sign_in(_leader())
    client.get("/boards/impact")
    with counting(database) as seen:
        page = client.get("/boards/impact")
    assert page.text.count("<h1") == 1
    assert sum(not one.startswith("BEGIN") for one in seen) <= 7


@pytest.mark.threat(42)
def test_the_csv_holds_numbers_and_no_formula(proven: Measured, client: Client) -> None:
    with writing():
        session().merge(get_person(proven.accepted.author.id)).name = "=HYPERLINK(1)"
    client.sign_in(_leader())
    answer = client.get("/boards/impact.csv?level=people")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert any(row["name"] == "'=HYPERLINK(1)" for row in rows)
    assert all(re.fullmatch(r"-?\d+(\.\d+)?", row["low"]) for row in rows)


@pytest.mark.parametrize(
    "query", ["from=nonsense", "from=2026-02-01&to=2026-01-01", "level=planets", "to=0000-00-00"]
)
def test_a_wrong_period_or_level_is_said_not_broken(client: Client, app: Flask, query: str) -> None:
    client.sign_in(_leader())
    answer = client.get(f"/boards/impact?{query}")
    assert answer.status_code in {404, 422}
    assert answer.text.count("<h1") == 1


def test_the_funnel_is_for_those_who_lead_and_counts_every_step(
    proven: Measured, client: Client
) -> None:
    assert client.sign_in(proven.accepted.author).get("/boards/funnel").status_code == 404
    page = client.sign_in(_leader()).get("/boards/funnel")
    assert page.status_code == 200
    assert page.text.count("<h1") == 1
    assert client.get("/boards/funnel.csv").status_code == 200
