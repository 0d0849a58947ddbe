"""How full a reviewer's desk is, against the hours they set; and how a department reviews."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import now
from portal.database import reading, writing
from portal.errors import NotAllowed, NotFound, RuleBroken
from portal.ideas.models import Idea
from portal.now import now as moment
from portal.triage.load import HOURS, MOST_HOURS, Load, get_load, set_hours
from portal.triage.models import ReviewHours, ReviewRule
from portal.triage.reviewing import set_rule
from portal.triage.services import accept_idea, ask_author
from tests.factories.people import actor_of
from tests.factories.triage import House, submit
from tests.support.client import Client

HERE = "/triage/reviewing"


def load_of(house: House) -> Load:
    """The load of the head of billing."""
    with reading():
        return get_load(actor_of(house.billing.head))


def test_what_came_in_four_weeks_makes_the_hours(house: House) -> None:
    assert load_of(house) == Load(arrived=0, undecided=0, hours=HOURS)
    with now.at(moment() - timedelta(days=40)), writing():
        submit(house.agent, house.billing.reason)
    with writing():
        ideas = [submit(house.agent, house.billing.reason) for _ in range(5)]
        submit(house.agent, house.metering.reason)
    load = load_of(house)
    assert (load.arrived, load.undecided) == (5, 6)
    assert load.needed == 0.5  # five in four weeks, at 24 minutes
    with writing() as unit:
        head = actor_of(house.billing.head)
        accept_idea(head, unit.get_one(Idea, ideas[0].id), sentence="We do it, from May on.")
        ask_author(head, unit.get_one(Idea, ideas[1].id), question="Which letter do you mean?")
    load = load_of(house)
    assert (load.arrived, load.undecided) == (5, 5)


def test_thirty_in_four_weeks_are_just_three_hours_a_week() -> None:
    load = Load(arrived=30, undecided=15, hours=HOURS)
    assert load.needed == 3.0
    assert not load.is_over
    assert load.is_full
    assert Load(arrived=32, undecided=14, hours=HOURS).is_over


def test_it_stands_on_the_inbox_and_on_the_first_page(house: House, head: Client) -> None:
    with writing():
        for _ in range(5):
            submit(house.agent, house.billing.reason)
    assert "0.5 of 3 h a week · 5 of 15 undecided" in head.get("/triage").text
    assert "0.5 of your 3 hours a week" in head.get("/").text
    page = head.get(HERE).text
    assert "5 ideas came in 4 weeks, 24 minutes each" in page


def test_the_hours_are_their_own_to_set(house: House, head: Client) -> None:
    assert head.post(HERE, {"hours": "5"}).status_code == 303
    assert load_of(house).hours == 5
    assert 'value="5"' in head.get(HERE).text
    with reading():
        assert get_load(actor_of(house.billing.deputy)).hours == HOURS
    head.post(HERE, {"hours": "2"})
    with reading() as reader:
        assert [one.hours for one in reader.scalars(select(ReviewHours))] == [2]


@pytest.mark.parametrize("typed", ["", "0", "-1", "41", "many", "3.5", str(2**70)])
def test_hours_that_are_none_are_told_and_stay_typed(head: Client, typed: str) -> None:
    page = head.post(HERE, {"hours": typed})
    assert page.status_code == 422
    assert 'id="hours-error"' in page.text
    assert f'value="{typed}"' in page.text
    with reading() as reader:
        assert list(reader.scalars(select(ReviewHours))) == []


def test_who_decides_nowhere_has_no_hours(house: House) -> None:
    with pytest.raises(NotAllowed), writing():
        set_hours(actor_of(house.agent), 3)
    with pytest.raises(RuleBroken), writing():
        set_hours(actor_of(house.billing.head), MOST_HOURS + 1)


def test_a_head_says_how_their_department_reviews(house: House, head: Client) -> None:
    there = f"{HERE}/{house.billing.department.id}"
    page = head.get(HERE).text
    assert there in page
    assert f"{HERE}/{house.metering.department.id}" not in page
    assert head.post(there, {"is_blind": "y"}).status_code == 303
    with reading() as reader:
        (rule,) = reader.scalars(select(ReviewRule))
        assert (rule.is_blind, rule.shows_spread) == (True, False)
        assert rule.set_by_id == house.billing.head.id
    assert f'id="is_blind-{house.billing.department.id}"' in head.get(HERE).text
    head.post(there, {"shows_spread": "y"})
    with reading() as reader:
        (rule,) = reader.scalars(select(ReviewRule))
        assert (rule.is_blind, rule.shows_spread) == (False, True)


def test_nobody_says_it_for_another_department(house: House, head: Client) -> None:
    assert head.post(f"{HERE}/{house.metering.department.id}", {}).status_code == 403
    assert head.post(f"{HERE}/999999", {}).status_code == 404
    with pytest.raises(NotFound), writing():
        set_rule(actor_of(house.billing.head), 999_999, is_blind=True, shows_spread=True)


def test_the_head_takes_back_from_the_bench(house: House, head: Client) -> None:
    with writing():
        ideas = [submit(house.agent, house.billing.reason) for _ in range(16)]
    last = ideas[-1]
    page = head.get(f"/triage/I-{last.number}").text
    assert "the desk of Head of Billing is full" in page
    assert "Take it back" in page
    done = head.post(f"/triage/I-{last.number}/take-back")
    assert (done.status_code, done.location) == (303, f"/triage/I-{last.number}?view=decide")
    assert "Take it back" not in head.get(f"/triage/I-{last.number}").text
    with reading() as reader:
        assert reader.get_one(Idea, last.id).handler_id == house.billing.head.id
    assert head.post(f"/triage/I-{ideas[0].number}/take-back").status_code == 409
