"""From an agent's thought to the impact leaderboard, by pages and commands alone."""

import re
from datetime import timedelta
from pathlib import Path

from flask import Flask

from tests.journeys import story as steps
from tests.journeys.cast import START, gather
from tests.journeys.story import TITLE, YES, Story


def test_an_idea_goes_all_the_way_without_javascript(app: Flask, tmp_path: Path) -> None:
    story = Story.begin(app, gather())
    ref = _is_submitted_and_accepted(story)
    _is_promised_and_goes_live(story, ref)
    _is_measured_and_signed(story, ref, tmp_path)
    _pays_and_stands_on_the_leaderboard(story, ref)
    assert "The ledger holds" in steps.run_command(story, "rewards", "check")
    steps.run_command(story, "audit", "verify")


def _is_submitted_and_accepted(story: Story) -> str:
    ref = steps.submit(story)
    agent = story.visit(story.cast.agent)
    agent.open(f"/ideas/{ref}")
    agent.sees("because the contact reason “Estimated reading” is theirs", "Lena Brandt")
    head = story.visit(story.cast.head)
    head.open("/triage")
    head.sees(ref, TITLE, "Amina Yusuf")
    story.wait(hours=3)
    steps.accept(story, ref)
    agent = story.visit(story.cast.agent)
    agent.open(f"/ideas/{ref}")
    agent.sees(YES, "Lena Brandt")
    agent.open("/rewards")
    agent.sees("Your idea was taken up")
    return ref


def _is_promised_and_goes_live(story: Story, ref: str) -> None:
    story.wait_until(START + timedelta(days=2))
    steps.commit(story, ref)
    agent = story.visit(story.cast.agent)
    agent.open(f"/metrics/M-{story.cast.primary.number}")
    agent.sees("Locked baselines 1", "26, Mon 1 Sep", "4 Mar 2026 , Lena Brandt")
    steps.go_live(story, ref)
    agent = story.visit(story.cast.agent)
    agent.open("/notifications")
    agent.sees(f"“{TITLE}” is live.")


def _is_measured_and_signed(story: Story, ref: str, folder: Path) -> None:
    steps.measure(story, folder)
    steps.analyse(story)
    steps.claim(story, ref)
    leader = story.visit(story.cast.leader)
    leader.open("/boards/impact?level=people")
    leader.sees("Nothing was proven in this period")
    steps.sign(story, ref)


def _pays_and_stands_on_the_leaderboard(story: Story, ref: str) -> None:
    agent = story.visit(story.cast.agent)
    agent.open("/rewards")
    agent.sees("Your share of a proven benefit", f"{ref} {TITLE}")
    leader = story.visit(story.cast.leader)
    leader.open("/boards/impact?level=people")
    assert "Amina Yusuf" not in leader.words
    steps.opt_in(story)
    leader.open("/boards/impact?level=people")
    low, middle, high = steps.interval_of(leader.page, "Amina Yusuf")
    assert 0 < low < middle < high
    leader.follow(f"€ {low:,}")
    leader.sees(TITLE, "60 %")
    together = re.search(r"Together € ([\d,.]+)", leader.words)
    assert together
    assert round(float(together.group(1).replace(",", ""))) == low
