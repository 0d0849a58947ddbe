"""Who may decide, and who may answer."""

from collections.abc import Collection

from portal.actor import Actor
from portal.i18n import gettext as _
from portal.ideas.models import Idea
from portal.policy import policy
from portal.routing.policies import can_transfer


@policy(Idea, "decide", otherwise=_("This idea is for somebody else to decide."))
def can_triage(actor: Actor, idea: Idea, author_ids: Collection[int]) -> bool:
    """Whether the actor answers for the idea's department and had no part in the idea."""
    return can_transfer(actor, idea, author_ids)


@policy(Idea, "answer", otherwise=_("An author, or somebody who meets the same, can answer."))
def can_answer(actor: Actor, author_ids: Collection[int], supporter_ids: Collection[int]) -> bool:
    """An author may answer a question, and so may anybody who meets the same."""
    return actor.id is not None and (actor.id in author_ids or actor.id in supporter_ids)
