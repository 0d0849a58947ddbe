"""Who acts, and what they may do where: what services are given instead of a web user."""

from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class Capability(StrEnum):
    """Something a person may do; a role is a set of these."""

    READ = "read"
    """See the pages every colleague sees."""
    SUBMIT = "submit"
    """Hand in ideas and insights, support, comment."""
    TRIAGE = "triage"
    """Decide what happens to a department's ideas."""
    DELIVER = "deliver"
    """Commit to, start and report changes of a department."""
    MEASURE = "measure"
    """Define metrics and record their points."""
    VALIDATE = "validate"
    """Check the evidence for a benefit and sign it."""
    LEAD = "lead"
    """Read the boards meant for leadership."""
    FULFIL = "fulfil"
    """Approve and hand over rewards."""
    ADMINISTER = "administer"
    """Manage people, departments, reasons and settings."""
    SEE_SEALS = "see_seals"
    """Read who asked for which seal to be opened, and why."""
    GUARD_SEALS = "guard_seals"
    """Agree, for the staff, that the seal on a confidential author is opened."""


class Role(StrEnum):
    """A named set of capabilities, given to a person for a department and all below it."""

    AGENT = "agent"
    HANDLER = "handler"
    HEAD = "head"
    DEPUTY = "deputy"
    VALIDATOR = "validator"
    LEADER = "leader"
    ADMINISTRATOR = "administrator"
    PERSON_OF_TRUST = "person_of_trust"


_EVERYONE = frozenset({Capability.READ, Capability.SUBMIT})
_DEPARTMENT = frozenset({Capability.TRIAGE, Capability.DELIVER, Capability.MEASURE})

ROLE_CAPABILITIES = MappingProxyType(
    {
        Role.AGENT: _EVERYONE,
        Role.HANDLER: _EVERYONE | {Capability.DELIVER, Capability.MEASURE},
        Role.HEAD: _EVERYONE | _DEPARTMENT | {Capability.LEAD},
        Role.DEPUTY: _EVERYONE | _DEPARTMENT | {Capability.LEAD},
        Role.VALIDATOR: _EVERYONE | {Capability.VALIDATE, Capability.MEASURE},
        Role.LEADER: _EVERYONE | {Capability.LEAD},
        Role.ADMINISTRATOR: _EVERYONE
        | {
            Capability.ADMINISTER,
            Capability.FULFIL,
            Capability.MEASURE,
            Capability.LEAD,
            Capability.SEE_SEALS,
        },
        Role.PERSON_OF_TRUST: _EVERYONE | {Capability.GUARD_SEALS, Capability.SEE_SEALS},
    }
)
"""What each role may do.  Capabilities outside READ and SUBMIT hold in the role's scope."""

UNSCOPED = frozenset({Capability.READ, Capability.SUBMIT})


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, or the program itself (``id`` is None), with scoped capabilities.

    ``everywhere`` holds the capabilities that apply to every department; ``within`` maps
    the others to the ids of the departments where they apply (a role's scope and below).
    ``is_hidden`` marks an author without a name: what they do is noted without actor or hour.
    """

    id: int | None
    name: str
    home_department_id: int | None = None
    everywhere: frozenset[Capability] = frozenset()
    within: MappingProxyType[Capability, frozenset[int]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    is_hidden: bool = False

    def can(self, capability: Capability, department_id: int | None = None) -> bool:
        """Whether the capability is held in the department; without one, anywhere at all."""
        if capability in self.everywhere:
            return True
        scope = self.within.get(capability)
        if not scope:
            return False
        return department_id is None or department_id in scope

    def departments(self, capability: Capability) -> frozenset[int] | None:
        """Ids of the departments where the capability holds; None means all of them."""
        if capability in self.everywhere:
            return None
        return self.within.get(capability, frozenset())

    @property
    def is_program(self) -> bool:
        """Whether the clockwork acts rather than a person."""
        return self.id is None


PROGRAM = Actor(id=None, name="The program", everywhere=frozenset(Capability))
"""The clockwork: routing, reminders, analyses and imports act as this."""
