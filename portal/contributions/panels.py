"""What an idea's page and the bench show of tasks."""

from collections.abc import Collection
from typing import Any

from portal.actor import Actor, Capability
from portal.contributions.policies import can_ask_for_part
from portal.contributions.queries import list_parts
from portal.contributions.services import AT_WORK
from portal.ideas.models import Idea


def parts_panel(actor: Actor, idea: Idea, author_ids: Collection[int]) -> dict[str, Any]:
    """For ``_parts.html``: what other departments were asked; one statement."""
    is_author = actor.id in author_ids
    return {
        "parts": list_parts(idea.id),
        "may_ask": idea.state in AT_WORK and can_ask_for_part(actor, idea, author_ids),
        "answers": frozenset[int]() if is_author else actor.departments(Capability.TRIAGE),
    }
