"""Sittings: going through the inbox one idea after another, about five minutes each, unhurried.

A sitting is its person's own; what it counts is shown to nobody else.  Time running out says so
and does nothing.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from portal.actor import Actor
from portal.audit.services import record
from portal.columns import UtcDateTime
from portal.database import session
from portal.errors import RuleBroken
from portal.i18n import gettext as _
from portal.ideas.models import Idea
from portal.ideas.queries import nothing_here
from portal.now import now
from portal.triage.lists import Look, count_inbox_by_view, list_inbox
from portal.triage.models import Sitting, SittingStop
from portal.triage.policies import can_sit

EACH = timedelta(minutes=5)
"""About so long an idea takes."""

LONGEST = timedelta(hours=4)
"""A sitting that was left open for so long is over."""

KEPT = timedelta(days=30)
"""So long a sitting can be looked back at."""

_LAST = (
    select(Sitting)
    .where(
        Sitting.person_id == bindparam("person_id"),
        Sitting.ended_at.is_(None),
    )
    .order_by(Sitting.id.desc())
    .limit(1)
)
_HERE = (
    select(
        Sitting.id,
        Sitting.look,
        Sitting.started_at,
        SittingStop.opened_at,
        Idea.number,
        Idea.title,
        Idea.id.label("idea_id"),
    )
    .join(SittingStop, SittingStop.sitting_id == Sitting.id)
    .join(Idea, Idea.id == SittingStop.idea_id)
    .where(
        Sitting.person_id == bindparam("person_id"),
        Sitting.ended_at.is_(None),
        Sitting.started_at > bindparam("since", type_=UtcDateTime()),
        SittingStop.closed_at.is_(None),
    )
)
_STOPS = select(SittingStop).where(SittingStop.sitting_id == bindparam("sitting_id"))
_SEEN = (
    select(Idea.number)
    .join(SittingStop, SittingStop.idea_id == Idea.id)
    .where(SittingStop.sitting_id == bindparam("sitting_id"))
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody is in their sitting: at this idea, since then."""

    sitting_id: int
    look: Look
    started_at: datetime
    since: datetime
    number: int
    title: str
    idea_id: int

    @property
    def until(self) -> datetime:
        """When its five minutes are over."""
        return self.since + EACH

    @property
    def seconds_left(self) -> int:
        """How much of them is left; nothing once they are over."""
        return max(0, round((self.until - now()).total_seconds()))


@dataclass(frozen=True, slots=True)
class Summary:
    """What a sitting came to; ``steps`` counts what was decided by the word of its step."""

    steps: Mapping[str, int]
    skipped: int
    left: int
    minutes: int

    @property
    def decided(self) -> int:
        """How many ideas were decided."""
        return sum(self.steps.values())


def find_place(actor: Actor) -> Place | None:
    """Where the actor is in a sitting of theirs; None outside of one."""
    values = {"person_id": actor.id, "since": now() - LONGEST}
    row = session().execute(_HERE, values).one_or_none()
    if row is None:
        return None
    look = Look.read(row.look)
    return Place(row.id, look, row.started_at, row.opened_at, row.number, row.title, row.idea_id)


def get_sitting(actor: Actor, sitting_id: int) -> Sitting:
    """One of the actor's own sittings; raises NotFound."""
    found = session().get(Sitting, sitting_id)
    if found is None or not can_sit(actor, found):
        raise nothing_here()
    return found


def summarise(sitting: Sitting) -> Summary:
    """What a sitting came to, or has come to so far."""
    stops = session().scalars(_STOPS, {"sitting_id": sitting.id}).all()
    closed = [stop for stop in stops if stop.closed_at is not None]
    last = max((stop.closed_at for stop in closed if stop.closed_at), default=sitting.started_at)
    end = min(sitting.ended_at or now(), max(last, sitting.started_at) + LONGEST)
    return Summary(
        steps=Counter(stop.step for stop in closed if stop.step),
        skipped=sum(1 for stop in closed if not stop.step),
        left=sitting.left_count or 0,
        minutes=max(1, round((end - sitting.started_at).total_seconds() / 60)),
    )


def start_sitting(actor: Actor, look: Look) -> Place:
    """Begin at the most urgent idea of a look, or go on where the actor is already.

    Raises
    ------
    RuleBroken
        Where the look holds nothing.
    """
    if (place := find_place(actor)) is not None:
        return place
    if (stale := session().scalar(_LAST, {"person_id": actor.id})) is not None:
        _end(actor, stale)
    sitting = Sitting(person_id=actor.id, look=str(look), started_at=now())
    can_sit.require(actor, sitting)
    session().add(sitting)
    session().flush()
    place = _open_next(actor, sitting)
    if place is None:
        raise RuleBroken(_("There is nothing in this view to go through."))
    record(actor, "sitting.started", "sitting", sitting.id)
    return place


def note_step(actor: Actor, idea: Idea, step: str) -> int | None:
    """Note that the idea the actor is at was decided, and go on; the sitting's key, if it was."""
    place = find_place(actor)
    if place is None or place.idea_id != idea.id:
        return None
    _leave(actor, place, step)
    return place.sitting_id


def skip(actor: Actor, number: int) -> None:
    """Leave an idea for later and go on; one that the actor is not at (any more) is left alone."""
    place = find_place(actor)
    if place is not None and place.number == number:
        _leave(actor, place, None)
        record(actor, "sitting.skipped", "sitting", place.sitting_id, number=number)


def end_sitting(actor: Actor, sitting: Sitting) -> None:
    """Stop here; the idea that is open counts as not reached.  Ending twice is fine."""
    can_sit.require(actor, sitting)
    if sitting.ended_at is None:
        _end(actor, sitting)


def forget_step(actor: Actor, idea: Idea) -> None:
    """Count an idea as left for later, because its decision was undone."""
    own = select(Sitting.id).where(Sitting.person_id == actor.id)
    session().execute(
        update(SittingStop)
        .where(SittingStop.idea_id == idea.id, SittingStop.sitting_id.in_(own))
        .values(step=None)
        .execution_options(synchronize_session=False)
    )


def forget_old() -> None:
    """Remove the sittings that nobody looks back at any more."""
    session().execute(delete(Sitting).where(Sitting.started_at < now() - KEPT))


def _leave(actor: Actor, place: Place, step: str | None) -> None:
    """Close the idea that is open, and open the next one or end."""
    sitting = session().get_one(Sitting, place.sitting_id)
    for stop in session().scalars(_STOPS, {"sitting_id": sitting.id}):
        if stop.idea_id == place.idea_id:
            stop.closed_at, stop.step = now(), step
    session().flush()
    if _open_next(actor, sitting) is None:
        _end(actor, sitting)


def _open_next(actor: Actor, sitting: Sitting) -> Place | None:
    """Open the most urgent idea of the look that was not open yet; None where there is none."""
    seen = set(session().scalars(_SEEN, {"sitting_id": sitting.id}))
    rows = list_inbox(actor, Look.read(sitting.look))
    number = next((row.number for row in rows if row.number not in seen), None)
    if number is None:
        return None
    idea_id = session().scalars(select(Idea.id).where(Idea.number == number)).one()
    session().add(SittingStop(sitting_id=sitting.id, idea_id=idea_id, opened_at=now()))
    session().flush()
    return find_place(actor)


def _end(actor: Actor, sitting: Sitting) -> None:
    """Close a sitting and count what it did not reach."""
    stops: list[Any] = list(session().scalars(_STOPS, {"sitting_id": sitting.id}))
    skipped = sum(1 for stop in stops if stop.closed_at is not None and stop.step is None)
    for stop in stops:
        if stop.closed_at is None:
            session().delete(stop)
    held = count_inbox_by_view(actor).of(Look.read(sitting.look))
    sitting.ended_at, sitting.left_count = now(), max(0, held - skipped)
    session().flush()
    record(actor, "sitting.ended", "sitting", sitting.id)
