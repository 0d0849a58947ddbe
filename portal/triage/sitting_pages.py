"""The pages of a sitting: beginning, going on, leaving for later, ending, and what it came to."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.actor import Capability
from portal.database import writing
from portal.errors import NotFound
from portal.i18n import gettext as _
from portal.triage import sittings
from portal.triage.blueprint import chosen_view, triage
from portal.triage.labels import step_label
from portal.triage.queries import get_triage_idea
from portal.web.access import actor, requires
from portal.web.answers import page, see
from portal.web.rates import Rate


@triage.route("/triage/sitting", methods=["GET", "POST"])
@requires(Capability.TRIAGE, audit="sitting.started", rate=Rate.DECIDE)
def sitting() -> ResponseReturnValue:
    """Begin a sitting, or go on where one is; nothing is taken away from whoever is late."""
    if request.method == "POST":
        with writing():
            place = sittings.start_sitting(actor(), chosen_view())
        return see("triage.item", number=place.number, view=place.look)
    place_or_none = sittings.find_place(actor())
    if place_or_none is None:
        return page("triage/sitting.html", place=None, view=chosen_view())
    try:
        get_triage_idea(actor(), place_or_none.number)
    except NotFound:
        return page("triage/sitting.html", place=place_or_none, view=place_or_none.look)
    to = url_for("triage.item", number=place_or_none.number, view=place_or_none.look)
    return redirect(to, code=303)


@triage.post("/triage/sitting/next")
@requires(Capability.TRIAGE, audit="sitting.skipped", rate=Rate.DECIDE)
def skip() -> ResponseReturnValue:
    """Leave the idea that is open for later; sent twice, the second does nothing."""
    typed = request.form.get("idea", "")
    with writing():
        place = sittings.find_place(actor())
        if typed.isdecimal() and len(typed) < 10:
            sittings.skip(actor(), int(typed))
    return go_on(place.sitting_id if place else None)


@triage.post("/triage/sitting/<id:sitting_id>/end")
@requires(Capability.TRIAGE, audit="sitting.ended", rate=Rate.DECIDE)
def end(sitting_id: int) -> ResponseReturnValue:
    """Stop here."""
    with writing():
        sittings.end_sitting(actor(), sittings.get_sitting(actor(), sitting_id))
    return see("triage.sitting_summary", sitting_id=sitting_id)


@triage.get("/triage/sitting/<id:sitting_id>")
@requires(Capability.TRIAGE)
def sitting_summary(sitting_id: int) -> ResponseReturnValue:
    """What a sitting came to, for its own person alone."""
    own = sittings.get_sitting(actor(), sitting_id)
    return page(
        "triage/sitting_summary.html",
        sitting=own,
        summary=sittings.summarise(own),
        step_label=step_label,
    )


def go_on(
    sitting_id: int | None, *, toast: str | None = None, undo: str | None = None
) -> ResponseReturnValue:
    """Lead to the idea that is open now, else to what the sitting came to."""
    place = sittings.find_place(actor())
    if place is not None:
        return see("triage.item", number=place.number, view=place.look, toast=toast, undo=undo)
    if sitting_id is None:
        return see("triage.sitting", toast=_("This sitting has ended."))
    return see("triage.sitting_summary", sitting_id=sitting_id, toast=toast, undo=undo)
