"""Requests to open a seal, and which ways to hand something in are offered."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from portal.actor import Capability
from portal.authors import opening, services
from portal.authors.forms import ModesForm, ReasonForm
from portal.authors.models import AuthorMode
from portal.authors.policies import can_answer
from portal.authors.queries import get_seal, list_modes
from portal.database import writing
from portal.i18n import gettext as _
from portal.people.queries import list_faces
from portal.web.access import actor, requires
from portal.web.answers import page, see
from portal.web.forms import text_of
from portal.web.rates import Rate

authors = Blueprint("authors", __name__)


@authors.get("/seals")
@requires(Capability.SEE_SEALS)
def seals() -> ResponseReturnValue:
    """Who asked for which seal to be opened, why, and what was answered."""
    rows = opening.list_openings(actor())
    people = [one for row in rows for one in (row.opening.asked_by_id, row.opening.answered_by_id)]
    return page("authors/seals.html", rows=rows, faces=list_faces(people))


@authors.route("/seals/ask/<any(idea, insight):kind>/<id:subject_id>", methods=["GET", "POST"])
@requires(Capability.ADMINISTER, audit="seal.asked", rate=Rate.CHANGE)
def ask(kind: str, subject_id: int) -> ResponseReturnValue:
    """Ask for a seal to be opened."""
    form = ReasonForm()
    if form.validate_on_submit():
        made = None
        with form.catching(), writing():
            made = opening.ask_to_open(actor(), kind, subject_id, reason=text_of(form.reason))
        if made is not None:
            return see(".seal", opening_id=made.id, toast=_("Asked. A person of trust answers."))
    get_seal(kind, subject_id)
    status = 422 if request.method == "POST" else 200
    return page("authors/ask.html", form=form, kind=kind, status=status)


@authors.route("/seals/<id:opening_id>", methods=["GET", "POST"])
@requires(Capability.SEE_SEALS, audit=("seal.opened", "seal.kept"), rate=Rate.DECIDE)
def seal(opening_id: int) -> ResponseReturnValue:
    """One request: the reasons, the answer and, while it is open, the name for the two."""
    form = ReasonForm()
    if form.validate_on_submit():
        agrees = form.answer.data == "agree"
        with form.catching(), writing():
            opening.answer_request(actor(), opening_id, agrees=agrees, reason=text_of(form.reason))
        if not form.errors and not form.form_errors:
            return see(".seal", opening_id=opening_id, toast=_("Answered, and noted."))
    row = opening.get_opening(actor(), opening_id)
    status = 422 if request.method == "POST" else 200
    return page(
        "authors/seal.html",
        row=row,
        form=form,
        status=status,
        name=opening.find_name(actor(), row),
        can_answer=row.opening.answered_at is None and can_answer(actor(), row.opening),
        faces=list_faces([row.opening.asked_by_id, row.opening.answered_by_id]),
    )


@authors.route("/admin/author-modes", methods=["GET", "POST"])
@requires(Capability.ADMINISTER, audit="authors.modes_offered", rate=Rate.CHANGE)
def modes() -> ResponseReturnValue:
    """Which ways to hand something in are offered."""
    form = ModesForm()
    if request.method != "POST":
        form.modes.data = [mode.value for mode in list_modes()]
    elif form.validate():
        with form.catching(), writing():
            services.offer_modes(actor(), {AuthorMode(one) for one in form.modes.data or ()})
        if not form.errors and not form.form_errors:
            return see(".modes", toast=_("Kept."))
    return page("authors/modes.html", form=form, status=422 if form.errors else 200)
