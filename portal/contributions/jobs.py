"""What the clockwork does for tasks."""

from datetime import timedelta

from portal.columns import JsonObject
from portal.contributions import keeping
from portal.jobs.services import every, handles


@handles(keeping.KEEP)
def keep_now(_payload: JsonObject) -> None:
    """Settle who owes what, right after an absence or a change of chairs."""
    keeping.keep_parts()


@every(timedelta(minutes=15), "contributions.keep_again")
def keep() -> None:
    """Let what waits on people who are away wait on others, and back."""
    keeping.keep_parts()


@every(timedelta(minutes=15), "contributions.sweep")
def sweep() -> None:
    """Tell whoever has to hear that a task stands open for too long."""
    keeping.sweep_parts()
