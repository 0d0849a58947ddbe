"""A small portal with one of everything: an idea in each main state, metrics, orders, people."""

from dataclasses import dataclass
from datetime import timedelta

from portal.actor import PROGRAM, Role
from portal.database import writing
from portal.delivery import services as delivery
from portal.delivery.models import Track
from portal.ideas import services as ideas
from portal.ideas.models import Idea
from portal.insights.models import DemandType
from portal.jobs.services import run_ready_tasks
from portal.now import today
from portal.people.models import Person
from portal.people.services import grant_role, seat
from portal.rewards import services as rewards
from portal.routing.services import transfer_idea
from portal.triage import services as triage
from tests.factories.impact import Measured, make_judged
from tests.factories.insights import make_insight
from tests.factories.people import actor_of, make_person
from tests.factories.rewards import give_points, make_item, make_redemption
from tests.factories.triage import House, make_house, submit


@dataclass(frozen=True)
class Town:
    """Who lives there, and the numbers of the ideas by what became of them."""

    agent: Person
    head: Person
    administrator: Person
    validator: Person
    ideas: dict[str, int]
    item_key: str

    @property
    def people(self) -> dict[str, Person]:
        """Everybody by what they are."""
        return {
            "agent": self.agent,
            "head": self.head,
            "administrator": self.administrator,
            "validator": self.validator,
        }


def make_town() -> Town:
    """The whole town, in units of its own, with the app loaded."""
    measured = make_judged()
    with writing():
        house = make_house()
        administrator = make_person("Bram de Wit", role=Role.ADMINISTRATOR)
        validator = measured.validator
        seat(PROGRAM, measured.accepted.department, Role.HEAD, house.billing.head)
        grant_role(PROGRAM, house.billing.head, Role.HANDLER, measured.accepted.department)
    numbers = {"measured": measured.idea.number, **_live(house)}
    with writing():
        item_key = _furnish(house, measured, administrator)
    run_ready_tasks()
    return Town(house.agent, house.billing.head, administrator, validator, numbers, item_key)


def _live(house: House) -> dict[str, int]:
    """Ideas of the agent, each on its way to another place."""
    lives = ("draft", "triage", "asked", "declined", "accepted", "committed", "begun", "live")
    numbers = {}
    for life in (*lives, "transferred", "withdrawn"):
        with writing():
            numbers[life] = _live_one(house, life).number
    return numbers


def _live_one(house: House, life: str) -> Idea:
    author, head = actor_of(house.agent), actor_of(house.billing.head)
    if life == "draft":
        return ideas.save_draft(author, title="A thought", problem="", proposal="")
    first = house.metering if life == "transferred" else house.billing
    idea = submit(house.agent, first.reason, title=f"An idea that is {life}")
    if life == "asked":
        triage.ask_author(head, idea, question="Which letter do you mean?")
    elif life == "declined":
        triage.decline_idea(
            head,
            idea,
            reason_code="cost",
            sentence="Nobody is free this year.",
            would_change="A second printer would change it.",
        )
    elif life == "transferred":
        giver = actor_of(house.metering.head)
        transfer_idea(giver, idea, to=house.billing.department, reason="Theirs.")
    elif life == "withdrawn":
        ideas.withdraw_idea(author, idea)
    elif life != "triage":
        triage.accept_idea(head, idea, sentence="We do it.")
        _deliver(house, idea, life)
    return idea


def _deliver(house: House, idea: Idea, life: str) -> None:
    if life == "accepted":
        return
    head = actor_of(house.billing.head)
    delivery.commit_to_idea(
        head,
        idea,
        person_id=house.billing.head.id,
        due_on=today() + timedelta(days=30),
        definition_of_done="Every letter names a date.",
        track=Track.QUICK,
    )
    if life == "committed":
        return
    delivery.start_work(head, idea)
    if life == "live":
        delivery.implement_idea(
            head,
            idea,
            go_live_on=today(),
            what_changes="The letter names the day.",
            evidence="Version 14 of the letter.",
        )


def _furnish(house: House, measured: Measured, administrator: Person) -> str:
    """Insights, comments, points, orders; returns the key of what can be ordered again."""
    make_insight(reason_id=house.billing.reason.id, demand_type=DemandType.FAILURE)
    give_points(house.agent, 1000)
    item = make_item()
    make_redemption(house.agent, item)
    order = make_redemption(house.agent, make_item("Umbrella"))
    rewards.approve(actor_of(administrator), order)
    ideas.add_comment(actor_of(house.colleague), measured.idea, body="It **works** here too.")
    return item.key
