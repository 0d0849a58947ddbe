"""What ideas do when others act: they are due when their clocks are."""

from typing import cast

from sqlalchemy import Table, bindparam, insert, select, update

from portal.clocks.events import ClocksReplanned
from portal.columns import UtcDateTime
from portal.database import session
from portal.events import reacts_to
from portal.ideas.models import Idea, IdeaMark, MarkKind
from portal.ideas.services import SUBJECT
from portal.now import now

_SHOWN = select(Idea.id, Idea.due_at).where(Idea.id.in_(bindparam("ids", expanding=True)))
_IDEAS, _MARKS = cast(Table, Idea.__table__), cast(Table, IdeaMark.__table__)
_CHANGE = (
    update(_IDEAS)
    .where(_IDEAS.c.id == bindparam("idea_id"))
    .values(due_at=bindparam("moment", type_=UtcDateTime()))
)


@reacts_to(ClocksReplanned)
def follow_the_clocks(event: ClocksReplanned) -> None:
    """The moment that an idea shows moves with the clock it belongs to, and its page says so."""
    ours = [one for one in event.clocks if one.subject_kind == SUBJECT]
    moved = {(one.subject_id, one.was_due_at): one.due_at for one in ours}
    ids = sorted({one.subject_id for one in ours})
    changes = [
        {"idea_id": row.id, "moment": moved[row.id, row.due_at]}
        for row in session().execute(_SHOWN, {"ids": ids})
        if (row.id, row.due_at) in moved
    ]
    if not changes:
        return
    session().execute(_CHANGE, changes)
    session().execute(
        insert(_MARKS),
        [
            {
                "idea_id": change["idea_id"],
                "at": now(),
                "actor_id": event.actor_id,
                "kind": MarkKind.REPLANNED,
                "details": {"due": change["moment"].isoformat()},
            }
            for change in changes
        ],
    )
    session().expire_all()
