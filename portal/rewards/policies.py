"""Who may do what with an order."""

from collections.abc import Collection

from portal.actor import Actor, Capability
from portal.rewards.models import Redemption, RedemptionState
from portal.rewards.rules import DEFAULT_RULES


def may_see(actor: Actor, redemption: Redemption) -> bool:
    """Whoever ordered it, and those who hand over rewards."""
    return actor.id == redemption.person_id or actor.can(Capability.FULFIL)


def may_approve(actor: Actor, redemption: Redemption, superiors: Collection[int]) -> bool:
    """A person who hands over rewards, but never for themselves or for somebody above them.

    ``superiors`` are the ids of those who head the actor's department or one above it.
    """
    return _is_other_fulfiller(actor, redemption) and redemption.person_id not in superiors


def may_hand_over(actor: Actor, redemption: Redemption) -> bool:
    """As for approving; a dear reward is handed over by somebody else than its approver."""
    is_dear = redemption.price_points >= DEFAULT_RULES.two_people_from
    return _is_other_fulfiller(actor, redemption) and not (
        is_dear and redemption.changed_by_id == actor.id
    )


def may_refund(actor: Actor, redemption: Redemption) -> bool:
    """Those who hand over rewards; whoever ordered may take it back until it is approved."""
    if redemption.person_id == actor.id:
        return redemption.state is RedemptionState.REQUESTED
    return _is_other_fulfiller(actor, redemption)


def may_receive(actor: Actor, redemption: Redemption) -> bool:
    """Only whoever ordered it can say that it arrived."""
    return redemption.person_id == actor.id


def _is_other_fulfiller(actor: Actor, redemption: Redemption) -> bool:
    return (
        not actor.is_program and actor.can(Capability.FULFIL) and actor.id != redemption.person_id
    )
