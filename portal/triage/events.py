"""What was decided."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IdeaDecided:
    """Somebody signed a decision; ``kind`` is a value of ``DecisionKind``."""

    idea_id: int
    decision_id: int
    kind: str
