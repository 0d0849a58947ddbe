"""Who may do what on the way from a yes to a change; pure."""

from collections.abc import Collection

from portal.actor import Actor, Capability
from portal.delivery.models import Implementation
from portal.i18n import gettext as _
from portal.ideas.models import Idea
from portal.policy import policy

_DELIVERS = _("Only those who deliver for this department can do this.")


@policy(Idea, "promise", otherwise=_DELIVERS)
def can_promise(actor: Actor, idea: Idea) -> bool:
    """Those who deliver for the department that owns the idea."""
    return not actor.is_program and actor.can(Capability.DELIVER, idea.owner_department_id)


@policy(
    Idea,
    "report",
    otherwise=_("Only the person named in the promise, or the department, can do this."),
)
def can_report(actor: Actor, idea: Idea, person_id: int) -> bool:
    """They, and the person who was named in the promise."""
    return actor.id == person_id or can_promise(actor, idea)


@policy(Idea, "close", otherwise=_("Only those who decide for this department can close it."))
def can_close(actor: Actor, idea: Idea) -> bool:
    """Those who decide for the department."""
    return not actor.is_program and actor.can(Capability.TRIAGE, idea.owner_department_id)


@policy(
    Implementation,
    "confirm",
    otherwise=_("A change is confirmed by colleagues who take no credit for it."),
)
def can_confirm(actor: Actor, credited: Collection[int]) -> bool:
    """Any colleague, except those who take credit for the change."""
    return actor.can(Capability.SUBMIT) and actor.id is not None and actor.id not in credited
