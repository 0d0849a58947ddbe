"""How full a reviewer's desk is: hours a week from what is counted, against the hours they set.

What is counted are ideas that came to somebody to be decided in the last four weeks.  How long one
takes is not watched: at 24 minutes each, the fifteen undecided ideas of a full desk, with two weeks
to decide them in, fill just the three hours a week that are everybody's until they say otherwise.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, func, select

from portal.actor import Actor
from portal.audit.services import record
from portal.clocks.models import Clock
from portal.columns import UtcDateTime
from portal.database import session
from portal.errors import RuleBroken
from portal.i18n import format_number
from portal.i18n import gettext as _
from portal.ideas.services import SUBJECT
from portal.now import now
from portal.routing.room import DECIDING, MOST_UNDECIDED
from portal.triage.models import ReviewHours
from portal.triage.policies import can_set_hours

WEEKS = 4
"""Over how many weeks it is counted what came."""

MINUTES_EACH = 24
"""How long an idea takes, from reading it to signing; see above."""

HOURS = 3
"""How many hours a week somebody has who has not said so."""

MOST_HOURS = 40


@dataclass(frozen=True, slots=True)
class Load:
    """What came in the last weeks, what of all is undecided, and the hours a week there are."""

    arrived: int
    undecided: int
    hours: int
    most: int = MOST_UNDECIDED

    @property
    def needed(self) -> float:
        """Hours a week, to one place, for as many ideas as came."""
        return round(self.arrived / WEEKS * MINUTES_EACH / 60, 1)

    @property
    def is_over(self) -> bool:
        """Whether more comes than there are hours for."""
        return self.needed > self.hours

    @property
    def is_full(self) -> bool:
        """Whether the next idea goes to somebody else."""
        return self.undecided >= self.most


def _count(*conditions: Any) -> Any:
    return (
        select(func.count(Clock.id))
        .where(
            Clock.accountable_id == bindparam("reader_id"),
            Clock.kind.in_(DECIDING),
            *conditions,
        )
        .scalar_subquery()
    )


_LOAD = select(
    _count(Clock.started_at > bindparam("since", type_=UtcDateTime())),
    _count(Clock.subject_kind == SUBJECT, Clock.stopped_at.is_(None)),
    select(ReviewHours.hours)
    .where(ReviewHours.person_id == bindparam("reader_id"))
    .scalar_subquery(),
)


def get_load(actor: Actor) -> Load:
    """The actor's own load, in one statement; nobody reads another's."""
    values = {"reader_id": actor.id, "since": now() - timedelta(weeks=WEEKS)}
    arrived, undecided, hours = session().execute(_LOAD, values).one()
    return Load(arrived, undecided, HOURS if hours is None else hours)


def say_load(load: Load) -> str:
    """The load in a few words."""
    needed = format_number(load.needed, 1)
    return _("%(needed)s of your %(hours)s hours a week", needed=needed, hours=load.hours)


def set_hours(actor: Actor, hours: int) -> None:
    """Say how many hours a week one has for deciding.

    Raises
    ------
    NotAllowed
        For whoever decides nowhere.
    RuleBroken
        On ``hours``.
    """
    can_set_hours.require(actor)
    if not 1 <= hours <= MOST_HOURS:
        raise RuleBroken(_("From 1 to %(most)s hours.", most=MOST_HOURS), field="hours")
    kept = session().get(ReviewHours, actor.id)
    if kept is None:
        kept = ReviewHours(person_id=actor.id)
        session().add(kept)
    kept.hours, kept.set_at = hours, now()
    session().flush()
    record(actor, "review.hours_set", "person", actor.id or 0, hours=hours)
