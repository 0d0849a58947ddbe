"""What becomes of tasks when others act."""

from portal.contributions.keeping import KEEP
from portal.contributions.services import ask_again, end_parts
from portal.database import session
from portal.events import reacts_to, tells_of
from portal.ideas.events import IdeaMoved
from portal.ideas.lifecycle import Move
from portal.ideas.models import Idea
from portal.jobs.services import enqueue
from portal.people.events import AbsenceChanged, ChairsChanged, PersonLeft


@tells_of(IdeaMoved)
def follow_the_idea(event: IdeaMoved) -> None:
    """Tasks end with the idea that they are for, and come back with it.

    A decision that can still be undone has told nobody yet, so it ends none.
    """
    idea = session().get_one(Idea, event.idea_id)
    if event.move is Move.UNMERGE:
        ask_again(idea)
    end_parts(idea)


def settle_who_owes(_event: object) -> None:
    """The worker lets tasks wait on somebody who is there."""
    enqueue(KEEP, {})


for _changed in (AbsenceChanged, ChairsChanged, PersonLeft):
    reacts_to(_changed)(settle_who_owes)
