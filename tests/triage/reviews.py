"""What the tests of reviews share."""

from portal.database import reading, writing
from portal.ideas.models import Idea
from portal.people.models import Department, Person
from portal.triage.reviewing import set_rule
from tests.factories.people import actor_of


def review_with(
    department: Department, head: Person, *, blind: bool = False, spread: bool = False
) -> None:
    """Let a department review so, as its head says."""
    with writing():
        set_rule(actor_of(head), department.id, is_blind=blind, shows_spread=spread)


def address(idea: Idea, *rest: str) -> str:
    """Where an item lies on the bench."""
    return "/".join(["/triage", f"I-{idea.number}", *rest])


def stored(idea: Idea) -> Idea:
    """The idea as it is now, to be read."""
    with reading() as reader:
        found = reader.get_one(Idea, idea.id)
        reader.expunge(found)
        return found
