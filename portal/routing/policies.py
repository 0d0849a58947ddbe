"""Who may hand an idea on."""

from collections.abc import Collection

from portal.actor import Actor, Capability
from portal.i18n import gettext as _
from portal.ideas.models import Idea
from portal.policy import policy


@policy(Idea, "transfer", otherwise=_("This idea is for somebody else to decide."))
def can_transfer(actor: Actor, idea: Idea, author_ids: Collection[int]) -> bool:
    """Whether the actor answers for the idea's department and had no part in the idea."""
    department_id = idea.owner_department_id
    return (
        department_id is not None
        and actor.id not in author_ids
        and actor.can(Capability.TRIAGE, department_id)
    )
