"""What was decided."""

from dataclasses import dataclass

from portal.clocks.ladder import Rung
from portal.ideas.models import MarkKind


@dataclass(frozen=True, slots=True)
class IdeaDecided:
    """Somebody signed a decision; ``kind`` is a value of ``DecisionKind``."""

    idea_id: int
    decision_id: int
    kind: str


@dataclass(frozen=True, slots=True)
class Climbed:
    """A clock reached a rung: ``holder_id`` owes, ``told_id`` is the one further up who hears.

    ``told_id`` is None for a nudge, and where nobody is further up.
    """

    idea_id: int
    clock_id: int
    rung: Rung
    department_id: int
    holder_id: int
    told_id: int | None
    author_ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class ClocksClimbed:
    """Clocks that stood open for so long that somebody has to hear of it."""

    steps: tuple[Climbed, ...]


@dataclass(frozen=True, slots=True)
class IdeaRaised:
    """An author asked ``told_id`` to step in, above ``holder_id`` whom the idea waits on."""

    idea_id: int
    mark_id: int
    holder_id: int
    told_id: int


@dataclass(frozen=True, slots=True)
class OverdueCounted:
    """How many ideas of each department are over their time, for ``told_id``.

    ``counts`` are pairs of department and how many are over; ``twice`` of all have taken twice
    their time.  ``week`` names the week, such as ``2026-W47``.
    """

    told_id: int
    week: str
    counts: tuple[tuple[int, int], ...]
    twice: int


@dataclass(frozen=True, slots=True)
class Handed:
    """An idea waits on ``to_id`` in place of ``from_id``; the mark on it says why."""

    idea_id: int
    mark_id: int
    kind: MarkKind
    from_id: int
    to_id: int


@dataclass(frozen=True, slots=True)
class HandsChanged:
    """Ideas went to whoever stands in, came back from there, or passed to a successor."""

    handed: tuple[Handed, ...]


@dataclass(frozen=True, slots=True)
class IdeaJoined:
    """An idea was joined to another; the people of the other one hear of it."""

    merge_id: int


@dataclass(frozen=True, slots=True)
class IdeaParted:
    """An idea that was joined to another stands on its own again."""

    merge_id: int


@dataclass(frozen=True, slots=True)
class NoteWritten:
    """Somebody wrote a private note on an idea that names these people."""

    idea_id: int
    note_id: int
    writer_id: int
    named_ids: frozenset[int]
