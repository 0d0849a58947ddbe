"""What happened, told upward: lower slices publish, higher slices react.

Events are frozen dataclasses of ids.  Reactions run at once, in the same transaction;
anything slow or outside goes to the outbox (see ``portal.jobs``).  What acts comes before what
tells people of it, whichever module was imported first; the telling can be kept for later.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

E = TypeVar("E")

_acting: dict[type[Any], list[Callable[[Any], None]]] = defaultdict(list)
_telling: dict[type[Any], list[Callable[[Any], None]]] = defaultdict(list)
_untold: ContextVar[frozenset[type[Any]]] = ContextVar("events_not_told_of", default=frozenset())


def reacts_to(event_type: type[E]) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Register a function to run whenever an event of this type is published."""
    return _registering(_acting[event_type])


def tells_of(event_type: type[E]) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Register a function that tells people of it, as it stands when all others have reacted.

    To pay somebody for it is to tell them too.
    """
    return _registering(_telling[event_type])


def _registering(reactions: list[Callable[[Any], None]]) -> Callable[[Any], Any]:
    def register(function: Callable[[Any], None]) -> Callable[[Any], None]:
        if function not in reactions:
            reactions.append(function)
        return function

    return register


def publish(event: object) -> None:
    """Run every reaction to the event, in the order of registration; then whatever tells of it."""
    for reaction in _acting[type(event)]:
        reaction(event)
    if type(event) not in _untold.get():
        tell(event)


def tell(event: object) -> None:
    """Tell people of an event that was published while nobody was told."""
    for reaction in _telling[type(event)]:
        reaction(event)


@contextmanager
def untold(*event_types: type[Any]) -> Iterator[None]:
    """Let events of these types act at once and tell nobody; whoever asks for it tells later."""
    token = _untold.set(_untold.get() | frozenset(event_types))
    try:
        yield
    finally:
        _untold.reset(token)
