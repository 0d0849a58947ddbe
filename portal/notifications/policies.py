"""Who may have a letter sent again, and say that an address takes mail."""

from portal.actor import Actor, Capability
from portal.i18n import gettext as _
from portal.notifications.models import Delivery, TellingChoice
from portal.policy import policy


@policy(Delivery, "resend", otherwise=_("Only whoever it is for can have it sent again."))
def can_resend(actor: Actor, delivery: Delivery) -> bool:
    """Whoever the letter is for, and administrators."""
    return actor.id == delivery.person_id or actor.can(Capability.ADMINISTER)


@policy(TellingChoice, "set", otherwise=_("Only somebody who works here can do this."))
def can_choose(actor: Actor) -> bool:
    """Everybody, for themselves."""
    return actor.id is not None


@policy(TellingChoice, "trust", otherwise=_("Only whoever it belongs to can do this."))
def can_trust_address(actor: Actor, choice: TellingChoice) -> bool:
    """Whoever the address belongs to, and administrators."""
    return actor.id == choice.person_id or actor.can(Capability.ADMINISTER)
