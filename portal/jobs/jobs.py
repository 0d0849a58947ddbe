"""What the outbox does for itself."""

from datetime import timedelta

from portal.jobs.services import every, forget_done


@every(timedelta(days=1), "jobs.forget")
def forget_daily() -> None:
    """Remove what is done and old."""
    forget_done()
