"""The plan of the demo year as a whole."""

import re
from collections import Counter
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from portal.demo import steps as step
from portal.demo.ideas import Idea
from portal.demo.lives import FUNNELS
from portal.demo.people import BY_KEY as PEOPLE
from portal.demo.people import DEPARTMENT_BY_KEY, OWNERS, VALIDATORS
from portal.demo.plan import Plan, plan

TODAY = date(2026, 11, 22)
END = datetime(2026, 11, 21, 23, tzinfo=UTC)
SEEDS = (1, 2, 42)
DECIDED = {
    step.Ask,
    step.Accept,
    step.Decline,
    step.Defer,
    step.KeepCalls,
    step.PointOut,
    step.Join,
    step.Test,
    step.Withdraw,
}
AFTER = {
    step.SaveDraft: {step.Submit},
    step.Submit: {step.Route},
    step.Route: {step.Receive},
    step.Receive: {step.Transfer, *DECIDED},
    step.Transfer: {step.AcceptTransfer},
    step.AcceptTransfer: DECIDED,
    step.Ask: {step.Answer},
    step.Answer: DECIDED - {step.Ask},
    step.Decline: {step.Appeal},
    step.Accept: {step.Commit},
    step.Commit: {step.Start, step.Stop},
    step.Start: {step.ProgressNote},
    step.ProgressNote: {step.ProgressNote, step.MoveDate, step.Implement},
    step.MoveDate: {step.ProgressNote},
    step.Implement: {step.Confirm, step.StartMeasuring},
    step.Confirm: {step.Confirm, step.Close},
    step.StartMeasuring: {step.Claim, step.Sign},
    step.Claim: {step.Sign},
    step.Sign: {step.RollBack},
}


@pytest.fixture(scope="module", params=SEEDS)
def year(request: pytest.FixtureRequest) -> Plan:
    return plan(request.param, "small", TODAY)


def life(idea: Idea) -> list[step.Step]:
    return [happened for happened in idea.steps if type(happened) not in ASIDE]


ASIDE = {
    *(step.Support, step.Comment, step.Score, step.PrivateNote),
    *(step.AskPart, step.SettlePart),
}


def texts(idea: Idea) -> list[str]:
    said = [
        value
        for happened in idea.steps
        for field in fields(happened)
        if isinstance(value := getattr(happened, field.name), str)
    ]
    return [idea.title, idea.problem, idea.proposal, *said]


def test_the_same_seed_plans_the_same_year(year: Plan) -> None:
    assert plan(year.seed, "small", TODAY) == year
    assert plan(year.seed + 1, "small", TODAY) != year


def test_counts_are_those_of_the_demo(year: Plan) -> None:
    assert (len(year.people), len(year.ideas), len(year.metrics)) == (90, 350, 14)
    assert year.insight_count == 6_000
    assert {len(metric.points) for metric in year.metrics} == {70}


def test_every_state_is_reached(year: Plan) -> None:
    reached = Counter(idea.state for idea in year.ideas)
    assert reached == FUNNELS["small"]
    assert min(count for state, count in reached.items() if state != "rolled_back") >= 3


def test_titles_and_keys_are_unique_and_fit(year: Plan) -> None:
    assert len({idea.title for idea in year.ideas}) == len({idea.key for idea in year.ideas}) == 350
    assert max(len(idea.title) for idea in year.ideas) <= 140


def test_no_text_has_a_gap_left(year: Plan) -> None:
    gap = re.compile(r"[{}|]|TODO|  ")
    for idea in year.ideas:
        for text in texts(idea):
            assert not gap.search(text), text
            assert text == text.strip()


def test_steps_are_in_order_and_before_today(year: Plan) -> None:
    for idea in year.ideas:
        assert all(one.at <= two.at for one, two in pairwise(idea.steps)), idea.key
        assert idea.steps[-1].at < END
        assert idea.steps[0].at > END - timedelta(days=366)


def test_no_step_comes_before_its_time(year: Plan) -> None:
    for idea in year.ideas:
        for one, two in pairwise(life(idea)):
            assert one.at < two.at
            assert type(two) in AFTER[type(one)], (idea.key, one, two)


def test_everybody_and_everything_named_exists(year: Plan) -> None:
    metrics = {metric.key for metric in year.metrics}
    reasons = {reason.key for reason in year.reasons}
    for idea in year.ideas:
        assert idea.reason is None or idea.reason in reasons
        assert idea.department is None or idea.department in OWNERS
        assert sum(share.percent for share in idea.authors) == 100
        assert {share.person for share in idea.authors} <= set(PEOPLE)
        assert all(s.actor in PEOPLE for s in idea.steps if not isinstance(s, step.Route))
        for promise in (s for s in idea.steps if isinstance(s, step.Commit)):
            assert promise.person in PEOPLE
            assert sum(credit.percent for credit in promise.credits) == 100
            assert DEPARTMENT_BY_KEY[str(idea.department)].head not in {
                credit.person for credit in promise.credits
            }
            measure = promise.measure
            assert measure is None or {measure.metric, *measure.guardrails} <= metrics


def test_nobody_supports_twice_or_supports_their_own(year: Plan) -> None:
    for idea in year.ideas:
        supporters = [s.actor for s in idea.steps if isinstance(s, step.Support)]
        assert len(supporters) == len(set(supporters))
        assert not {share.person for share in idea.authors} & set(supporters)


def test_baselines_are_locked_before_a_go_live_and_signed_after_sixteen_weeks(year: Plan) -> None:
    for idea in year.ideas:
        found = {type(happened): happened for happened in idea.steps}
        signed, live = found.get(step.Sign), found.get(step.Implement)
        if isinstance(signed, step.Sign) and isinstance(live, step.Implement):
            promise = found[step.Commit]
            assert isinstance(promise, step.Commit)
            assert promise.track == "measured"
            assert promise.at.date() < live.go_live_on
            assert signed.at.date() - live.go_live_on > timedelta(weeks=15)
            assert signed.actor in VALIDATORS


def test_the_showcase_is_validated_and_belongs_to_the_demo_agent(year: Plan) -> None:
    (idea,) = [idea for idea in year.ideas if idea.key == year.showcase]
    assert (idea.state, idea.department) == ("validated", "billing")
    assert PEOPLE[idea.authors[0].person].email == "agent@demo.example"
    assert PEOPLE[str(life(idea)[-1].actor)].email == "validator@demo.example"


def test_the_demo_agent_sees_many_states(year: Plan) -> None:
    states = {idea.state for idea in year.ideas if idea.authors[0].person == "amina-yusuf"}
    assert {"draft", "triage", "needs_info", "declined", "in_progress", "implemented"} <= states
    assert {"validated", "not_proven"} <= states


def test_the_inbox_of_billing_has_work_that_is_late_soon_and_new(year: Plan) -> None:
    waiting = [i for i in year.ideas if i.department == "billing" and i.state == "triage"]
    ages = [(TODAY - idea.created_at.date()).days for idea in waiting]
    assert max(ages) >= 15
    assert any(11 <= age <= 13 for age in ages)
    assert min(ages) <= 6


def test_people_order_only_what_is_in_the_catalogue(year: Plan) -> None:
    stock = {item.key: item.stock for item in year.rewards}
    assert 15 <= len(year.redemptions) <= 60
    for item, count in Counter(order.item for order in year.redemptions).items():
        left = stock[item]
        assert left is None or count <= left
    for order in year.redemptions:
        times = [order.requested_at, *(move.at for move in order.moves)]
        assert times == sorted(times)
        assert times[-1] < END


def test_orders_stand_in_every_state(year: Plan) -> None:
    assert {order.state for order in year.redemptions} >= {"requested", "received"}


@pytest.mark.parametrize("today", [date(2026, 1, 1), date(2027, 3, 1), date(2028, 2, 29)])
def test_the_year_may_end_on_any_day(today: date) -> None:
    year = plan(3, "small", today)
    assert max(idea.steps[-1].at for idea in year.ideas).date() < today
    for idea in year.ideas:
        assert all(one.at <= two.at for one, two in pairwise(idea.steps))


def test_medium_is_large_and_different() -> None:
    year = plan(42, "medium", TODAY)
    assert len({idea.title for idea in year.ideas}) == len(year.ideas) == 20_000
    assert sum(1 for _ in year.insights()) == 100_000


def test_an_unknown_size_is_refused() -> None:
    with pytest.raises(KeyError):
        plan(1, "huge", TODAY)
