"""Who may hand in and read insights."""

from portal.actor import Actor, Capability


def can_add_insight(actor: Actor) -> bool:
    """Whether the actor may report what a customer said."""
    return actor.can(Capability.SUBMIT)


def can_see_insights(actor: Actor) -> bool:
    """Every colleague reads what customers say; nothing personal of a customer is kept."""
    return actor.can(Capability.READ)
