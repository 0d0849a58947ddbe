"""Who may claim and who may sign, and what may be signed; pure."""

from collections.abc import Collection
from dataclasses import dataclass

from portal.actor import Actor, Capability
from portal.i18n import gettext as _
from portal.ideas.lifecycle import State
from portal.ideas.models import Idea
from portal.impact.models import Outcome
from portal.impact.verdicts import Verdict
from portal.policy import policy

APPROVING = frozenset({Outcome.APPROVED, Outcome.IN_PART})
"""Signatures that say it worked."""


@dataclass(frozen=True, slots=True)
class Ties:
    """What binds people to a change: the department's path in the tree, and who has a part."""

    owner_department_id: int
    owner_path: str
    home_path: str | None
    authors: frozenset[int]
    credited: frozenset[int]
    claimants: frozenset[int]


def is_validator(actor: Actor, owner_department_id: int | None) -> bool:
    """Whether the actor signs benefits of the department at all; the program never does."""
    return not actor.is_program and actor.can(Capability.VALIDATE, owner_department_id)


def why_not_sign(actor: Actor, ties: Ties) -> str | None:
    """Why this actor may not sign, in a sentence; None where they may.

    Four eyes: the signature comes from outside the department and everything below it, and
    from nobody who gains by it.
    """
    if not is_validator(actor, ties.owner_department_id):
        return _("Only those who validate for this department can sign.")
    if ties.home_path is not None and ties.home_path.startswith(ties.owner_path):
        return _("You belong to the department that made the change. Somebody from outside signs.")
    if actor.id in ties.authors:
        return _("It is your own idea. Somebody else signs.")
    if actor.id in ties.credited:
        return _("You have a share of the credit. Somebody without one signs.")
    if actor.id in ties.claimants:
        return _("You claimed this benefit. Somebody else signs.")
    return None


def signable(primary: Verdict, guardrails: Collection[Verdict]) -> frozenset[Outcome]:
    """What the evidence lets a validator sign; giving it back is always possible.

    Nobody can sign an improvement that was not measured, or one with harm beside it; nor harm
    that was not measured.  A validator may find an improvement not proven.
    """
    if primary is Verdict.NOT_ENOUGH_DATA:
        return frozenset({Outcome.RETURNED})
    is_harm = Verdict.HARMED in {primary, *guardrails}
    found = {Outcome.RETURNED, Outcome.NOT_PROVEN}
    if is_harm:
        found.add(Outcome.HARMFUL)
    if primary is Verdict.IMPROVED and not is_harm:
        found |= APPROVING
    return frozenset(found)


def why_not_approve(primary: Verdict, guardrails: Collection[Verdict]) -> str | None:
    """Why it cannot be signed that it worked; None where it can."""
    if primary is not Verdict.IMPROVED:
        return _("Only a measured improvement can be approved.")
    if Verdict.HARMED in guardrails:
        return _("Something that must not get worse got worse, so this cannot be approved.")
    return None


@policy(Idea, "validate")
def can_validate(actor: Actor, idea: Idea) -> bool:
    """Those who sign benefits of the department that owns the idea."""
    return is_validator(actor, idea.owner_department_id)


@policy(Ties, "sign")
def can_sign(actor: Actor, ties: Ties) -> bool:
    """Those outside the department who gain nothing by it."""
    return why_not_sign(actor, ties) is None


@policy(
    Idea,
    "claim",
    otherwise=_("Only the department that made the change can say what it is worth."),
)
def can_claim(actor: Actor, idea: Idea) -> bool:
    """The department that made the change says what it is worth, while it is measured."""
    delivers = actor.can(Capability.DELIVER, idea.owner_department_id)
    return delivers and not actor.is_program and idea.state is State.MEASURING


@policy(
    Idea,
    "analyse",
    otherwise=_("Only those who work with this change can have it analysed again."),
)
def can_ask(actor: Actor, idea: Idea) -> bool:
    """Those who deliver, measure or validate for the department may ask for a fresh analysis."""
    needs = (Capability.DELIVER, Capability.MEASURE, Capability.VALIDATE)
    return any(actor.can(need, idea.owner_department_id) for need in needs)
