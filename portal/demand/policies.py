"""Who may change the tree of contact reasons."""

from portal.actor import Actor, Capability
from portal.demand.models import ContactReason
from portal.i18n import gettext as _
from portal.policy import policy


@policy(ContactReason, "set", otherwise=_("Only an administrator can do this."))
def can_set_reasons(actor: Actor) -> bool:
    """Administrators keep the tree, its owners and what a contact costs."""
    return actor.can(Capability.ADMINISTER)
