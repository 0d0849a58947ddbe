"""Who may manage people and departments."""

from portal.actor import Actor, Capability
from portal.i18n import gettext as _
from portal.people.models import Department, Person
from portal.policy import policy

_ADMINISTRATOR = _("Only an administrator can do this.")


@policy(Department, "set", otherwise=_ADMINISTRATOR)
def can_set_departments(actor: Actor) -> bool:
    """Administrators build the tree of departments."""
    return actor.can(Capability.ADMINISTER)


@policy(Person, "add", otherwise=_ADMINISTRATOR)
def can_add_people(actor: Actor) -> bool:
    """Administrators open accounts, and end what a role allows."""
    return actor.can(Capability.ADMINISTER)


@policy(Person, "grant", otherwise=_("Somebody else, an administrator, has to give a role."))
def can_grant(actor: Actor, person: Person) -> bool:
    """Administrators give roles, but never to themselves."""
    return actor.can(Capability.ADMINISTER) and actor.id != person.id


@policy(Person, "close", otherwise=_("Somebody else, an administrator, has to close an account."))
def can_close_account(actor: Actor, person: Person) -> bool:
    """Administrators close accounts, but never their own."""
    return actor.can(Capability.ADMINISTER) and actor.id != person.id


@policy(Person, "set", otherwise=_("These settings are somebody else's."))
def can_set_own(actor: Actor, person: Person) -> bool:
    """Everybody keeps their own settings."""
    return actor.id is not None and actor.id == person.id
