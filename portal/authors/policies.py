"""Who may choose what is offered, and who opens a seal."""

from portal.actor import Actor, Capability
from portal.authors.models import AuthorMode, Opening, Seal, StagedWord
from portal.i18n import gettext as _
from portal.policy import policy

_ADMINISTRATOR = _("Only an administrator can do this.")


@policy(AuthorMode, "offer", otherwise=_ADMINISTRATOR)
def can_offer_modes(actor: Actor) -> bool:
    """Administrators choose which ways to hand something in are offered."""
    return actor.can(Capability.ADMINISTER)


@policy(StagedWord, "set", otherwise=_ADMINISTRATOR)
def can_set_waiting(actor: Actor) -> bool:
    """Administrators choose how long anonymous words wait."""
    return actor.can(Capability.ADMINISTER)


@policy(Seal, "ask", otherwise=_ADMINISTRATOR)
def can_ask(actor: Actor) -> bool:
    """Administrators ask for a seal to be opened."""
    return actor.can(Capability.ADMINISTER)


@policy(Opening, "see")
def can_see_openings(actor: Actor) -> bool:
    """Those who ask and those who answer read every request."""
    return actor.can(Capability.SEE_SEALS)


@policy(
    Opening,
    "answer",
    otherwise=_("A person of trust answers who neither asked nor administers."),
)
def can_answer(actor: Actor, opening: Opening) -> bool:
    """A person of trust who is neither the one who asks nor an administrator."""
    return (
        actor.can(Capability.GUARD_SEALS)
        and not actor.can(Capability.ADMINISTER)
        and actor.id != opening.asked_by_id
    )
