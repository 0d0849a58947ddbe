"""How long each kind of clock gives where nobody has set anything else."""

from collections.abc import Mapping
from types import MappingProxyType

from portal.clocks.models import ClockKind

DEFAULT_DAYS: Mapping[ClockKind, int] = MappingProxyType(
    {
        ClockKind.FIRST_REPLY: 3,
        ClockKind.DECIDE: 10,
        ClockKind.ACCEPT_TRANSFER: 2,
        ClockKind.ANSWER: 10,
        ClockKind.COMMIT: 15,
        ClockKind.DELIVER: 60,
        ClockKind.REPORT: 20,
        ClockKind.MEASURE: 130,
        ClockKind.VALIDATE: 10,
        ClockKind.REVIEW: 30,
        ClockKind.TEST: 30,
        ClockKind.VETO: 2,
        ClockKind.APPEAL: 10,
        ClockKind.CONTRIBUTE: 5,
    }
)
"""Business days per kind.  A delivery normally runs until the promised day instead; measuring
ends after 26 weeks."""
