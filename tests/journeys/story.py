"""The steps of the story, each by the pages of whoever takes it."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask

from portal.database import release
from portal.delivery.models import Track
from portal.impact.models import BenefitKind, Outcome
from portal.jobs.services import run_ready_tasks
from portal.now import at
from portal.people.models import Person
from tests.journeys.cast import (
    BETTER,
    GO_LIVE,
    JUDGED,
    START,
    USUAL,
    WEEKS_AFTER,
    Cast,
    weeks,
    write_weeks,
)
from tests.journeys.paper import Node
from tests.journeys.visitor import Visitor
from tests.support.server import Clock

_LANE = re.compile(r".+: low € ([\d,]+), middle € ([\d,]+), high € ([\d,]+)")

PROBLEM = (
    "The letter says a reading was estimated, but not when a real one comes. "
    "People ring us and ask for the day."
)
PROPOSAL = "Print the day of the next reading in the letter. We know it already."
TITLE = "Print the day of the next reading in the letter"
YES = "Yes. We know the day, so the letter can say it. Marcus takes it on."
DONE = "Every letter about an estimated reading names the day of the next one."


@dataclass
class Story:
    """The portal, its people, and the time as it passes between the steps."""

    app: Flask
    cast: Cast
    clock: Clock

    @classmethod
    def begin(cls, app: Flask, cast: Cast) -> "Story":
        """Before anything happened."""
        return cls(app, cast, Clock(START))

    def wait_until(self, moment: datetime) -> None:
        """Let time pass."""
        assert moment >= self.clock.moment
        self.clock.moment = moment

    def wait(self, **passed: int) -> None:
        """Let days, hours or weeks pass."""
        self.clock.moment += timedelta(**passed)

    def visit(self, person: Person) -> Visitor:
        """Somebody opens a browser and signs in, now."""
        return Visitor(self.app, self.clock, person)


def submit(story: Story, *, title: str = TITLE) -> str:
    """The agent says what would be better; returns the idea's reference."""
    agent = story.visit(story.cast.agent)
    agent.open("/ideas/new")
    agent.send(
        "/ideas/new",
        problem=PROBLEM,
        proposal=PROPOSAL,
        title=title,
        reason_id="Estimated reading",
        action="Send",
    )
    agent.sees(title, "Billing")
    return agent.path.rpartition("/")[2]


def accept(story: Story, ref: str) -> None:
    """The head signs the yes on the bench."""
    head = story.visit(story.cast.head)
    head.open(f"/triage/{ref}")
    head.follow("Accept")
    head.send(f"/triage/{ref}/accept", sentence=YES)
    _let_its_minute_pass(story)


def decline(story: Story, ref: str) -> None:
    """The head signs the no on the bench."""
    head = story.visit(story.cast.head)
    head.open(f"/triage/{ref}/decline")
    head.send(
        f"/triage/{ref}/decline",
        reason_code="cost",
        sentence="It costs more than it saves, as far as we can count today.",
        would_change="Twice as many calls about it in a month.",
    )
    _let_its_minute_pass(story)


def _let_its_minute_pass(story: Story) -> None:
    """What was signed cannot be taken back any more, and everybody concerned is told."""
    story.wait(minutes=1)
    analyse(story)


def commit(story: Story, ref: str) -> None:
    """The head promises it on the measured track; signing locks the baselines."""
    head = story.visit(story.cast.head)
    head.open(f"/ideas/{ref}/commit")
    head.send(
        f"/ideas/{ref}/commit",
        person_id="Marcus Adeyemi",
        due_on=GO_LIVE.date().isoformat(),
        definition_of_done=DONE,
        track=Track.MEASURED.value,
        metric_id=story.cast.primary.name,
        guardrail_ids=[story.cast.customer.name, story.cast.employee.name],
        forecast_percent="-20",
    )
    head.sees("The promise", "Marcus Adeyemi", "26 weeks", "locked", "-20 %")


def go_live(story: Story, ref: str) -> None:
    """The deputy begins, and reports that it is live."""
    deputy = story.visit(story.cast.deputy)
    deputy.open(f"/ideas/{ref}")
    deputy.send(f"/ideas/{ref}/start")
    story.wait_until(GO_LIVE)
    deputy = story.visit(story.cast.deputy)
    deputy.open(f"/ideas/{ref}/implement")
    deputy.send(
        f"/ideas/{ref}/implement",
        go_live_on=GO_LIVE.date().isoformat(),
        what_changes="The letter names the day; you no longer look it up.",
        evidence="The template of the letter, version 14.",
    )
    deputy.sees("live since", "The letter names the day")


def measure(story: Story, folder: Path) -> None:
    """Fourteen weeks of points arrive, the first by hand and the others by file."""
    for metric, level in zip(story.cast.metrics, (BETTER, USUAL, USUAL), strict=True):
        story.wait_until(max(story.clock.moment, GO_LIVE + timedelta(weeks=2)))
        first, *_rest = weeks(metric, JUDGED, WEEKS_AFTER, level)
        deputy = story.visit(story.cast.deputy)
        deputy.open(f"/metrics/M-{metric.number}")
        deputy.send(
            f"/metrics/M-{metric.number}/points",
            period_start=str(first[0]),
            numerator=str(first[1]),
            denominator=str(first[2]),
        )
    story.wait_until(JUDGED)
    for metric, level in zip(story.cast.metrics, (BETTER, USUAL, USUAL), strict=True):
        path = write_weeks(folder / f"{metric.key}.csv", metric, JUDGED, WEEKS_AFTER, level)
        said = run_command(story, "metrics", "import", str(path), "--metric", metric.key)
        assert f"{WEEKS_AFTER - 1} weeks recorded, 1 known already." in said


def run_command(story: Story, *arguments: str) -> str:
    """Run one of the portal's commands; what it said."""
    with at(story.clock.moment):
        done = story.app.test_cli_runner().invoke(args=arguments)
    assert done.exit_code == 0, done.output
    return done.output


def analyse(story: Story) -> None:
    """The worker does what is due."""
    with at(story.clock.moment):
        assert run_ready_tasks() > 0
        release()


def claim(story: Story, ref: str) -> None:
    """The head says which line moved."""
    head = story.visit(story.cast.head)
    head.open(f"/impact/{ref}")
    head.sees("It worked.", "these contacts no longer come.")
    head.send(
        f"/impact/{ref}/claim",
        **{
            "claim-kind": BenefitKind.HARD.value,
            "claim-label": "Overflow partner",
            "claim-evidence": "Invoice of the overflow partner, line 7",
        },
    )


def sign(story: Story, ref: str) -> None:
    """Somebody from outside the department signs."""
    validator = story.visit(story.cast.validator)
    validator.open("/impact")
    validator.follow(TITLE)
    validator.send(
        f"/impact/{ref}/validate",
        outcome=Outcome.APPROVED.value,
        sentence="The calls fell after go-live and the invoice fell with them.",
        evidence="Invoice of the overflow partner, line 7",
    )
    validator.sees("Priya Nair", "The calls fell after go-live")


def opt_in(story: Story) -> None:
    """The agent agrees to stand on boards by name."""
    agent = story.visit(story.cast.agent)
    agent.open("/me")
    agent.send("/me", named_on_boards="y")


def furnish(story: Story, folder: Path) -> None:
    """One idea all the way, others on their way or at an end, an insight, an order, rules."""
    tell(story, folder)
    run_command(story, "rewards", "add", "half-day", "--name", "A free half-day", "--price", "400")
    agent = story.visit(story.cast.agent)
    agent.open("/insights/new")
    agent.send("/insights/new", text="The letter does not say when somebody comes.")
    agent.open("/rewards/catalogue/half-day/redeem")
    agent.send("/rewards/catalogue/half-day/redeem")
    accept(story, submit(story, title="Say how long the wait is"))
    decline(story, submit(story, title="Paint the letters blue"))
    submit(story, title="Send the letter a week earlier")
    for word in ("first", "second"):
        submit(story, title=f"Call back at the {word} promised hour")
    _lay_rules(story)


_RULES = {
    "Payments by instalment": "direct debit\ninstalment\nreminder\npaid twice",
    "Somebody moves home": "moving home\nmoved out\nnew tenant",
}


def _lay_rules(story: Story) -> None:
    """Two rules, so that each can be moved."""
    admin = story.visit(story.cast.admin)
    department = story.cast.billing.id
    for name, words in _RULES.items():
        admin.open("/admin/routing/rules/new")
        admin.send("/admin/routing/rules/new", name=name, department=str(department), words=words)


def interval_of(page: Node, name: str) -> tuple[int, int, int]:
    """The low, middle and high end of a name on the leaderboard, in whole units of money.

    Raises LookupError where the name does not stand there.
    """
    for label in (" ".join(node.get("aria-label").split()) for node in page.all()):
        if found := _LANE.fullmatch(label) if label.startswith(f"{name}:") else None:
            low, middle, high = (int(end.replace(",", "")) for end in found.groups())
            return low, middle, high
    raise LookupError(f"{name} is not on this board")


def tell(story: Story, folder: Path) -> str:
    """The whole of it; returns the idea's reference."""
    ref = submit(story)
    story.wait(hours=3)
    accept(story, ref)
    story.wait_until(START + timedelta(days=2))
    commit(story, ref)
    go_live(story, ref)
    measure(story, folder)
    analyse(story)
    claim(story, ref)
    sign(story, ref)
    opt_in(story)
    return ref
