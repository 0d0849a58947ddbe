"""How long a question waits: ten business days, without those on which its author is away."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import bindparam, select

from portal.clocks.models import Clock, ClockKind
from portal.clocks.queries import days_for, get_calendar
from portal.database import lock_row, session
from portal.ideas.lifecycle import State
from portal.ideas.models import Idea
from portal.ideas.services import SUBJECT
from portal.people.absences import list_days_away

_QUESTIONS = (
    select(Clock, Idea)
    .join(Idea, Idea.id == Clock.subject_id)
    .where(
        Clock.subject_kind == SUBJECT,
        Clock.kind == ClockKind.ANSWER,
        Clock.stopped_at.is_(None),
        Clock.accountable_id == bindparam("person_id"),
        Idea.state == State.NEEDS_INFO,
    )
    .order_by(Idea.id)
)


def find_answer_due(start: datetime, *, department_id: int, author_id: int) -> datetime:
    """When an answer is due that was asked for at a moment."""
    calendar = get_calendar(department_id)
    away = list_days_away(author_id)
    if away:
        calendar = replace(calendar, holidays=calendar.holidays | away)
    return calendar.add_business_days(start, days_for(ClockKind.ANSWER, department_id))


def plan_questions_again(author_id: int) -> None:
    """Let the open questions to an author wait as long as their absences say now."""
    for clock, idea in session().execute(lock_row(_QUESTIONS), {"person_id": author_id}).all():
        clock.due_at = idea.due_at = find_answer_due(
            clock.started_at, department_id=clock.department_id, author_id=author_id
        )
    session().flush()
