"""What happened to seals; ids only."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OpeningAsked:
    """An administrator wants a seal opened."""

    opening_id: int


@dataclass(frozen=True, slots=True)
class OpeningAnswered:
    """A person of trust agreed to open a seal, or refused."""

    opening_id: int
    is_open: bool
