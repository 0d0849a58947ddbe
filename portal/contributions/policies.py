"""Who asks other departments for their part, and who does one."""

from collections.abc import Collection

from portal.actor import Actor, Capability
from portal.contributions.models import Contribution
from portal.i18n import gettext as _
from portal.ideas.models import Idea
from portal.policy import policy
from portal.routing.policies import can_transfer


@policy(Idea, "ask_for_part", otherwise=_("Whoever answers for the idea asks others for theirs."))
def can_ask_for_part(actor: Actor, idea: Idea, author_ids: Collection[int]) -> bool:
    """Whether the actor answers for the idea's department and had no part in the idea."""
    return can_transfer(actor, idea, author_ids)


@policy(Contribution, "settle", otherwise=_("This is another department's to do."))
def can_settle(actor: Actor, contribution: Contribution, author_ids: Collection[int]) -> bool:
    """Whoever answers for the department that was asked, and had no part in the idea."""
    return actor.id not in author_ids and actor.can(Capability.TRIAGE, contribution.department_id)
