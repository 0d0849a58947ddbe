"""Who looks after work that failed."""

from portal.actor import Actor, Capability
from portal.i18n import gettext as _
from portal.jobs.models import OutboxTask
from portal.masking import MaskingPolicy
from portal.people.models import Person
from portal.policy import policy


@policy(OutboxTask, "settle", otherwise=_("Only an administrator can do this."))
def can_settle_tasks(actor: Actor) -> bool:
    """Administrators start a failed task again, or give it up."""
    return actor.can(Capability.ADMINISTER)


@policy(MaskingPolicy, "set", otherwise=_("Only an administrator can do this."))
def can_set_masking(actor: Actor) -> bool:
    """Administrators choose what is masked in what people write."""
    return actor.can(Capability.ADMINISTER)


@policy(Person, "erase", otherwise=_("Somebody else, an administrator, has to erase a person."))
def can_erase(actor: Actor, person: Person) -> bool:
    """Administrators forget who asks to be forgotten, but never themselves, nor a hidden author."""
    return actor.can(Capability.ADMINISTER) and actor.id != person.id and person.hue >= 0
