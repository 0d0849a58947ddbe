"""Tasks wait on somebody who is there, and whoever has to hear that they are late does.

Both are settled by the clockwork, a task in its own unit each, so that nobody holds many rows.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import bindparam, select

from portal.clocks.ladder import Rung, climb
from portal.clocks.models import Clock
from portal.clocks.queries import get_calendar
from portal.clocks.services import pass_on
from portal.columns import UtcDateTime
from portal.contributions.events import PartAsked, PartLate
from portal.contributions.models import Contribution
from portal.contributions.queries import CLOCK_OF, SUBJECT
from portal.database import lock_row, reading, session, writing
from portal.events import publish
from portal.now import now
from portal.people.absences import map_away
from portal.routing.chairs import Chairs, load_chairs
from portal.routing.queries import list_author_ids

KEEP = "contributions.keep"
"""The task that lets what waits on an empty chair wait on whoever is there."""

_OPEN = select(Contribution, Clock.accountable_id).join(Clock, CLOCK_OF).order_by(Contribution.id)
_ONE = (
    select(Contribution, Clock)
    .join(Clock, CLOCK_OF)
    .where(Contribution.id == bindparam("contribution_id"))
)
_DUE = (
    select(Contribution.id)
    .join(Clock, CLOCK_OF)
    .where(Clock.next_at <= bindparam("moment", type_=UtcDateTime()))
    .order_by(Clock.next_at, Contribution.id)
)


def keep_parts() -> int:
    """Let every open task wait on whoever answers for its department now; how many moved.

    The head while they are there, else the deputy, else those above; and back again.
    """
    with reading() as reader:
        chairs, away = load_chairs(), map_away()
        moving = [
            contribution.id
            for contribution, holder_id in reader.execute(_OPEN)
            if _find_holder(contribution, chairs, away) not in {None, holder_id}
        ]
    return sum(map(_keep, moving))


def _find_holder(contribution: Contribution, chairs: Chairs, away: Collection[int]) -> int | None:
    authors = list_author_ids(contribution.idea_id)
    return chairs.find_present(contribution.department_id, authors, away)


def _keep(contribution_id: int) -> bool:
    with writing():
        found = _lock(contribution_id)
        if found is None:
            return False
        contribution, clock = found
        from_id = clock.accountable_id
        to_id = _find_holder(contribution, load_chairs(), map_away())
        if to_id in {None, from_id}:
            return False
        assert to_id is not None
        pass_on(SUBJECT, contribution.id, from_id, to_id)
        publish(PartAsked(contribution.id, to_id, from_id))
    return True


def _lock(contribution_id: int) -> tuple[Contribution, Clock] | None:
    row = session().execute(lock_row(_ONE), {"contribution_id": contribution_id}).one_or_none()
    return None if row is None else (row[0], row[1])


def sweep_parts() -> int:
    """Tell everybody who has to hear of a task by now; how many clocks climbed.

    A rung is told in the unit that notes it, so each is told once however often this runs.
    """
    with reading() as reader:
        due: Sequence[int] = reader.scalars(_DUE, {"moment": now()}).all()
    return sum(map(_climb, due))


def _climb(contribution_id: int) -> bool:
    with writing():
        found = _lock(contribution_id)
        if found is None:
            return False
        contribution, clock = found
        rungs = climb(clock, get_calendar(clock.department_id), now())
        session().flush()
        for rung in rungs:
            told_id = _find_told(rung, contribution)
            publish(PartLate(contribution.id, clock.id, rung, clock.accountable_id, told_id))
    return bool(rungs)


def _find_told(rung: Rung, contribution: Contribution) -> int | None:
    if rung is Rung.NUDGED:
        return None
    chairs, authors = load_chairs(), list_author_ids(contribution.idea_id)
    if rung is Rung.HEAD:
        return chairs.find_present(contribution.department_id, authors, map_away())
    return chairs.find_superior(contribution.department_id, authors)
