"""The worker's part: analysing changes, and ending what was measured for long enough."""

from datetime import timedelta

from portal.columns import JsonObject
from portal.database import reading, writing
from portal.delivery.models import Implementation
from portal.impact.analyses import Analysed, end_measuring, keep_analyses, list_unread
from portal.impact.queries import ANALYSE, list_measured_out
from portal.impact.readings import MEASURED_WEEKS, Reading
from portal.jobs.services import every, handles
from portal.metrics.baselines import WEEK
from portal.now import today


@handles(ANALYSE)
def analyse_change(payload: JsonObject) -> None:
    """Analyse what is new about a change, outside any unit, then keep it in a short one.

    Safe to repeat: points that were analysed are not analysed again.
    """
    implementation_id = int(payload["implementation_id"])
    with reading() as reader:
        change = reader.get_one(Implementation, implementation_id)
        unread = list_unread(implementation_id)
    analysed = [_analyse(one) for one in unread]
    with writing():
        keep_analyses(implementation_id, change.idea_id, analysed)


def _analyse(one: Reading) -> Analysed:
    from portal.impact.analysis import analyse  # numpy stays out of the web process

    analysis = analyse(
        one.series,
        one.go_live_on,
        better=one.better.value,
        frozen=one.frozen,
        things=one.things,
    )
    return Analysed(one, analysis.as_dict())


@every(timedelta(days=1), "impact.end_measuring")
def end_what_was_measured() -> None:
    """End the measuring of every change that has had its 26 weeks."""
    with reading():
        idea_ids = list_measured_out(today() - MEASURED_WEEKS * WEEK)
    for idea_id in idea_ids:
        with writing():
            end_measuring(idea_id)
