"""Counts for the frame, and what the pages that span slices show."""

from dataclasses import dataclass

from portal.actor import Actor


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits on a person."""

    inbox: int
    unread: int


def count_waiting(actor: Actor) -> Waiting:
    """How many ideas and unread messages wait on the actor."""
    return Waiting(0, 0)
