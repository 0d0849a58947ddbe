"""What happens to metrics."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PointsRecorded:
    """New or corrected points stand in a metric."""

    metric_id: int
