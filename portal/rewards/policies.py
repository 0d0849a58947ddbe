"""Who may do what with an order."""

from collections.abc import Collection

from portal.actor import Actor, Capability
from portal.i18n import gettext as _
from portal.policy import policy
from portal.rewards.models import Account, Redemption, RedemptionState, RewardItem
from portal.rewards.rules import DEFAULT_RULES

_OTHERS = _("Somebody else has to do this.")


@policy(Redemption, "see")
def can_see(actor: Actor, redemption: Redemption) -> bool:
    """Whoever ordered it, and those who hand over rewards."""
    return actor.id == redemption.person_id or actor.can(Capability.FULFIL)


@policy(Redemption, "approve", otherwise=_OTHERS)
def can_approve(actor: Actor, redemption: Redemption, superiors: Collection[int]) -> bool:
    """A person who hands over rewards, but never for themselves or for somebody above them.

    ``superiors`` are the ids of those who head the actor's department or one above it.
    """
    return _is_other_fulfiller(actor, redemption) and redemption.person_id not in superiors


@policy(Redemption, "fulfil", otherwise=_OTHERS)
def can_hand_over(actor: Actor, redemption: Redemption) -> bool:
    """As for approving; a dear reward is handed over by somebody else than its approver."""
    is_dear = redemption.price_points >= DEFAULT_RULES.two_people_from
    return _is_other_fulfiller(actor, redemption) and not (
        is_dear and redemption.changed_by_id == actor.id
    )


@policy(Redemption, "refund", otherwise=_OTHERS)
def can_refund(actor: Actor, redemption: Redemption) -> bool:
    """Those who hand over rewards; whoever ordered may take it back until it is approved."""
    if redemption.person_id == actor.id:
        return redemption.state is RedemptionState.REQUESTED
    return _is_other_fulfiller(actor, redemption)


@policy(Redemption, "receive", otherwise=_OTHERS)
def can_receive(actor: Actor, redemption: Redemption) -> bool:
    """Only whoever ordered it can say that it arrived."""
    return redemption.person_id == actor.id


@policy(RewardItem, "add", otherwise=_("Only an administrator can do this."))
def can_add_item(actor: Actor) -> bool:
    """Administrators say what points buy."""
    return actor.can(Capability.ADMINISTER)


@policy(RewardItem, "restock", otherwise=_("Only those who hand over rewards can do this."))
def can_restock(actor: Actor) -> bool:
    """Those who hand over rewards count what there is."""
    return actor.can(Capability.FULFIL)


@policy(RewardItem, "order", otherwise=_("Only a person can order a reward."))
def can_order(actor: Actor) -> bool:
    """Any person, for their own points."""
    return actor.id is not None and actor.can(Capability.READ)


@policy(
    Account,
    "correct",
    otherwise=_("Somebody else who hands over rewards has to correct this."),
)
def can_correct(actor: Actor, account: Account) -> bool:
    """Those who hand over rewards, but never their own points."""
    return actor.can(Capability.FULFIL) and actor.id != account.person_id


def _is_other_fulfiller(actor: Actor, redemption: Redemption) -> bool:
    return (
        not actor.is_program and actor.can(Capability.FULFIL) and actor.id != redemption.person_id
    )
