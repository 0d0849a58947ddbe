"""Departments with their heads, and ideas on their desks."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from portal.actor import PROGRAM
from portal.database import reading, writing
from portal.demand.models import ContactReason
from portal.ideas.models import Idea
from portal.ideas.services import submit_idea
from portal.people import services as people
from portal.people.models import Department, Person
from portal.triage.models import HeldDecision
from portal.triage.undoing import tell_now
from tests.factories.demand import make_reason
from tests.factories.people import actor_of, make_department, make_person


@dataclass(frozen=True, slots=True)
class Desk:
    """A department, who decides there, and a contact reason of its own."""

    department: Department
    head: Person
    deputy: Person
    reason: ContactReason


@dataclass(frozen=True, slots=True)
class House:
    """A board that takes what nobody owns, two departments below it, and two agents."""

    board: Desk
    billing: Desk
    metering: Desk
    agent: Person
    colleague: Person


def make_desk(name: str, *, parent: Department | None = None, **changes: Any) -> Desk:
    """A desk; inside a writing unit."""
    department = make_department(name, parent=parent, **changes)
    head = make_person(f"Head of {name}", home=department)
    deputy = make_person(f"Deputy of {name}", home=department)
    people.appoint(PROGRAM, department, head=head, deputy=deputy)
    return Desk(department, head, deputy, make_reason(f"About {name}", owner=department))


def make_house() -> House:
    """The whole house; inside a writing unit."""
    board = make_desk("Board", takes_orphans=True)
    return House(
        board=board,
        billing=make_desk("Billing", parent=board.department),
        metering=make_desk("Metering", parent=board.department),
        agent=make_person("Amina Yusuf"),
        colleague=make_person("Grace Okafor"),
    )


def submit(author: Person, reason: ContactReason | None = None, **changes: Any) -> Idea:
    """An idea handed in and routed as by its form; inside a writing unit, with the app loaded."""
    texts = {
        "title": "Say that the reading was estimated",
        "problem": "The bill is twice the last one and does not say that the reading is a guess.",
        "proposal": "Print a line under the reading: estimated. Then nobody has to call.",
    }
    values = {**texts, "reason_id": reason.id if reason else None, **changes}
    return submit_idea(actor_of(author), **values)


def tell_what_is_held() -> None:
    """Tell of every decision as if its minute were over."""
    with reading() as unit:
        ids = list(unit.scalars(select(HeldDecision.idea_id)))
    for idea_id in ids:
        with writing():
            tell_now(idea_id)
