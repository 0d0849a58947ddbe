"""The clockwork of anonymous words."""

from datetime import timedelta

from portal.anonymous.services import publish_due
from portal.jobs.services import every


@every(timedelta(minutes=5), "publish anonymous words")
def publish() -> None:
    """Publish a batch where its time has come."""
    publish_due()
