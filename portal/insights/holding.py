"""An insight as what files belong to; for views, which have loaded it for their reader."""

from flask import url_for

from portal.attachments.routes import Holder
from portal.insights.models import Insight
from portal.insights.policies import can_attach
from portal.insights.queries import get_visible_insight
from portal.insights.services import SUBJECT
from portal.web.access import actor


def find_holder(number: int, for_update: bool) -> Holder:
    """The insight with this number as a holder, or NotFound as on its page."""
    return as_holder(get_visible_insight(actor(), number, for_update=for_update))


def as_holder(insight: Insight) -> Holder:
    """The insight as a holder, with what this reader may do; nobody decides on an insight."""
    return Holder(
        kind=SUBJECT,
        id=insight.id,
        name=f"N-{insight.number}",
        url=url_for("insights.insight", number=insight.number),
        address=url_for("insights.attach", number=insight.number),
        takes_files=can_attach(actor(), insight),
        is_open=True,
    )
