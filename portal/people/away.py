"""Pages about when somebody is away: one's own, and a member's for whoever heads them."""

from zoneinfo import ZoneInfo

from flask import request
from flask.typing import ResponseReturnValue

from portal.actor import Capability
from portal.database import writing
from portal.errors import NotFound
from portal.i18n import format_day
from portal.i18n import gettext as _
from portal.people import absences, queries
from portal.people.blueprint import people, settings, signed_in
from portal.people.forms import AbsenceForm
from portal.people.models import Absence, Person
from portal.people.policies import can_note_absence
from portal.web.access import actor, requires
from portal.web.answers import page, see
from portal.web.rates import Rate


@people.route("/me/absences", methods=["GET", "POST"])
@requires(Capability.READ, audit="person.absence_noted", rate=Rate.CHANGE)
def own_absences() -> ResponseReturnValue:
    """When I am away."""
    return _absences(queries.get_person(signed_in().id))


@people.route("/people/<id:person_id>/absences", methods=["GET", "POST"])
@requires(Capability.READ, audit="person.absence_noted", rate=Rate.CHANGE)
def absences_of(person_id: int) -> ResponseReturnValue:
    """When somebody of mine is away."""
    return _absences(_get_mine(person_id))


@people.post("/people/<id:person_id>/absences/<id:absence_id>/end")
@requires(Capability.READ, audit="person.absence_called_off", rate=Rate.CHANGE)
def end_absence(person_id: int, absence_id: int) -> ResponseReturnValue:
    """Call an absence off; I, or whoever heads me."""
    with writing():
        absences.call_off(actor(), _get_mine(person_id), absence_id)
    return _back_to(person_id, _("Called off."))


def _get_mine(person_id: int) -> Person:
    """A person whose absences the reader may note; raises NotFound for all others."""
    found = queries.get_person(person_id)
    if not can_note_absence(actor(), found):
        raise NotFound(_("There is no such person."))
    return found


def _back_to(person_id: int, toast: str) -> ResponseReturnValue:
    if person_id == signed_in().id:
        return see(".own_absences", toast=toast)
    return see(".absences_of", person_id=person_id, toast=toast)


def _absences(person: Person) -> ResponseReturnValue:
    form = AbsenceForm()
    if form.validate_on_submit():
        with form.catching(), writing():
            absences.note_absence(
                actor(),
                queries.get_person(person.id),
                from_on=form.first,
                until_on=form.last,
                zone=ZoneInfo(person.time_zone or settings().time_zone),
            )
        if not form.errors and not form.form_errors:
            return _back_to(person.id, _("Noted. What waits on them goes to the deputy."))
    return page(
        "people/absences.html",
        status=422 if request.method == "POST" else 200,
        form=form,
        found=person,
        is_me=person.id == signed_in().id,
        absences=absences.list_absences(person.id),
        days_of=_days_of,
    )


def _days_of(absence: Absence) -> str:
    return _(
        "%(first)s to %(last)s",
        first=format_day(absence.from_on, year=True),
        last=format_day(absence.until_on, year=True),
    )
