"""Many open clocks at once, past the services, where only their number matters."""

from datetime import timedelta
from itertools import count

from sqlalchemy import insert, select

from portal.clocks.ladder import Rung
from portal.clocks.models import Clock, ClockKind
from portal.clocks.queries import get_calendar
from portal.database import session
from portal.ideas.lifecycle import State
from portal.ideas.models import Idea, IdeaAuthor
from portal.now import now
from tests.factories.triage import House

_first = count(1_000_000, 1_000_000)


def make_crowd(house: House, size: int, *, late: int) -> None:
    """Ideas on the desks of the house; the first ``late`` of them are due in ten business days.

    The others have a year.  Inside a writing unit.
    """
    moment, start = now(), next(_first)
    desks = (house.billing, house.metering)
    calendar = get_calendar(house.billing.department.id)
    soon = calendar.add_business_days(moment, 10)
    later = calendar.add_business_days(moment, 260)
    session().execute(
        insert(Idea),
        [
            {
                "number": start + number,
                "title": f"Idea {number}",
                "problem": "The bill does not say that the reading is a guess.",
                "proposal": "Say so.",
                "state": State.TRIAGE,
                "submitter_id": house.agent.id,
                "owner_department_id": desks[number % 2].department.id,
                "handler_id": desks[number % 2].head.id,
                "waits_since": moment,
                "due_at": soon if number < late else later,
                "is_paused": False,
                "routed_because": {},
                "masked": {},
                "created_at": moment,
                "submitted_at": moment,
                "moved_at": moment,
            }
            for number in range(size)
        ],
    )
    found = select(Idea.id).where(Idea.number >= start, Idea.number < start + size)
    ids = list(session().scalars(found.order_by(Idea.number)))
    session().execute(
        insert(IdeaAuthor),
        [{"idea_id": one, "person_id": house.agent.id, "share_percent": 100} for one in ids],
    )
    session().execute(
        insert(Clock),
        [
            {
                "subject_kind": "idea",
                "subject_id": idea_id,
                "kind": ClockKind.DECIDE,
                "is_governing": True,
                "department_id": desks[number % 2].department.id,
                "accountable_id": desks[number % 2].head.id,
                "started_at": moment,
                "due_at": soon if number < late else later,
                "allowed_seconds": 10 * 8 * 3600,
                "rung": Rung.NUDGED.value,
                "next_at": soon if number < late else later - timedelta(days=90),
            }
            for number, idea_id in enumerate(ids)
        ],
    )
