"""What routing does when others act."""

from portal.database import session
from portal.events import reacts_to
from portal.ideas.events import IdeaSubmitted
from portal.ideas.models import Idea
from portal.insights.events import InsightsAdded
from portal.routing.services import route_idea
from portal.routing.spreading import route_insight, spread_later


@reacts_to(IdeaSubmitted)
def route_at_once(event: IdeaSubmitted) -> None:
    """Bring a submitted idea onto a desk in the same unit, so that it never waits on nobody."""
    route_idea(session().get_one(Idea, event.idea_id))


@reacts_to(InsightsAdded)
def route_what_customers_said(event: InsightsAdded) -> None:
    """Route one insight in the same unit; of an import, let the worker do it."""
    if event.count == 1:
        route_insight(event.first)
    else:
        spread_later(event.first, event.count)
