"""One question for every rule of access: may this person do this to that thing?

Each slice keeps its rules in ``policies`` and registers every one under the kind of thing and
the action it is about.  Views, queries, services and pages ask the same object, so what a page
offers is what a service takes.  A policy knows only what it is given.
"""

from collections.abc import Callable
from functools import update_wrapper
from typing import Generic, ParamSpec

from portal.actor import Actor
from portal.errors import NotAllowed
from portal.i18n import gettext as _

P = ParamSpec("P")


class Policy(Generic[P]):
    """A registered rule; called, it says yes or no, and ``require`` turns a no into a refusal."""

    def __init__(self, rule: Callable[P, bool], otherwise: str) -> None:
        self.rule = rule
        self.otherwise = otherwise
        update_wrapper(self, rule)

    def __call__(self, *args: P.args, **facts: P.kwargs) -> bool:
        """Whether it is allowed."""
        return self.rule(*args, **facts)

    def require(self, *args: P.args, **facts: P.kwargs) -> None:
        """Raise NotAllowed, with the policy's own sentence, unless it is allowed."""
        if not self(*args, **facts):
            raise NotAllowed(_(self.otherwise))


REGISTRY: dict[tuple[type, str], Policy[...]] = {}
"""Every policy by kind of thing and action."""


def policy(
    kind: type, action: str, *, otherwise: str = "You cannot do this."
) -> Callable[[Callable[P, bool]], Policy[P]]:
    """Register a rule: actor first, the thing next, what else it must know after them.

    A rule about a whole kind (adding one) takes no thing.  ``otherwise`` is the sentence for
    whoever is refused.
    """

    def register(rule: Callable[P, bool]) -> Policy[P]:
        if (kind, action) in REGISTRY:
            raise LookupError(f"two policies to {action}: {kind.__name__}")
        made = Policy(rule, otherwise)
        REGISTRY[kind, action] = made
        return made

    return register


def can(actor: Actor, action: str, thing: object, **facts: object) -> bool:
    """Whether the actor may do this to the thing, or to a kind of things as a whole.

    Raises
    ------
    LookupError
        If no slice has a policy for it: what nobody thought of is a fault, never a yes.
    """
    if isinstance(thing, type):
        return find_policy(thing, action)(actor, **facts)
    return find_policy(type(thing), action)(actor, thing, **facts)


def find_policy(kind: type, action: str) -> Policy[...]:
    """The registered policy; raises LookupError."""
    try:
        return REGISTRY[kind, action]
    except KeyError:
        raise LookupError(f"no policy to {action}: {kind.__name__}") from None
