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


@policy(Person, "link", otherwise=_ADMINISTRATOR)
def can_make_link(actor: Actor) -> bool:
    """Administrators make the links by which people come in without a password."""
    return actor.can(Capability.ADMINISTER)


@policy(Person, "sign_out", otherwise=_ADMINISTRATOR)
def can_sign_out(actor: Actor, person: Person) -> bool:
    """Administrators sign somebody out everywhere; everybody does it for themselves."""
    return actor.can(Capability.ADMINISTER) or (actor.id is not None and actor.id == person.id)


@policy(Person, "choose_password", otherwise=_("Only its owner chooses a password."))
def can_choose_password(actor: Actor, person: Person) -> bool:
    """Everybody chooses their own password, and nobody another's."""
    return actor.id is not None and actor.id == person.id


@policy(
    Person,
    "remove_second_factor",
    otherwise=_("Somebody else, an administrator, has to do this."),
)
def can_remove_second_factor(actor: Actor, person: Person) -> bool:
    """Administrators turn off a second factor whose app is lost, but never their own."""
    return actor.can(Capability.ADMINISTER) and actor.id != person.id


@policy(
    Person, "note_absence", otherwise=_("Only they, their head or an administrator can do this.")
)
def can_note_absence(actor: Actor, person: Person) -> bool:
    """Everybody says when they are away; so do whoever heads them, and administrators."""
    if actor.id is None:
        return False
    home = person.home_department_id
    is_head = home is not None and actor.can(Capability.TRIAGE, home)
    return actor.id == person.id or is_head or actor.can(Capability.ADMINISTER)
