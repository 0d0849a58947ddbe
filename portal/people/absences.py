"""When people are away: days that they, their head or an administrator note, and call off."""

from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select

from portal.actor import Actor
from portal.audit.services import record
from portal.columns import UtcDateTime
from portal.database import session
from portal.errors import Conflict, NotFound, RuleBroken
from portal.events import publish
from portal.i18n import format_day
from portal.i18n import gettext as _
from portal.now import midnight, now, today
from portal.people.events import AbsenceChanged
from portal.people.models import Absence, Person
from portal.people.policies import can_note_absence

LONGEST = timedelta(days=730)
_DAY = timedelta(days=1)

_TO_COME = (
    select(Absence)
    .where(
        Absence.person_id == bindparam("person_id"),
        Absence.called_off_at.is_(None),
        Absence.ends_at > bindparam("moment", type_=UtcDateTime()),
    )
    .order_by(Absence.begins_at)
)
_AWAY = select(Absence.person_id, Absence.until_on).where(
    Absence.called_off_at.is_(None),
    Absence.begins_at <= bindparam("moment", type_=UtcDateTime()),
    Absence.ends_at > bindparam("moment", type_=UtcDateTime()),
)
_OF_PERSON = select(Absence.from_on, Absence.until_on).where(
    Absence.person_id == bindparam("person_id"), Absence.called_off_at.is_(None)
)


def list_absences(person_id: int) -> Sequence[Absence]:
    """When somebody is away, from now on."""
    return session().scalars(_TO_COME, {"person_id": person_id, "moment": now()}).all()


def map_away() -> dict[int, date]:
    """Everybody who is away now, with the last day of it."""
    return {row.person_id: row.until_on for row in session().execute(_AWAY, {"moment": now()})}


def list_days_away(person_id: int) -> frozenset[date]:
    """Every day on which somebody was, is or will be away."""
    return frozenset(
        row.from_on + number * _DAY
        for row in session().execute(_OF_PERSON, {"person_id": person_id})
        for number in range((row.until_on - row.from_on).days + 1)
    )


def note_absence(
    actor: Actor, person: Person, *, from_on: date, until_on: date, zone: ZoneInfo
) -> Absence:
    """Note that somebody is away, from a day to a day; ``zone`` is where their days begin.

    The same days sent twice are one absence.

    Raises
    ------
    NotAllowed
        For anybody but the person, whoever heads their department, and administrators.
    RuleBroken
        On the field at fault: days that are over, turned round, too many, or noted already.
    """
    can_note_absence.require(actor, person)
    if until_on < from_on:
        raise RuleBroken(_("It ends before it begins."), field="until_on")
    if until_on < today(zone):
        raise RuleBroken(_("These days are over."), field="until_on")
    if until_on - from_on > LONGEST:
        raise RuleBroken(_("Two years are the most."), field="until_on")
    begins, ends = midnight(from_on, zone), midnight(until_on + _DAY, zone)
    for known in list_absences(person.id):
        if (known.from_on, known.until_on) == (from_on, until_on):
            return known
        if known.begins_at < ends and begins < known.ends_at:
            raise RuleBroken(
                _(
                    "Some of these days are noted already: %(first)s to %(last)s.",
                    first=format_day(known.from_on, year=True),
                    last=format_day(known.until_on, year=True),
                ),
                field="from_on",
            )
    absence = Absence(
        person_id=person.id,
        from_on=from_on,
        until_on=until_on,
        begins_at=begins,
        ends_at=ends,
        noted_by_id=actor.id,
        noted_at=now(),
    )
    session().add(absence)
    session().flush()
    record(actor, "person.absence_noted", "person", person.id, absence_id=absence.id)
    publish(AbsenceChanged(person.id))
    return absence


def call_off(actor: Actor, person: Person, absence_id: int) -> None:
    """Say that somebody is not away after all, or is back already.

    Raises
    ------
    NotFound
        If it is nobody's absence or another's.
    Conflict
        If it is over, or was called off before.
    """
    can_note_absence.require(actor, person)
    absence = session().get(Absence, absence_id)
    if absence is None or absence.person_id != person.id:
        raise NotFound(_("There is no such person."))
    if absence.called_off_at is not None or absence.ends_at <= now():
        raise Conflict(_("This absence is over already."))
    absence.called_off_at = now()
    session().flush()
    record(actor, "person.absence_called_off", "person", person.id, absence_id=absence.id)
    publish(AbsenceChanged(person.id))
