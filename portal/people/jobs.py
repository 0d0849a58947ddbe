"""What the clockwork does for people: forget sessions, links and failures that are over."""

from datetime import timedelta

from portal.jobs.services import every
from portal.people.sign_in import forget_old


@every(timedelta(hours=1), "people.forget_old")
def forget_hourly() -> None:
    """Keep no more of signing in than it takes."""
    forget_old()
