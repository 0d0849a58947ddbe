"""Little stories to tell people about, and the worker of a moment."""

from datetime import UTC, datetime

from sqlalchemy import select

from portal import now as clock
from portal.database import release, session, writing
from portal.ideas.models import Idea
from portal.ideas.services import add_comment, support_idea
from portal.jobs.services import run_ready_tasks
from portal.notifications.models import Delivery, DeliveryState, Notice
from portal.people.models import Person
from portal.triage.services import accept_idea, decline_idea
from tests.factories.people import actor_of
from tests.factories.triage import House, submit

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
YES = "Yes, because three customers a day ask for exactly this."
NO = "Not before the print system is replaced in spring."


def hand_in(
    house: House, moment: datetime = MONDAY, title: str = "Say that it was estimated"
) -> int:
    """The agent's idea on Billing's desk; its id."""
    with clock.at(moment), writing():
        return submit(house.agent, house.billing.reason, title=title).id


def support(house: House, idea_id: int, moment: datetime = MONDAY) -> None:
    """The colleague meets it too."""
    with clock.at(moment), writing():
        idea = session().get_one(Idea, idea_id)
        support_idea(
            actor_of(house.colleague), idea, occurred_on=moment.date(), example="Twice today."
        )


def accept(house: House, idea_id: int, moment: datetime = MONDAY) -> None:
    """Billing says yes."""
    with clock.at(moment), writing():
        idea = session().get_one(Idea, idea_id)
        accept_idea(actor_of(house.billing.head), idea, sentence=YES)


def decline(house: House, idea_id: int, moment: datetime = MONDAY) -> None:
    """Billing says no."""
    with clock.at(moment), writing():
        decline_idea(
            actor_of(house.billing.head),
            session().get_one(Idea, idea_id),
            reason_code="not_now",
            sentence=NO,
            would_change="A new print system.",
        )


def comment(house: House, idea_id: int, body: str, moment: datetime = MONDAY) -> None:
    """The colleague says something."""
    with clock.at(moment), writing():
        add_comment(actor_of(house.colleague), session().get_one(Idea, idea_id), body=body)


def work(moment: datetime) -> int:
    """Let the worker do what is due at a moment, to its end; how many tasks it ran."""
    with clock.at(moment):
        count = 0
        while ran := run_ready_tasks():
            count += ran
    release()
    return count


def states(person: Person) -> dict[str, DeliveryState]:
    """What became of a person's letters, by the kind of notice."""
    release()
    rows = session().execute(
        select(Notice.kind, Delivery.state)
        .join(Delivery, Delivery.notice_id == Notice.id)
        .where(Notice.person_id == person.id)
        .order_by(Notice.id)
    )
    return {row.kind: row.state for row in rows}
