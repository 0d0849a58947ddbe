"""What happens on the way from a change to a signature; ids only."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AnalysisReady:
    """There is enough to judge; the idea waits on its validator (``handler_id``)."""

    idea_id: int
    analysis_id: int


@dataclass(frozen=True, slots=True)
class BenefitClaimed:
    """The department says what a change is worth."""

    idea_id: int
    line_id: int


@dataclass(frozen=True, slots=True)
class IdeaValidated:
    """A validator signed that it worked, in full or in part."""

    idea_id: int
    validation_id: int


@dataclass(frozen=True, slots=True)
class IdeaFoundNotProven:
    """No effect could be shown; ``validation_id`` is None where the measuring just ended."""

    idea_id: int
    validation_id: int | None


@dataclass(frozen=True, slots=True)
class IdeaFoundHarmful:
    """A validator signed that it made things worse."""

    idea_id: int
    validation_id: int


@dataclass(frozen=True, slots=True)
class ValidationReturned:
    """A validator gave the case back with a reason; it waits on whoever promised it."""

    idea_id: int
    validation_id: int
