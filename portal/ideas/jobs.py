"""What the clockwork does for ideas."""

from datetime import timedelta

from portal.database import reading, writing
from portal.ideas.indexing import index_idea
from portal.ideas.queries import get_idea
from portal.ideas.similar import list_unindexed
from portal.jobs.services import every

BATCH = 200
"""How many ideas one unit indexes: short enough that nobody waits for it."""


@every(timedelta(hours=1), "ideas.index")
def index_ideas() -> None:
    """Keep the terms of every idea that was handed in before there was a place for them."""
    while True:
        with reading():
            ids = list_unindexed(BATCH)
        if not ids:
            return
        with writing():
            for idea_id in ids:
                index_idea(get_idea(idea_id))
