"""What agents heard in the demo year."""

import time
from datetime import UTC, date, datetime
from itertools import islice, pairwise

import pytest

from portal.demo.insights import VOICES, Insight, insights
from portal.demo.people import AGENTS
from portal.demo.reasons import BY_KEY, LEAVES

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def heard() -> list[Insight]:
    return list(insights(7, 6_000, TODAY))


def test_every_contact_reason_has_voices_of_each_kind() -> None:
    assert set(VOICES) == {reason.key for reason in LEAVES}
    for voices in VOICES.values():
        assert len(voices.quotes) + len(voices.notes) >= 5
        assert voices.values
        assert voices.expectations


def test_the_same_seed_tells_the_same_year(heard: list[Insight]) -> None:
    assert list(islice(insights(7, 6_000, TODAY), 500)) == heard[:500]
    assert list(islice(insights(8, 6_000, TODAY), 500)) != heard[:500]


def test_hardly_any_text_is_said_twice(heard: list[Insight]) -> None:
    assert len({insight.text for insight in heard}) > 0.97 * len(heard)


def test_texts_are_short_and_finished(heard: list[Insight]) -> None:
    for insight in heard:
        assert 20 <= len(insight.text) <= 400
        assert not set("{}|\n") & set(insight.text)


def test_insights_come_in_the_order_of_the_year(heard: list[Insight]) -> None:
    assert all(one.occurred_at <= two.occurred_at for one, two in pairwise(heard))
    assert heard[0].occurred_at > datetime(2025, 11, 22, tzinfo=UTC)
    assert heard[-1].occurred_at < datetime(2026, 11, 21, 23, tzinfo=UTC)


def test_mondays_are_busier_than_saturdays(heard: list[Insight]) -> None:
    mondays = sum(insight.occurred_at.weekday() == 0 for insight in heard)
    saturdays = sum(insight.occurred_at.weekday() == 5 for insight in heard)
    assert mondays > 2 * saturdays > 0


def test_every_insight_names_a_reason_and_an_agent_that_exist(heard: list[Insight]) -> None:
    assert {insight.reason for insight in heard} == {reason.key for reason in LEAVES}
    assert {insight.author for insight in heard} <= set(AGENTS)


def test_demand_follows_the_tendency_of_the_reason(heard: list[Insight]) -> None:
    for key in ("where-engineer", "tariff-advice"):
        told = [insight.demand for insight in heard if insight.reason == key]
        value, failure, _ = BY_KEY[key].tendency
        assert (told.count("failure") > told.count("value")) == (failure > value)


def test_a_hundred_thousand_insights_take_seconds() -> None:
    started = time.perf_counter()
    assert sum(1 for _ in insights(7, 20_000, TODAY)) == 20_000
    assert time.perf_counter() - started < 4
