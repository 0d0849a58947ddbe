"""Who may say when a department works."""

from portal.actor import Actor, Capability
from portal.clocks.models import Calendar
from portal.i18n import gettext as _
from portal.policy import policy


@policy(Calendar, "set", otherwise=_("Only an administrator can do this."))
def can_set_calendars(actor: Actor) -> bool:
    """Administrators make calendars and give them to departments."""
    return actor.can(Capability.ADMINISTER)
