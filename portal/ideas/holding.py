"""An idea as what files belong to; for views, which have loaded it for their reader."""

from flask import url_for

from portal.attachments.routes import Holder
from portal.ideas import policies
from portal.ideas.lifecycle import State
from portal.ideas.models import Idea
from portal.ideas.queries import get_visible_idea
from portal.ideas.services import SUBJECT
from portal.web.access import actor


def find_holder(number: int, for_update: bool) -> Holder:
    """The idea with this number as a holder, or NotFound as on its page."""
    return as_holder(get_visible_idea(actor(), number, for_update=for_update))


def as_holder(idea: Idea) -> Holder:
    """The idea as a holder, with what this reader may do."""
    page = "ideas.edit" if idea.state is State.DRAFT else "pages.idea"
    return Holder(
        kind=SUBJECT,
        id=idea.id,
        name=idea.title,
        url=url_for(page, number=idea.number),
        address=url_for("ideas.attach", number=idea.number),
        takes_files=policies.can_attach(actor(), idea),
        is_open=policies.can_take_files_back(idea),
    )
