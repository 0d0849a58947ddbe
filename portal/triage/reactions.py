"""What triage does when others act: nothing waits on somebody who is not there."""

from portal.database import session
from portal.events import reacts_to
from portal.ideas.events import IdeaMoved, IdeaMoving
from portal.ideas.lifecycle import Move, State
from portal.ideas.models import Idea
from portal.jobs.services import enqueue
from portal.people.events import AbsenceChanged, ChairsChanged, PersonLeft
from portal.triage.asking import plan_questions_again
from portal.triage.merging import part_because_withdrawn
from portal.triage.standing_in import STAND_IN, pass_to_successors, settle_after
from portal.triage.undoing import tell_now


@reacts_to(IdeaMoving)
def tell_what_came_before(event: IdeaMoving) -> None:
    """A decision that nobody was told of yet is told before anything else happens to the idea."""
    tell_now(event.idea_id)


@reacts_to(IdeaMoved)
def wait_on_somebody_who_is_there(event: IdeaMoved) -> None:
    """An idea that comes to wait on somebody who is away waits on whoever stands in."""
    if event.move is not Move.SUBMIT:
        settle_after(session().get_one(Idea, event.idea_id), event.move)


@reacts_to(AbsenceChanged)
def settle_what_lies_there(event: AbsenceChanged) -> None:
    """What lies on a desk is handed over by the worker; a question waits longer at once."""
    enqueue(STAND_IN, {})
    plan_questions_again(event.person_id)


@reacts_to(ChairsChanged)
def pass_to_the_next(event: ChairsChanged) -> None:
    """Whoever sits there now answers for what waited on whoever sat there before."""
    pass_to_successors(event.gone, event.department_id)


@reacts_to(PersonLeft)
def pass_everything_on(event: PersonLeft) -> None:
    """Nothing waits on somebody who has left."""
    pass_to_successors({event.person_id})


@reacts_to(IdeaMoved)
def part_what_was_joined(event: IdeaMoved) -> None:
    """Whoever takes their idea back does not take back what others had joined to it."""
    if event.to_state is State.WITHDRAWN:
        part_because_withdrawn(session().get_one(Idea, event.idea_id))
