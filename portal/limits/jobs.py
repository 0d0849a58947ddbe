"""Forgetting what people did more than an hour ago."""

from datetime import timedelta

from portal.jobs.services import every
from portal.limits.services import forget_counts


@every(timedelta(hours=1), "limits.forget")
def forget_hourly() -> None:
    """Keep no count longer than it takes."""
    forget_counts()
