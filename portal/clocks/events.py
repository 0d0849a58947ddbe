"""What happened to clocks; ids only."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Replanned:
    """One clock that is due at another moment than before."""

    subject_kind: str
    subject_id: int
    was_due_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class ClocksReplanned:
    """Business hours changed, so clocks are due at other moments; ``actor_id`` changed them."""

    clocks: tuple[Replanned, ...]
    actor_id: int | None
