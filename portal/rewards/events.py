"""What happens with points and orders."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PointsAwarded:
    """Points arrived for a person; ``is_provisional`` until the idea goes live."""

    posting_id: int
    person_id: int
    rule: str
    amount: int
    is_provisional: bool


@dataclass(frozen=True, slots=True)
class RedemptionRequested:
    """Somebody ordered a reward."""

    redemption_id: int


@dataclass(frozen=True, slots=True)
class RedemptionMoved:
    """An order was approved, handed over, received or refunded; ``state`` is the new one."""

    redemption_id: int
    state: str
    actor_id: int | None
