"""What happened, told upward: lower slices publish, higher slices react.

Events are frozen dataclasses of ids.  Reactions run at once, in the same transaction;
anything slow or outside goes to the outbox (see ``portal.jobs``).  What acts comes before what
tells people of it, whichever module was imported first.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

E = TypeVar("E")

_acting: dict[type[Any], list[Callable[[Any], None]]] = defaultdict(list)
_telling: dict[type[Any], list[Callable[[Any], None]]] = defaultdict(list)


def reacts_to(event_type: type[E]) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Register a function to run whenever an event of this type is published."""
    return _registering(_acting[event_type])


def tells_of(event_type: type[E]) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Register a function that tells people of it, as it stands when all others have reacted."""
    return _registering(_telling[event_type])


def _registering(reactions: list[Callable[[Any], None]]) -> Callable[[Any], Any]:
    def register(function: Callable[[Any], None]) -> Callable[[Any], None]:
        if function not in reactions:
            reactions.append(function)
        return function

    return register


def publish(event: object) -> None:
    """Run every reaction to the event, in the order of registration; then whatever tells of it."""
    for reaction in (*_acting[type(event)], *_telling[type(event)]):
        reaction(event)
