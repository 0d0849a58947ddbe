"""Answers of every kind: not yet, we keep the calls, it exists, try it; and what authors can do."""

from datetime import UTC, date, datetime, timedelta

import pytest

from portal import now
from portal.actor import PROGRAM
from portal.clocks.models import ClockKind
from portal.clocks.queries import find_governing, get_calendar, list_open
from portal.database import session, writing
from portal.demand.services import set_cost
from portal.errors import Conflict, NotAllowed, RuleBroken
from portal.ideas.lifecycle import Move, State
from portal.ideas.models import Idea
from portal.ideas.queries import get_timeline
from portal.insights.models import DemandType
from portal.routing.services import transfer_idea
from portal.triage.appealing import appeal, rate_answer
from portal.triage.jobs import begin_tries, reopen_due
from portal.triage.models import DecisionKind
from portal.triage.putting_off import accept_cost, defer_idea
from portal.triage.queries import find_appeal, map_ratings
from portal.triage.services import accept_idea, decline_idea, point_out
from portal.triage.trying import begin_test, can_still_veto, stop_test, try_out, veto
from tests.factories.insights import make_insight
from tests.factories.people import actor_of
from tests.factories.triage import House, submit

MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
WORDS = "We look at it again once the new printer is here."
PLAN = "The late team at site North, on Tuesdays."


def in_triage(house: House) -> Idea:
    """An idea of the agent that reached billing on Monday."""
    with now.at(MONDAY), writing():
        return submit(house.agent, house.billing.reason)


def reload(idea: Idea) -> Idea:
    """The idea as this unit reads it."""
    return session().get_one(Idea, idea.id)


def make_dear(house: House, contacts: int, euros: int) -> None:
    """So many contacts of last year that should not have been needed, at so much each."""
    with now.at(MONDAY - DAY), writing():
        set_cost(
            PROGRAM,
            house.billing.reason,
            avoidable_minor=euros * 100,
            full_minor=0,
            valid_from=date(2026, 1, 1),
        )
        for _ in range(contacts):
            make_insight(reason_id=house.billing.reason.id, demand_type=DemandType.FAILURE)


def decline(house: House, idea: Idea) -> None:
    """A plain no by the head of billing."""
    decline_idea(
        actor_of(house.billing.head),
        reload(idea),
        reason_code="cost",
        sentence="Nobody is free for it this year.",
        would_change="Two more people in the printing room.",
    )


def test_what_is_put_off_opens_again_on_its_day(house: House) -> None:
    idea = in_triage(house)
    with now.at(MONDAY), writing():
        decision = defer_idea(
            actor_of(house.billing.head),
            reload(idea),
            sentence=WORDS,
            review_on=date(2026, 12, 1),
        )
        idea = reload(idea)
        assert (idea.state, decision.kind) == (State.DEFERRED, DecisionKind.DEFER)
        assert idea.handler_id == house.billing.head.id
        assert idea.due_at == get_calendar(None).close_of(date(2026, 12, 1))
    with now.at(datetime(2026, 11, 30, 9, 0, tzinfo=UTC)):
        reopen_due()
        assert session().get_one(Idea, idea.id).state is State.DEFERRED
    with now.at(datetime(2026, 12, 1, 18, 0, tzinfo=UTC)):
        reopen_due()
        reopen_due()
    with writing():
        idea = reload(idea)
        assert idea.state is State.TRIAGE
        governing = find_governing("idea", idea.id)
        assert governing is not None
        assert (governing.kind, idea.due_at) == (ClockKind.DECIDE, governing.due_at)


@pytest.mark.parametrize("day", [date(2026, 11, 2), date(2026, 10, 1), date(2028, 1, 1)])
def test_a_day_to_look_again_lies_ahead_within_a_year(house: House, day: date) -> None:
    idea = in_triage(house)
    with now.at(MONDAY), pytest.raises(RuleBroken) as broken, writing():
        defer_idea(actor_of(house.billing.head), reload(idea), sentence=WORDS, review_on=day)
    assert broken.value.field == "review_on"


def test_dear_calls_cannot_be_declined_but_signed_at_their_price(house: House) -> None:
    make_dear(house, contacts=11, euros=1000)
    idea = in_triage(house)
    with now.at(MONDAY), pytest.raises(RuleBroken, match="11,000"), writing():
        decline(house, idea)
    with now.at(MONDAY), writing():
        decision = accept_cost(
            actor_of(house.billing.head),
            reload(idea),
            sentence=WORDS,
            alternative="A second letter, which costs as much.",
            review_on=date(2027, 3, 1),
        )
    assert reload(idea).state is State.COST_ACCEPTED
    assert decision.yearly_minor == 11_000 * 100
    assert decision.details["contacts"] == 11


def test_cheap_calls_can_be_declined(house: House) -> None:
    make_dear(house, contacts=2, euros=5)
    idea = in_triage(house)
    with now.at(MONDAY), writing():
        decline(house, idea)
    assert reload(idea).state is State.DECLINED


def test_a_very_dear_cost_is_for_an_executive_to_sign(house: House) -> None:
    make_dear(house, contacts=11, euros=10_000)
    idea = in_triage(house)
    values = {"sentence": WORDS, "alternative": "None.", "review_on": date(2027, 3, 1)}
    with now.at(MONDAY), pytest.raises(RuleBroken, match="Board"), writing():
        accept_cost(actor_of(house.billing.head), reload(idea), **values)
    with now.at(MONDAY), writing():
        transfer_idea(
            actor_of(house.billing.head), reload(idea), to=house.board.department, reason="Dear."
        )
    with now.at(MONDAY), writing():
        accept_cost(actor_of(house.board.head), reload(idea), **values)
    assert reload(idea).state is State.COST_ACCEPTED


def test_a_cost_that_nobody_counted_cannot_be_accepted(house: House) -> None:
    idea = in_triage(house)
    with pytest.raises(RuleBroken, match="counted"), now.at(MONDAY), writing():
        accept_cost(
            actor_of(house.billing.head),
            reload(idea),
            sentence=WORDS,
            alternative="None.",
            review_on=date(2027, 3, 1),
        )


def test_what_exists_already_is_named(house: House) -> None:
    idea, other = in_triage(house), in_triage(house)
    head = actor_of(house.billing.head)
    for number, field in ((idea.number, "idea"), (9999, "idea"), (None, "place")):
        with pytest.raises(RuleBroken) as broken, now.at(MONDAY), writing():
            point_out(head, reload(idea), sentence=WORDS, number=number)
        assert broken.value.field == field
    with now.at(MONDAY), writing():
        decision = point_out(head, reload(idea), sentence=WORDS, number=other.number)
    assert decision.details == {"exists": other.title, "number": other.number}
    assert reload(idea).state is State.ALREADY_EXISTS
    assert list_open("idea", idea.id) == []


@pytest.mark.parametrize("goes_on", [True, False])
def test_a_test_ends_with_a_yes_or_with_what_was_learned(house: House, goes_on: bool) -> None:
    idea, head = in_triage(house), actor_of(house.billing.head)
    with now.at(MONDAY), writing():
        begin_test(head, reload(idea), sentence=WORDS, scope=PLAN, stop_rule="More calls.", days=5)
        idea = reload(idea)
        assert idea.state is State.TESTING
        assert idea.due_at == get_calendar(None).add_business_days(MONDAY, 5)
    with now.at(MONDAY + DAY), writing():
        if goes_on:
            accept_idea(head, reload(idea), sentence="It worked there.")
        else:
            stop_test(head, reload(idea), sentence="Nobody read the new line.")
    assert reload(idea).state is (State.ACCEPTED if goes_on else State.STOPPED)


def try_it(house: House, idea: Idea, **changes: object) -> None:
    """The agent's own try."""
    values = {
        "plan": PLAN,
        "undo": "We put the old sheet back.",
        "days": 5,
        "money_minor": 0,
        "is_harmless": True,
        **changes,
    }
    try_out(actor_of(house.agent), reload(idea), **values)


def test_an_authors_try_begins_unless_the_head_says_no_within_two_days(house: House) -> None:
    idea = in_triage(house)
    with now.at(MONDAY + DAY), writing():
        left_before = get_calendar(None).business_seconds(MONDAY + DAY, reload(idea).due_at)
        try_it(house, idea)
        idea = reload(idea)
        assert (idea.state, idea.handler_id) == (State.TESTING, house.agent.id)
    with now.at(MONDAY + 2 * DAY), writing():
        assert can_still_veto(reload(idea))
        veto(actor_of(house.billing.head), reload(idea), sentence="The auditors are in this week.")
        idea = reload(idea)
        assert (idea.state, idea.handler_id) == (State.TRIAGE, house.billing.head.id)
        left = get_calendar(None).business_seconds(now.now(), idea.due_at)
        assert left == left_before
    kinds = {clock.kind for clock in list_open("idea", idea.id)}
    assert kinds == {ClockKind.DECIDE}


def test_after_two_business_days_it_is_too_late_for_a_veto(house: House) -> None:
    idea = in_triage(house)
    with now.at(MONDAY), writing():
        try_it(house, idea)
    with now.at(MONDAY + 3 * DAY):
        begin_tries()
        with pytest.raises(Conflict, match="over"), writing():
            veto(actor_of(house.billing.head), reload(idea), sentence="The auditors are here.")
    assert {clock.kind for clock in list_open("idea", idea.id)} == {ClockKind.TEST}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"days": 11}, "days"),
        ({"days": 0}, "days"),
        ({"money_minor": 20_001}, "money"),
        ({"money_minor": -1}, "money"),
        ({"is_harmless": False}, "is_harmless"),
        ({"plan": "x"}, "plan"),
        ({"undo": ""}, "undo"),
    ],
)
def test_an_authors_try_keeps_within_its_limits(
    house: House, changes: dict[str, object], field: str
) -> None:
    idea = in_triage(house)
    with pytest.raises(RuleBroken) as broken, now.at(MONDAY), writing():
        try_it(house, idea, **changes)
    assert broken.value.field == field


def test_only_an_author_tries_it_out(house: House) -> None:
    idea = in_triage(house)
    with pytest.raises(NotAllowed), now.at(MONDAY), writing():
        try_out(
            actor_of(house.colleague),
            reload(idea),
            plan=PLAN,
            undo=PLAN,
            days=1,
            money_minor=0,
            is_harmless=True,
        )


def test_an_appeal_goes_to_the_heads_head_who_decides_anew(house: House) -> None:
    idea = in_triage(house)
    with now.at(MONDAY), writing():
        decline(house, idea)
    with now.at(MONDAY + DAY), writing():
        appeal(actor_of(house.agent), reload(idea), reason="Forty people called about it today.")
        idea = reload(idea)
        assert (idea.state, idea.handler_id) == (State.APPEALED, house.board.head.id)
        assert idea.due_at == get_calendar(None).add_business_days(MONDAY + DAY, 10)
    with pytest.raises(NotAllowed, match="appealed"), writing():
        accept_idea(actor_of(house.billing.head), reload(idea), sentence="Then yes.")
    with now.at(MONDAY + 2 * DAY), writing():
        accept_idea(actor_of(house.board.head), reload(idea), sentence="Then yes.")
        idea = reload(idea)
        assert (idea.state, idea.handler_id) == (State.ACCEPTED, house.board.head.id)
        moves = [step.what for step in get_timeline(idea.id)]
        assert moves[:3] == [Move.ACCEPT, Move.HEAR, Move.APPEAL]
        made = find_appeal(idea.id)
        assert made is not None
        assert made.heard_by_id == house.board.head.id


def test_an_appeal_is_possible_once_within_thirty_days_and_for_authors(house: House) -> None:
    idea = in_triage(house)
    reason = "Forty people called about it today."
    with now.at(MONDAY), pytest.raises(Conflict), writing():
        appeal(actor_of(house.agent), reload(idea), reason=reason)
    with now.at(MONDAY), writing():
        decline(house, idea)
    with now.at(MONDAY), pytest.raises(NotAllowed), writing():
        appeal(actor_of(house.colleague), reload(idea), reason=reason)
    with now.at(MONDAY + 31 * DAY), pytest.raises(Conflict), writing():
        appeal(actor_of(house.agent), reload(idea), reason=reason)
    with now.at(MONDAY), writing():
        appeal(actor_of(house.agent), reload(idea), reason=reason)
    with now.at(MONDAY), writing():
        decline_idea(
            actor_of(house.board.head),
            reload(idea),
            reason_code="cost",
            sentence="I read all of it, and it stays a no.",
            would_change="A budget for letters.",
        )
    with now.at(MONDAY), pytest.raises(Conflict, match="once"), writing():
        appeal(actor_of(house.agent), reload(idea), reason="But look at it once more, all of it.")


def test_an_author_says_with_one_tap_whether_an_answer_helped(house: House) -> None:
    idea = in_triage(house)
    with now.at(MONDAY), writing():
        decision = defer_idea(
            actor_of(house.billing.head), reload(idea), sentence=WORDS, review_on=date(2026, 12, 1)
        )
    for useful in (True, False):
        with writing():
            rate_answer(actor_of(house.agent), decision, is_useful=useful)
        assert map_ratings(idea.id, house.agent.id) == {decision.id: useful}
    with pytest.raises(NotAllowed), writing():
        rate_answer(actor_of(house.colleague), decision, is_useful=True)
