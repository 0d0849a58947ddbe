"""Noting that an idea went to another desk, because the one whose turn it was is full."""

from portal.actor import PROGRAM
from portal.audit.services import record
from portal.database import session
from portal.events import publish
from portal.ideas.models import Idea, IdeaMark, MarkKind
from portal.ideas.services import SUBJECT
from portal.now import now
from portal.people.queries import get_person
from portal.routing.events import IdeaOffered
from portal.routing.room import Desk


def mark_offered(idea: Idea, desk: Desk) -> None:
    """Say on the timeline whose desk was full, and tell; nothing where none was."""
    if desk.turn_id is None or desk.full_id is None:
        return
    mark = IdeaMark(
        idea_id=idea.id,
        at=now(),
        kind=MarkKind.OFFERED,
        person_id=desk.handler_id,
        details={"instead_of": get_person(desk.full_id).name},
    )
    session().add(mark)
    session().flush()
    record(PROGRAM, "idea.offered", SUBJECT, idea.id, to_id=desk.handler_id, full_id=desk.full_id)
    passed_over = frozenset({desk.turn_id, desk.full_id})
    publish(IdeaOffered(idea.id, mark.id, desk.handler_id, passed_over))
