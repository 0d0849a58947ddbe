"""What happened to ideas; ids only."""

from dataclasses import dataclass

from portal.ideas.lifecycle import Move, State


@dataclass(frozen=True, slots=True)
class IdeaSubmitted:
    """An idea was handed in and waits to be routed."""

    idea_id: int


@dataclass(frozen=True, slots=True)
class IdeaMoving:
    """An idea is about to take a step; what waits to be told of it is told before."""

    idea_id: int


@dataclass(frozen=True, slots=True)
class IdeaMoved:
    """An idea took a step in its life, ``move_id``; ``actor_id`` is None for the clockwork."""

    idea_id: int
    move_id: int
    move: Move
    from_state: State
    to_state: State
    actor_id: int | None


@dataclass(frozen=True, slots=True)
class IdeaSupported:
    """Somebody meets the same, for the first time they said so."""

    idea_id: int
    support_id: int
    person_id: int


@dataclass(frozen=True, slots=True)
class CommentAdded:
    """Somebody said something about an idea."""

    idea_id: int
    comment_id: int
    person_id: int
