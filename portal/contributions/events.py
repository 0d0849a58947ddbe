"""What happened to the tasks of other departments; ids only."""

from dataclasses import dataclass

from portal.clocks.ladder import Rung


@dataclass(frozen=True, slots=True)
class PartAsked:
    """A task waits on ``holder_id``: it was asked for, or passed to whoever is there.

    ``from_id`` is whom it waited on before, None for a new one.
    """

    contribution_id: int
    holder_id: int
    from_id: int | None = None


@dataclass(frozen=True, slots=True)
class PartSettled:
    """A task was done, given back or withdrawn; ``holder_id`` owed it until then."""

    contribution_id: int
    holder_id: int | None


@dataclass(frozen=True, slots=True)
class PartLate:
    """The clock of a task reached a rung; ``told_id`` is the one further up who hears."""

    contribution_id: int
    clock_id: int
    rung: Rung
    holder_id: int
    told_id: int | None
