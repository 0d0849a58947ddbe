"""How many ideas got how far, and how long those in between have waited."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, func, select

from portal.database import session
from portal.ideas.lifecycle import ENDS, State
from portal.ideas.models import IS_SILENT, Idea, IdeaMove
from portal.now import now

STEPS = (
    (State.SUBMITTED,),
    (State.ACCEPTED, State.DECLINED),
    (State.ACCEPTED,),
    (State.COMMITTED,),
    (State.IMPLEMENTED,),
    (State.VALIDATED,),
)
"""The steps of the funnel: submitted, decided, accepted, promised, live, proven."""


@dataclass(frozen=True, slots=True)
class Ageing:
    """The ideas that wait in one state: how many, how many over time, the oldest wait in days."""

    state: State
    count: int
    overdue: int
    oldest_days: int


_REACHED = (
    select(IdeaMove.to_state, func.count(func.distinct(IdeaMove.idea_id)).label("number_of"))
    .join(Idea, Idea.id == IdeaMove.idea_id)
    .where(Idea.submitted_at >= bindparam("start"), Idea.submitted_at < bindparam("end"))
    .where(IdeaMove.from_state != IdeaMove.to_state, ~IS_SILENT)
    .group_by(IdeaMove.to_state)
)
_DECIDED = (
    select(func.count(func.distinct(IdeaMove.idea_id)))
    .join(Idea, Idea.id == IdeaMove.idea_id)
    .where(Idea.submitted_at >= bindparam("start"), Idea.submitted_at < bindparam("end"))
    .where(IdeaMove.to_state.in_((State.ACCEPTED, State.DECLINED)), ~IS_SILENT)
)
_SUBMITTED = (
    select(func.count())
    .select_from(Idea)
    .where(Idea.submitted_at >= bindparam("start"), Idea.submitted_at < bindparam("end"))
)
_WAITING = (
    select(
        Idea.state,
        func.count().label("number_of"),
        func.sum(
            case((Idea.due_at < bindparam("moment", type_=Idea.due_at.type), 1), else_=0)
        ).label("overdue"),
        func.min(Idea.waits_since).label("oldest"),
    )
    .where(Idea.state.not_in([*ENDS, State.DRAFT]))
    .group_by(Idea.state)
)


def count_steps(start: datetime, end: datetime) -> list[int]:
    """How many of the ideas submitted in a period reached each step, in the order of STEPS."""
    values = {"start": start, "end": end}
    reached: dict[Any, int] = {
        row.to_state: row.number_of for row in session().execute(_REACHED, values)
    }
    submitted = session().scalar(_SUBMITTED, values) or 0
    decided = session().scalar(_DECIDED, values) or 0
    return [submitted, decided, *(reached.get(states[0], 0) for states in STEPS[2:])]


def list_ageing() -> Sequence[Ageing]:
    """What waits in each state now, in the order of an idea's life."""
    moment = now()
    rows = {row.state: row for row in session().execute(_WAITING, {"moment": moment})}
    return [
        Ageing(
            state=state,
            count=rows[state].number_of,
            overdue=int(rows[state].overdue or 0),
            oldest_days=(moment - rows[state].oldest).days if rows[state].oldest else 0,
        )
        for state in State
        if state in rows
    ]
