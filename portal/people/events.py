"""What happened to people and chairs; ids only."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AbsenceChanged:
    """Somebody will be away, or is back earlier than they said."""

    person_id: int


@dataclass(frozen=True, slots=True)
class ChairsChanged:
    """Head or deputy of a department changed; ``gone`` sat there and does no longer."""

    department_id: int
    gone: frozenset[int]


@dataclass(frozen=True, slots=True)
class PersonLeft:
    """An account was closed."""

    person_id: int
