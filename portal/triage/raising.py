"""An author's free escalation: once for an idea, when its time is over, to whoever stands above."""

from portal.actor import Actor
from portal.audit.services import record
from portal.database import session
from portal.errors import Conflict
from portal.events import publish
from portal.i18n import format_day
from portal.i18n import gettext as _
from portal.ideas.lifecycle import State
from portal.ideas.models import Idea, IdeaMark, MarkKind
from portal.ideas.services import SUBJECT
from portal.ideas.writing import mask_fields
from portal.now import now
from portal.routing.chairs import load_chairs
from portal.routing.queries import list_author_ids
from portal.triage import queries
from portal.triage.events import IdeaRaised
from portal.triage.policies import can_escalate
from portal.triage.signing import department_of, handler_of

OWES_NOBODY = frozenset({State.DEFERRED, State.COST_ACCEPTED, State.MEASURING})
"""What ends by itself on its day; nobody is late there."""


def is_late(idea: Idea) -> bool:
    """Whether somebody owes the next step and the time for it is over."""
    if idea.due_at is None or idea.is_paused or idea.state in OWES_NOBODY:
        return False
    return idea.due_at <= now()


def escalate(actor: Actor, idea: Idea, *, reason: str = "") -> IdeaMark:
    """Ask whoever stands above those who answer to step in.

    Nothing changes hands: it waits on whom it waited on.  Sent a second time, the same
    escalation is returned.

    Raises
    ------
    NotAllowed
        Unless an author asks.
    Conflict
        If it was escalated before, its time is not over, it waits on an author, or nobody
        stands above.
    """
    authors = list_author_ids(idea.id)
    can_escalate.require(actor, authors)
    words = mask_fields(reason=reason).text["reason"] or None
    if known := queries.find_raised(idea.id):
        return _same(known, actor, words)
    if not is_late(idea) or idea.handler_id in authors:
        raise Conflict(_("Its time is not over, so there is nothing to escalate."))
    told_id = load_chairs().find_superior(department_of(idea), authors)
    if told_id is None:
        raise Conflict(_("Nobody stands above who answers. Talk to an administrator."))
    mark = IdeaMark(
        idea_id=idea.id,
        at=now(),
        actor_id=actor.id,
        kind=MarkKind.RAISED,
        person_id=told_id,
        sentence=words,
        details={},
        key=f"idea:{idea.id}:raised",
    )
    session().add(mark)
    session().flush()
    record(actor, "idea.escalated", SUBJECT, idea.id, told_id=told_id, kind=MarkKind.RAISED.value)
    publish(IdeaRaised(idea.id, mark.id, handler_of(idea), told_id))
    return mark


def _same(known: tuple[IdeaMark, str], actor: Actor, words: str | None) -> IdeaMark:
    """The escalation that a double click made already."""
    mark, name = known
    if (mark.actor_id, mark.sentence) == (actor.id, words):
        return mark
    raise Conflict(
        _(
            "This was escalated once already, to %(name)s on %(day)s. It goes up only once.",
            name=name,
            day=format_day(mark.at, year=True),
        )
    )
