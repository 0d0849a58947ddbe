"""The demo year, played through the services: what the plan says is what the portal shows."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.audit.services import verify_chain
from portal.boards.queries import Level, get_leaderboard, last_year
from portal.database import reading, session
from portal.demo import plan as plans
from portal.demo.play import PASSWORD, play
from portal.demo.steps import Commit, Step
from portal.demo.stories import SHOWCASE
from portal.ideas.lifecycle import ENDS, State
from portal.ideas.models import Idea
from portal.insights.models import Insight
from portal.people.queries import find_fact
from portal.rewards.proof import check_ledger

TODAY = date(2026, 11, 22)
IDEAS = 12


def test_a_small_year_plays_without_a_refusal(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(plans.INSIGHT_COUNTS, "small", 150)
    whole = plans.plan(1, "small", TODAY)
    proven = [idea for idea in whole.ideas if idea.key == SHOWCASE]
    some = [idea for idea in whole.ideas if idea not in proven][:: len(whole.ideas) // IDEAS]
    ideas = sorted([*proven, *some], key=lambda idea: idea.created_at)
    needed = {key for idea in ideas for step in idea.steps for key in _metrics_of(step)}
    metrics = tuple(metric for metric in whole.metrics if metric.key in needed)
    report = play(replace(whole, ideas=tuple(ideas), metrics=metrics, redemptions=()))
    with reading():
        assert report.refused == []
        assert report.insights == session().scalar(select(func.count()).select_from(Insight)) == 150
        rows = session().scalars(select(Idea)).all()
        assert {row.title for row in rows} == {idea.title for idea in ideas}
        _check_states({idea.title: idea.state for idea in ideas}, list(rows))
        assert all((row.handler_id is None) == (row.state in {*ENDS, State.DRAFT}) for row in rows)
        board = get_leaderboard(Level.PEOPLE, last_year(TODAY))
        assert "Amina Yusuf" in [place.entry.name for place in board.places]
        assert check_ledger() == []
        assert verify_chain() is None
        assert find_fact("demo_password") == PASSWORD


def _metrics_of(step: Step) -> tuple[str, ...]:
    if isinstance(step, Commit) and step.measure is not None:
        return step.measure.metric, *step.measure.guardrails
    return ()


def _check_states(planned: dict[str, str], rows: list[Idea]) -> None:
    """An idea is where the plan leaves it; the program routes and receives at once by itself."""
    at_once = {"submitted": "triage", "routed": "triage"}
    for row in rows:
        wanted = planned[row.title]
        if wanted == "merged" and row.state is State.ALREADY_EXISTS:
            continue  # nothing that says the same could take it in
        assert row.state.value == at_once.get(wanted, wanted), row.title
