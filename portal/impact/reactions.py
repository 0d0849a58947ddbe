"""A change that went live, and points that came in, are analysed by the worker."""

from portal.delivery.events import IdeaImplemented
from portal.delivery.models import Track
from portal.delivery.queries import get_commitment
from portal.events import reacts_to
from portal.impact.queries import ANALYSE, get_points_version, list_live_implementations
from portal.jobs.services import enqueue
from portal.metrics.events import PointsRecorded


@reacts_to(IdeaImplemented)
def analyse_a_live_change(event: IdeaImplemented) -> None:
    """A change on the measured track is analysed from its first day."""
    if get_commitment(event.idea_id).track is Track.MEASURED:
        _ask(event.implementation_id, "live")


@reacts_to(PointsRecorded)
def analyse_new_points(event: PointsRecorded) -> None:
    """New or corrected points are analysed once for every change that they say something of."""
    version = get_points_version(event.metric_id)
    for implementation_id in list_live_implementations(event.metric_id):
        _ask(implementation_id, f"{event.metric_id}:{version}")


def _ask(implementation_id: int, reason: str) -> None:
    payload = {"implementation_id": implementation_id}
    enqueue(ANALYSE, payload, key=f"{ANALYSE}:{implementation_id}:{reason}")
