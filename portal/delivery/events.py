"""What happens between a yes and a change that is live; ids only."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CommitmentMade:
    """Somebody was named with a date and a definition of done."""

    idea_id: int
    commitment_id: int


@dataclass(frozen=True, slots=True)
class ProgressAdded:
    """The person who promised said how far it is."""

    idea_id: int
    note_id: int


@dataclass(frozen=True, slots=True)
class DateChanged:
    """A promised date moved."""

    idea_id: int
    change_id: int


@dataclass(frozen=True, slots=True)
class IdeaImplemented:
    """A change is live, with its evidence."""

    idea_id: int
    implementation_id: int


@dataclass(frozen=True, slots=True)
class ChangeConfirmed:
    """Somebody on the front line said whether they see the change."""

    idea_id: int
    implementation_id: int
    person_id: int
