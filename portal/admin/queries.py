"""How much of everything there is."""

from typing import Any

from sqlalchemy import Row, func, select

from portal.database import session
from portal.ideas.models import Idea
from portal.insights.models import Insight
from portal.jobs.models import OutboxTask
from portal.people.models import Person

_COUNTS = select(
    select(func.count())
    .select_from(Person)
    .where(Person.is_active)
    .scalar_subquery()
    .label("people"),
    select(func.count()).select_from(Idea).scalar_subquery().label("ideas"),
    select(func.count()).select_from(Insight).scalar_subquery().label("insights"),
    select(func.count())
    .select_from(OutboxTask)
    .where(OutboxTask.finished_at.is_(None))
    .scalar_subquery()
    .label("tasks"),
)


def count_everything() -> Row[*tuple[Any, ...]]:
    """People, ideas, insights and waiting tasks, in one statement."""
    return session().execute(_COUNTS).one()
