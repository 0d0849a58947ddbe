"""What the clockwork does for triage."""

from datetime import timedelta

from portal.database import lock_row, reading, writing
from portal.jobs.services import every
from portal.triage import queries, services


@every(timedelta(minutes=15), "triage.return_unanswered")
def return_unanswered() -> None:
    """Bring back every idea whose question stood open for too long, each in its own unit."""
    with reading():
        ids = queries.list_unanswered()
    for idea_id in ids:
        with writing() as unit:
            idea = unit.scalar(lock_row(queries.by_id(idea_id)))
            if idea is not None:
                services.return_unanswered(idea)
