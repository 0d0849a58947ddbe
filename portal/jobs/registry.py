"""Who does what: the handler of each kind of task, and the jobs of the clockwork."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from portal.columns import JsonObject

Handler = Callable[[JsonObject], None]
RUN_JOB = "schedule.run"
"""The kind of task that runs one job of the clockwork; its payload names it."""


@dataclass(frozen=True, slots=True)
class Job:
    """Something that is done once in every interval, however many workers there are."""

    interval: timedelta
    run: Callable[[], None]


handlers: dict[str, Handler] = {}
schedule: dict[str, Job] = {}


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register the handler of a kind of task."""

    def register(function: Handler) -> Handler:
        handlers[kind] = function
        return function

    return register


def every(interval: timedelta, name: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Register a job of the clockwork, done once in every interval (counted from 1970, UTC)."""

    def register(function: Callable[[], None]) -> Callable[[], None]:
        schedule[name] = Job(interval, function)
        return function

    return register


@handles(RUN_JOB)
def run_job(payload: JsonObject) -> None:
    """Run a job of the clockwork; one that this version no longer knows is left out."""
    job = schedule.get(payload["name"])
    if job is not None:
        job.run()
