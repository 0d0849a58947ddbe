"""Ideas at any point of their life."""

from datetime import datetime
from itertools import count

from sqlalchemy import insert

from portal.actor import PROGRAM
from portal.database import session
from portal.ideas import services
from portal.ideas.lifecycle import TABLE, Move, State
from portal.ideas.models import Idea, IdeaAuthor
from portal.now import now
from portal.people.models import Department, Person
from tests.factories.people import actor_of, make_person

_serial = count(1)


def find_way(start: State, end: State) -> tuple[Move, ...]:
    """The shortest way through the table, or none where there is none."""
    ways: dict[State, tuple[Move, ...]] = {start: ()}
    for _ in State:
        for (before, move), after in TABLE.items():
            if before in ways and after not in ways:
                ways[after] = (*ways[before], move)
    return ways.get(end, ())


def make_idea(
    author: Person | None = None,
    *,
    state: State = State.SUBMITTED,
    department: Department | None = None,
    handler: Person | None = None,
    due_at: datetime | None = None,
    **changes: object,
) -> Idea:
    """An idea that went the shortest way to a state; inside a writing unit.

    Where the whole portal listens, what is sent is in triage at once, on a desk: there must be
    one that takes orphans.
    """
    author = author or make_person()
    texts: dict[str, object] = {
        "title": f"Say that the reading was estimated ({next(_serial)})",
        "problem": "The bill is twice the last one and does not say that the reading is a guess.",
        "proposal": "Print a line under the reading: estimated. Then nobody has to call.",
    }
    values = {**texts, **changes}
    write = services.save_draft if state is State.DRAFT else services.submit_idea
    idea: Idea = write(actor_of(author), **values)
    if department is not None:
        idea.owner_department_id = department.id
    for move in find_way(idea.state, state):
        services.move_idea(PROGRAM, idea, move, handler_id=(handler or author).id, due_at=due_at)
    session().flush()
    return idea


def make_many_ideas(
    how_many: int,
    author: Person,
    departments: list[Department],
    states: tuple[State, ...] = (State.TRIAGE, State.ACCEPTED, State.DECLINED, State.VALIDATED),
) -> None:
    """Many ideas at once, past the services, where only their number matters."""
    moment = now()
    rows = [
        {
            "number": 100_000 + n,
            "title": f"Idea {n}",
            "problem": "The bill does not say that the reading is a guess.",
            "proposal": "Say so.",
            "state": states[n % len(states)],
            "submitter_id": author.id,
            "owner_department_id": departments[n % len(departments)].id,
            "handler_id": None,
            "is_paused": False,
            "routed_because": {},
            "masked": {},
            "version": 1,
            "support_count": n * 7 % 50,
            "comment_count": 0,
            "created_at": moment,
            "submitted_at": moment,
            "moved_at": moment,
        }
        for n in range(how_many)
    ]
    session().execute(insert(Idea), rows)
    ids = session().query(Idea.id).filter(Idea.number >= 100_000)
    session().execute(
        insert(IdeaAuthor),
        [{"idea_id": row.id, "person_id": author.id, "share_percent": 100} for row in ids],
    )
