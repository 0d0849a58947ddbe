"""Reviewers say how much work it is and how sure they are, each before they read the others."""

import re

import pytest
from sqlalchemy import select

from portal.audit.models import AuditRow
from portal.database import Database, reading, writing
from portal.errors import Conflict, NotAllowed, RuleBroken
from portal.ideas.models import Idea
from portal.triage.models import Effort, Score
from portal.triage.reviewing import get_review, score_idea
from portal.triage.services import accept_idea
from portal.triage.spread import BANDS, Spread
from tests.factories.people import actor_of
from tests.factories.triage import House, submit
from tests.support.client import Client
from tests.support.statements import counting
from tests.triage.reviews import address, review_with, stored

WEEKS = {"effort": "weeks", "confidence": "fairly"}
HOURS = {"effort": "hours", "confidence": "sure"}


@pytest.fixture
def idea(house: House) -> Idea:
    """An idea on billing's desk, where the spread is shown."""
    review_with(house.billing.department, house.billing.head, spread=True)
    with writing():
        return submit(house.agent, house.billing.reason)


def scores_of(idea: Idea) -> list[tuple[int, str, str]]:
    """Who said what."""
    with reading() as reader:
        found = select(Score.person_id, Score.effort, Score.confidence)
        rows = reader.execute(found.where(Score.idea_id == idea.id).order_by(Score.person_id))
        return [(row.person_id, row.effort.value, row.confidence.value) for row in rows]


def test_what_others_say_shows_once_one_has_said_something(
    head: Client, deputy: Client, idea: Idea
) -> None:
    done = deputy.post(address(idea, "score"), HOURS)
    assert (done.status_code, done.location.partition("#")[2]) == (303, "review")
    before = head.get(address(idea)).text
    assert "hours, sure" not in before
    assert "bands apart" not in before
    assert "stays shut until you have said yours" in before
    head.post(address(idea, "score"), WEEKS)
    after = head.get(address(idea)).text
    assert "2 reviewers, 2 bands apart (hours to weeks): talk." in after
    assert "hours, sure" in after
    assert 'aria-label="2 reviewers, 2 bands apart (hours to weeks): talk."' in after
    assert after.count("<circle") >= 2


def test_a_score_is_one_per_reviewer_and_the_last_counts(
    head: Client, house: House, idea: Idea
) -> None:
    head.post(address(idea, "score"), WEEKS)
    head.post(address(idea, "score"), HOURS)
    assert scores_of(idea) == [(house.billing.head.id, "hours", "sure")]
    assert re.search(r'<input[^>]*checked[^>]*value="hours"', head.get(address(idea)).text)


def test_a_department_that_does_not_want_it_shows_ones_own_alone(
    house: House, head: Client, deputy: Client, idea: Idea
) -> None:
    review_with(house.billing.department, house.billing.head, spread=False)
    deputy.post(address(idea, "score"), HOURS)
    head.post(address(idea, "score"), WEEKS)
    page = head.get(address(idea)).text
    assert "Your score: weeks, fairly sure." in page
    assert "hours, sure" not in page


def test_after_the_decision_nothing_is_said_and_everything_is_shown(
    house: House, head: Client, deputy: Client, idea: Idea
) -> None:
    deputy.post(address(idea, "score"), HOURS)
    with writing() as unit:
        found = unit.get_one(Idea, idea.id)
        accept_idea(actor_of(house.billing.head), found, sentence="We do it, from May on.")
    late = head.post(address(idea, "score"), WEEKS)
    assert late.status_code == 409
    assert "It is decided" in late.text
    page = head.get(address(idea)).text
    assert "One reviewer so far: hours." in page
    assert "Keep my score" not in page


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"effort": "weeks"}, "Choose one."),
        ({"confidence": "sure"}, "Choose one."),
        ({"effort": "ages", "confidence": "sure"}, "Choose one from the list."),
        ({}, "Choose one."),
    ],
)
def test_half_a_score_is_told_at_its_field_and_what_was_chosen_stays(
    head: Client, idea: Idea, values: dict[str, str], said: str
) -> None:
    page = head.post(address(idea, "score"), values)
    assert page.status_code == 422
    assert said in page.text
    for value in set(values.values()) - {"ages"}:
        assert re.search(rf"<input[^>]*checked[^>]*value=\"{value}\"", page.text)
    assert scores_of(idea) == []


def test_only_who_decides_scores_and_no_author_does(house: House, idea: Idea) -> None:
    for person in (house.agent, house.metering.head, house.colleague):
        with pytest.raises(NotAllowed), writing() as unit:
            found = unit.get_one(Idea, idea.id)
            score_idea(actor_of(person), found, effort="days", confidence="sure")
    with writing():
        own = submit(house.billing.deputy, house.billing.reason)
    with pytest.raises(NotAllowed), writing() as unit:
        found = unit.get_one(Idea, own.id)
        score_idea(actor_of(house.billing.deputy), found, effort="days", confidence="sure")
    with pytest.raises(RuleBroken), writing() as unit:
        found = unit.get_one(Idea, idea.id)
        score_idea(actor_of(house.billing.head), found, effort="ages", confidence="sure")


def test_a_score_is_kept_in_the_audit_log(house: House, head: Client, idea: Idea) -> None:
    head.post(address(idea, "score"), WEEKS)
    with reading() as reader:
        row = reader.scalars(select(AuditRow).where(AuditRow.action == "idea.scored")).one()
        assert row.actor_id == house.billing.head.id


def test_a_superior_counts_as_a_reviewer_too(house: House, idea: Idea) -> None:
    with writing() as unit:
        for person, effort in ((house.board.head, "days"), (house.billing.head, "weeks")):
            found = unit.get_one(Idea, idea.id)
            score_idea(actor_of(person), found, effort=effort, confidence="guess")
    with reading():
        review = get_review(actor_of(house.billing.head), stored(idea))
    assert [one.effort for one in review.all] == [Effort.WEEKS, Effort.DAYS]
    assert Spread.of([one.effort for one in review.all]).say() == (
        "2 reviewers, one band apart: days to weeks."
    )


@pytest.mark.parametrize(
    ("efforts", "said"),
    [
        (["days"], "One reviewer so far: days."),
        (["days", "days", "days"], "3 reviewers agree: days."),
        (["hours", "months"], "2 reviewers, 3 bands apart (hours to months): talk."),
        (["weeks", "days", "weeks"], "3 reviewers, one band apart: days to weeks."),
    ],
)
def test_the_spread_in_words(efforts: list[str], said: str) -> None:
    spread = Spread.of([Effort(one) for one in efforts])
    assert spread.say() == said
    assert len(spread.counts) == len(BANDS)


def test_the_bench_costs_the_same_however_many_have_scored(
    house: House, head: Client, idea: Idea, database: Database
) -> None:
    head.post(address(idea, "score"), WEEKS)
    head.get(address(idea))
    with counting(database) as one:
        head.get(address(idea))
    with writing() as unit:
        for person in (house.billing.deputy, house.board.head, house.board.deputy):
            found = unit.get_one(Idea, idea.id)
            score_idea(actor_of(person), found, effort="days", confidence="guess")
    head.get(address(idea))
    with counting(database) as four:
        head.get(address(idea))
    assert len(one) == len(four)


def test_nobody_scores_what_was_appealed_against_anew_without_a_say(house: House) -> None:
    with writing():
        idea = submit(house.agent, house.billing.reason)
    with writing() as unit:
        found = unit.get_one(Idea, idea.id)
        score_idea(actor_of(house.billing.head), found, effort="days", confidence="sure")
        accept_idea(actor_of(house.billing.head), found, sentence="We do it, from May on.")
    with pytest.raises(Conflict), writing() as unit:
        found = unit.get_one(Idea, idea.id)
        score_idea(actor_of(house.billing.head), found, effort="weeks", confidence="sure")
    assert scores_of(idea) == [(house.billing.head.id, "days", "sure")]
