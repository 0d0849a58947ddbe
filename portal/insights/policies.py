"""Who may hand in and read insights."""

from portal.actor import Actor, Capability
from portal.attachments.policies import takes_files
from portal.i18n import gettext as _
from portal.insights.models import Insight
from portal.policy import policy


@policy(Insight, "add", otherwise=_("You cannot report insights."))
def can_add_insight(actor: Actor) -> bool:
    """Whether the actor may report what a customer said."""
    return actor.can(Capability.SUBMIT)


@policy(Insight, "see")
def can_see_insights(actor: Actor) -> bool:
    """Every colleague reads what customers say; nothing personal of a customer is kept."""
    return actor.can(Capability.READ)


@policy(Insight, "attach", otherwise=_("Nothing can be attached here now."))
def can_attach(actor: Actor, insight: Insight) -> bool:
    """Whoever reported it adds files; never to what has no name on it."""
    is_own = actor.id is not None and actor.id == insight.author_id
    return is_own and takes_files(is_anonymous=insight.author_id is None)
