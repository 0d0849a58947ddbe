"""Who may hand an idea on, and who sets how items find their department."""

from collections.abc import Collection

from portal.actor import Actor, Capability
from portal.i18n import gettext as _
from portal.ideas.models import Idea
from portal.policy import policy
from portal.routing.models import LearnedRouter, RoutingRule, Transfer


@policy(Idea, "transfer", otherwise=_("This idea is for somebody else to decide."))
def can_transfer(actor: Actor, idea: Idea, author_ids: Collection[int]) -> bool:
    """Whether the actor answers for the idea's department and had no part in the idea."""
    department_id = idea.owner_department_id
    return (
        department_id is not None
        and actor.id not in author_ids
        and actor.can(Capability.TRIAGE, department_id)
    )


@policy(Transfer, "call_back", otherwise=_("Only who handed it on takes that back."))
def can_call_back(actor: Actor, transfer: Transfer) -> bool:
    """Whoever handed it on."""
    return actor.id is not None and actor.id == transfer.asked_by_id


@policy(RoutingRule, "set", otherwise=_("Only an administrator can do this."))
def can_set_rules(actor: Actor) -> bool:
    """Administrators write the rules, order them and switch them on and off."""
    return actor.can(Capability.ADMINISTER)


@policy(LearnedRouter, "set", otherwise=_("Only an administrator can do this."))
def can_set_router(actor: Actor) -> bool:
    """Administrators say from when on the learned router acts alone."""
    return actor.can(Capability.ADMINISTER)
