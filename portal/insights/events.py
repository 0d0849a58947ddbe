"""What happened to insights."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class InsightsAdded:
    """Insights came in: ``count`` of them, with the numbers from ``first`` on."""

    first: int
    count: int
