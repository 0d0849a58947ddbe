"""The worker's part: learning where items belong, and routing what came by the thousand."""

import logging
from datetime import timedelta

from portal.columns import JsonObject
from portal.database import reading, writing
from portal.jobs.services import every, handles
from portal.routing.learning import (
    LEARN,
    Lessons,
    gather_lessons,
    is_due,
    keep_router,
    knows_already,
)
from portal.routing.measuring import figures, thresholds
from portal.routing.router import DEFAULT_PERCENT
from portal.routing.spreading import ROUTE_INSIGHTS, choose_for_insights, give_insights

FEWEST_MEASURED = 20
"""With fewer examples nothing can be measured that means anything."""

CHUNK = 200
"""Insights that are routed in one unit."""

_log = logging.getLogger(__name__)


@handles(LEARN)
def learn_anew(_payload: JsonObject) -> None:
    """Learn from all there is, outside any unit; nothing happens where nothing is new."""
    with reading():
        lessons = gather_lessons()
        is_known = len(lessons.names) < 2 or knows_already(lessons)
    if not is_known:
        learn_from(lessons)


@handles(ROUTE_INSIGHTS)
def route_what_came(payload: JsonObject) -> None:
    """Route imported insights that no reason gave to anybody, a short unit at a time.

    Safe to repeat: what has found a desk is passed over.
    """
    after, last = int(payload["first"]) - 1, int(payload["first"]) + int(payload["count"]) - 1
    while True:
        with reading():
            chosen = choose_for_insights(after, last, limit=CHUNK)
        if not chosen:
            return
        with writing():
            give_insights(chosen)
        after = max(number for number, _desk in chosen)


@every(timedelta(hours=1), "routing.learn")
def learn_when_due() -> None:
    """Learn from what was settled since yesterday, and within the hour from a correction."""
    with reading():
        due = is_due()
    if due:
        learn_anew({})


def learn_from(lessons: Lessons) -> None:
    """Learn, measure on what was not seen, and put the new router in its place."""
    from portal.routing.training import learn  # numpy stays out of the web process

    learned = learn(lessons.texts, lessons.labels, names=lessons.names, weights=lessons.weights)
    measured: JsonObject = {}
    if len(lessons.texts) >= FEWEST_MEASURED:
        measured = figures(learned.answers, DEFAULT_PERCENT)
        measured["thresholds"] = thresholds(learned.answers)
    stored = learned.arrays.to_bytes()
    with writing():
        keep_router(
            stored,
            example_count=len(lessons.texts),
            material=lessons.digest(),
            figures=measured,
        )
    _log.info("router learned", extra={"examples": len(lessons.texts)})
