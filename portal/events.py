"""What happened, told upward: lower slices publish, higher slices react.

Events are frozen dataclasses of ids.  Reactions run at once, in the same transaction;
anything slow or outside goes to the outbox (see ``portal.jobs``).
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

E = TypeVar("E")

_reactions: dict[type[Any], list[Callable[[Any], None]]] = defaultdict(list)


def reacts_to(event_type: type[E]) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Register a function to run whenever an event of this type is published."""

    def register(function: Callable[[E], None]) -> Callable[[E], None]:
        if function not in _reactions[event_type]:
            _reactions[event_type].append(function)
        return function

    return register


def publish(event: object) -> None:
    """Run every reaction to the event, in the order of registration."""
    for reaction in _reactions[type(event)]:
        reaction(event)
