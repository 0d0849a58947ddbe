"""Accepted ideas, commitments, and changes that are live."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from portal.database import session
from portal.delivery import services
from portal.delivery.models import Commitment, Implementation, Track
from portal.ideas.lifecycle import State
from portal.ideas.models import Idea, IdeaAuthor
from portal.metrics.models import Metric, Perspective
from portal.now import now, today
from portal.numbers import next_number
from portal.people.models import Department, Person
from tests.factories.metrics import make_metric
from tests.factories.people import actor_of, make_headed_department, make_person

DONE = "Every letter names a date, at both sites, seven days running."


@dataclass(frozen=True)
class Accepted:
    """A department that said yes to an idea, and everybody around it."""

    department: Department
    head: Person
    deputy: Person
    author: Person
    idea_id: int

    @property
    def idea(self) -> Idea:
        """The idea as it stands now, in the session in use."""
        return session().get_one(Idea, self.idea_id)


def make_accepted(*, authors: Sequence[int] = (100,), state: State = State.ACCEPTED) -> Accepted:
    """An accepted idea with one author per share; inside a writing unit."""
    department, head, deputy = make_headed_department()
    people = [make_person(f"Author {number}") for number, _ in enumerate(authors, start=1)]
    idea = Idea(
        number=next_number("I"),
        title="Name the day in the letter about the reading",
        problem="People ring us because the letter does not say when.",
        proposal="Print the date we already know.",
        state=state,
        submitter_id=people[0].id,
        owner_department_id=department.id,
        handler_id=head.id,
        routed_because={},
        masked={},
        created_at=now(),
        submitted_at=now(),
        moved_at=now(),
    )
    session().add(idea)
    session().flush()
    for person, share in zip(people, authors, strict=True):
        session().add(IdeaAuthor(idea_id=idea.id, person_id=person.id, share_percent=share))
    session().flush()
    return Accepted(department, head, deputy, people[0], idea.id)


@dataclass(frozen=True)
class Measures:
    """What the measured track needs."""

    primary: Metric
    customer: Metric
    employee: Metric

    @property
    def guardrail_ids(self) -> tuple[int, int]:
        """Both guardrails."""
        return (self.customer.id, self.employee.id)


def make_measures(department: Department, *, weeks: int = 16) -> Measures:
    """A metric to move and two that must not get worse; inside a writing unit."""
    return Measures(
        make_metric(department, weeks=weeks),
        make_metric(department, name="Complaints", perspective=Perspective.CUSTOMER, weeks=weeks),
        make_metric(department, name="Overtime", perspective=Perspective.EMPLOYEE, weeks=weeks),
    )


def commit(
    accepted: Accepted, *, measures: Measures | None = None, **changes: object
) -> Commitment:
    """The head's promise, measured if there is something to measure; inside a writing unit."""
    promise: dict[str, object] = {
        "person_id": accepted.deputy.id,
        "due_on": today() + timedelta(days=30),
        "definition_of_done": DONE,
        "track": Track.QUICK,
    }
    if measures:
        promise |= {
            "track": Track.MEASURED,
            "metric_id": measures.primary.id,
            "guardrail_ids": measures.guardrail_ids,
            "forecast_percent": -20.0,
        }
    promise |= changes
    return services.commit_to_idea(actor_of(accepted.head), accepted.idea, **promise)


def make_implemented(
    accepted: Accepted, *, measures: Measures | None = None, go_live_on: date | None = None
) -> Implementation:
    """A change that is live: committed, started and reported; inside a writing unit."""
    commit(accepted, measures=measures)
    services.start_work(actor_of(accepted.deputy), accepted.idea)
    return services.implement_idea(
        actor_of(accepted.deputy),
        accepted.idea,
        go_live_on=go_live_on or today(),
        what_changes="The letter names the day; you no longer look it up.",
        evidence="The letter template of today, version 14.",
    )
