"""What happened to where an idea stands."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IdeaRouted:
    """An idea reached the department that owns its reason; ``handler_id`` decides on it."""

    idea_id: int
    department_id: int
    handler_id: int


@dataclass(frozen=True, slots=True)
class IdeaTransferred:
    """An idea was handed to another department, or given back to the one it came from."""

    idea_id: int
    transfer_id: int
    from_department_id: int
    to_department_id: int
    handler_id: int


@dataclass(frozen=True, slots=True)
class IdeaCalledBack:
    """A hand-over was taken back before ``holder_id``, on whom the idea waited, answered it."""

    idea_id: int
    transfer_id: int
    holder_id: int


@dataclass(frozen=True, slots=True)
class IdeaOffered:
    """An idea went to ``to_id``: the desks of ``passed_over`` are full, or nobody sits there now.

    The mark on it says so too.
    """

    idea_id: int
    mark_id: int
    to_id: int
    passed_over: frozenset[int]
