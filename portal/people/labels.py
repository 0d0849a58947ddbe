"""What roles and ways of signing in are called."""

from portal.actor import Role
from portal.i18n import gettext as _


def role_names() -> dict[str, str]:
    """The roles by their names, in the order of what they may do."""
    return {
        Role.AGENT.value: _("Agent"),
        Role.HANDLER.value: _("Handler"),
        Role.HEAD.value: _("Head"),
        Role.DEPUTY.value: _("Deputy"),
        Role.VALIDATOR.value: _("Validator"),
        Role.LEADER.value: _("Leadership"),
        Role.ADMINISTRATOR.value: _("Administrator"),
        Role.PERSON_OF_TRUST.value: _("Person of trust"),
    }
