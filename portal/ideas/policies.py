"""Who may do what to an idea; pure."""

from portal.actor import Actor
from portal.ideas.lifecycle import Move, State, can_move
from portal.ideas.models import Idea


def is_own(actor: Actor, idea: Idea) -> bool:
    """Whether the actor handed the idea in."""
    return actor.id is not None and actor.id == idea.submitter_id


def can_edit(actor: Actor, idea: Idea) -> bool:
    """A draft belongs to its writer; what was handed in is not rewritten."""
    return is_own(actor, idea) and idea.state is State.DRAFT


def can_withdraw(actor: Actor, idea: Idea) -> bool:
    """Whoever handed it in may take it back until somebody has committed to it."""
    return is_own(actor, idea) and can_move(idea.state, Move.WITHDRAW)


def is_open_to_all(idea: Idea) -> bool:
    """Whether colleagues may support and discuss it: handed in, and not taken back."""
    return idea.submitted_at is not None and idea.state is not State.WITHDRAWN
