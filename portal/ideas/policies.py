"""Who may do what to an idea; pure."""

from portal.actor import Actor, Capability
from portal.attachments.policies import takes_files
from portal.i18n import gettext as _
from portal.ideas.lifecycle import ENDS, State
from portal.ideas.models import Comment, Idea
from portal.policy import policy

_WORKS_HERE = _("Only somebody who works here can do this.")


def is_own(actor: Actor, idea: Idea) -> bool:
    """Whether the actor handed the idea in."""
    return actor.id is not None and actor.id == idea.submitter_id


def is_open_to_all(idea: Idea) -> bool:
    """Whether colleagues may support and discuss it: handed in, not taken back, and not joined
    to another, where both go on."""
    return idea.submitted_at is not None and idea.state not in {State.WITHDRAWN, State.MERGED}


def _works_here(actor: Actor) -> bool:
    return actor.id is not None and actor.can(Capability.SUBMIT)


@policy(Idea, "write", otherwise=_WORKS_HERE)
def can_write(actor: Actor) -> bool:
    """Whoever works here hands in ideas."""
    return _works_here(actor)


@policy(Idea, "edit")
def can_edit(actor: Actor, idea: Idea) -> bool:
    """A draft belongs to its writer; what was handed in is not rewritten."""
    return is_own(actor, idea) and idea.state is State.DRAFT


@policy(Idea, "withdraw", otherwise=_("Only the person who handed it in can take it back."))
def can_withdraw(actor: Actor, idea: Idea) -> bool:
    """Whoever handed it in; until when is a rule of its life, not of access."""
    return is_own(actor, idea)


@policy(Idea, "support", otherwise=_("It is your own idea: others say whether they meet the same."))
def can_support(actor: Actor, idea: Idea) -> bool:
    """Any colleague but the one who handed it in."""
    return _works_here(actor) and not is_own(actor, idea)


@policy(Comment, "add", otherwise=_WORKS_HERE)
def can_comment(actor: Actor) -> bool:
    """Any colleague, where an idea is open to all."""
    return _works_here(actor)


@policy(Idea, "attach", otherwise=_("Nothing can be attached here now."))
def can_attach(actor: Actor, idea: Idea) -> bool:
    """Whoever handed it in adds files until its life ends; never to what has no name on it."""
    is_anonymous = idea.submitter_id is None
    return is_own(actor, idea) and idea.state not in ENDS and takes_files(is_anonymous=is_anonymous)


def can_take_files_back(idea: Idea) -> bool:
    """What a decision may rest on stays: files go back only until one is made."""
    return idea.state in {State.DRAFT, State.SUBMITTED, State.ROUTED, State.TRIAGE}
