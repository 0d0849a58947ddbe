"""Reading who decides on an idea, and where it was handed."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, and_, bindparam, func, select
from sqlalchemy.orm import aliased

from portal.actor import Actor
from portal.database import lock_row, session
from portal.errors import NotFound, RuleBroken
from portal.i18n import gettext as _
from portal.ideas.models import Idea, IdeaAuthor
from portal.ideas.queries import nothing_here
from portal.people.models import Department, Person
from portal.routing.matching import Leaders, choose_handler
from portal.routing.models import Transfer, TransferOutcome

_Head = aliased(Person, name="head")
_Deputy = aliased(Person, name="deputy")

_UPWARD = (
    select(_Head.id.label("head_id"), _Deputy.id.label("deputy_id"))
    .select_from(Department)
    .outerjoin(_Head, and_(_Head.id == Department.head_id, _Head.is_active))
    .outerjoin(_Deputy, and_(_Deputy.id == Department.deputy_id, _Deputy.is_active))
    .where(Department.id.in_(bindparam("ids", expanding=True)))
    .order_by(func.length(Department.path).desc())
)
_AUTHORS = select(IdeaAuthor.person_id).where(IdeaAuthor.idea_id == bindparam("idea_id"))
_OF_IDEA = select(Transfer).where(Transfer.idea_id == bindparam("idea_id"))
_OPEN = _OF_IDEA.where(Transfer.outcome.is_(None))
_HOPS = select(func.count(Transfer.id)).where(
    Transfer.idea_id == bindparam("idea_id"),
    Transfer.outcome.is_distinct_from(TransferOutcome.CALLED_BACK),
)


def list_author_ids(idea_id: int) -> frozenset[int]:
    """The ids of everybody who had a part in an idea."""
    return frozenset(session().scalars(_AUTHORS, {"idea_id": idea_id}))


def find_handler(department: Department, author_ids: Collection[int]) -> int | None:
    """The id of the person who decides on an idea in a department, or None.

    Its head, unless they are an author or have left; then the deputy, then those of the
    departments above.
    """
    return choose_handler(list_upward(department), author_ids)


def list_upward(department: Department) -> list[Leaders]:
    """Head and deputy of a department and of those above it, as far as their accounts are open."""
    ids = [int(part) for part in department.path.strip("/").split("/")]
    return [(row.head_id, row.deputy_id) for row in session().execute(_UPWARD, {"ids": ids})]


def get_handler(department: Department, author_ids: Collection[int]) -> int:
    """As :func:`find_handler`.

    Raises
    ------
    RuleBroken
        If nobody is left, so that the idea would wait for ever.
    """
    handler_id = find_handler(department, author_ids)
    if handler_id is None:
        raise nobody_left(department)
    return handler_id


def nobody_left(department: Department) -> RuleBroken:
    """What is said where everybody up to the top had a part in an idea or has left."""
    return RuleBroken(
        _(
            "Nobody is left to decide on this in %(name)s. "
            "An administrator has to name a head or a deputy who had no part in it.",
            name=department.name,
        )
    )


def count_hops(idea_id: int) -> int:
    """How often an idea was handed on so far, and not called back."""
    return session().scalar(_HOPS, {"idea_id": idea_id}) or 0


def find_open_transfer(idea_id: int) -> Transfer | None:
    """The hand-over of an idea that nobody has answered yet."""
    return session().scalar(_OPEN, {"idea_id": idea_id})


def get_open_transfer(idea_id: int) -> Transfer:
    """As :func:`find_open_transfer`, locked for its answer; raises NotFound."""
    transfer: Transfer | None = session().scalar(lock_row(_OPEN), {"idea_id": idea_id})
    if transfer is None:
        raise NotFound(_("Nobody has handed this idea to you."))
    return transfer


_LAST = _OF_IDEA.order_by(Transfer.id.desc()).limit(1)


def get_own_transfer(actor: Actor, idea_id: int) -> Transfer:
    """The last hand-over of an idea, if the actor made it, answered or not, locked.

    Raises NotFound for everybody else.
    """
    transfer: Transfer | None = session().scalar(lock_row(_LAST), {"idea_id": idea_id})
    if transfer is None or transfer.asked_by_id != actor.id:
        raise nothing_here()
    return transfer


_HANDED_ON = (
    select(
        Idea.number,
        Idea.title,
        Transfer.reason,
        Transfer.asked_at,
        Department.name.label("department"),
    )
    .join(Idea, Idea.id == Transfer.idea_id)
    .join(Department, Department.id == Transfer.to_department_id)
    .where(Transfer.asked_by_id == bindparam("person_id"), Transfer.outcome.is_(None))
    .order_by(Transfer.id.desc())
    .limit(100)
)


def list_handed_on(actor: Actor) -> Sequence[Row[*tuple[Any, ...]]]:
    """What the actor handed on and nobody has answered yet, the last first."""
    return session().execute(_HANDED_ON, {"person_id": actor.id}).all()
