"""What routing does when others act."""

from portal.database import session
from portal.events import reacts_to
from portal.ideas.events import IdeaSubmitted
from portal.ideas.models import Idea
from portal.routing.services import route_idea


@reacts_to(IdeaSubmitted)
def route_at_once(event: IdeaSubmitted) -> None:
    """Bring a submitted idea onto a desk in the same unit, so that it never waits on nobody."""
    route_idea(session().get_one(Idea, event.idea_id))
