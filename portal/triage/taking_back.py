"""Taking back what went to another desk, because one's own was full."""

from sqlalchemy import bindparam, func, or_, select

from portal.actor import Actor
from portal.database import session
from portal.errors import Conflict
from portal.events import publish
from portal.i18n import gettext as _
from portal.ideas.lifecycle import Move, State
from portal.ideas.models import Idea, IdeaMark, IdeaMove, MarkKind
from portal.now import now
from portal.people.queries import get_department
from portal.routing.queries import find_handler, list_author_ids
from portal.triage.events import HandsChanged
from portal.triage.policies import can_take_back, can_triage
from portal.triage.signing import department_of
from portal.triage.standing_in import find_holder, find_standing, hand_on

_HANDED_ON = (
    select(func.max(IdeaMove.at))
    .where(IdeaMove.idea_id == bindparam("idea_id"), IdeaMove.verb == Move.TRANSFER.value)
    .scalar_subquery()
)
_LAST_OFFER = (
    select(IdeaMark.details, IdeaMark.kind)
    .where(
        IdeaMark.idea_id == bindparam("idea_id"),
        IdeaMark.kind.in_((MarkKind.OFFERED, MarkKind.TAKEN_BACK, MarkKind.PASSED)),
        or_(_HANDED_ON.is_(None), IdeaMark.at >= _HANDED_ON),
    )
    .order_by(IdeaMark.id.desc())
    .limit(1)
)


def find_full_desk(idea: Idea) -> str | None:
    """Whose desk was full when an undecided idea went to where it is; None where none was."""
    if idea.state is not State.TRIAGE:
        return None
    last = session().execute(_LAST_OFFER, {"idea_id": idea.id}).one_or_none()
    if last is None or last.kind is not MarkKind.OFFERED:
        return None
    return str(last.details.get("instead_of", ""))


def take_back(actor: Actor, idea: Idea) -> None:
    """Lay an undecided idea back on one's own desk, however full, with its clocks as they run.

    Raises
    ------
    NotAllowed
        Unless the actor decides in the department, had no part in the idea, and it was their turn.
    Conflict
        If it was decided meanwhile, or lies with them already.
    """
    authors = list_author_ids(idea.id)
    can_triage.require(actor, idea, authors)
    turn_id = find_handler(get_department(department_of(idea)), authors)
    can_take_back.require(actor, turn_id=turn_id)
    holder_id = find_holder(idea, authors)
    if find_full_desk(idea) is None or holder_id is None or holder_id == actor.id:
        raise Conflict(_("There is nothing to take back: it was decided, or lies with you."))
    standing = find_standing(idea.id)
    if standing is not None:
        standing.ended_at = now()
        session().flush()
    handed = hand_on(idea, MarkKind.TAKEN_BACK, holder_id, turn_id or 0, authors, actor=actor)
    publish(HandsChanged((handed,)))
