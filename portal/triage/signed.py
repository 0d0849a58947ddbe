"""What the reader has just signed, and taking it back within its minute."""

from flask.typing import ResponseReturnValue

from portal.actor import Capability
from portal.database import writing
from portal.i18n import gettext as _
from portal.ideas.queries import get_visible_idea
from portal.routing import services
from portal.routing.queries import get_own_transfer, list_handed_on
from portal.triage import held, queries, sittings, undoing
from portal.triage.blueprint import chosen_view, triage
from portal.triage.labels import decision_label
from portal.web.access import actor, requires
from portal.web.answers import page, see
from portal.web.rates import Rate


@triage.get("/triage/signed")
@requires(Capability.TRIAGE)
def signed() -> ResponseReturnValue:
    """What the reader signed in the last minute, each with the way back."""
    return page(
        "triage/signed.html",
        own=held.list_undoable(actor()),
        handed=list_handed_on(actor()),
        decision_label=decision_label,
    )


@triage.post("/triage/<ref('I'):number>/undo")
@requires(Capability.TRIAGE, audit="decision.undone", rate=Rate.DECIDE)
def undo(number: int) -> ResponseReturnValue:
    """Take one's own decision back before anybody is told of it."""
    with writing():
        idea = queries.get_triage_idea(actor(), number, for_update=True)
        undoing.undo_decision(actor(), idea)
        sittings.forget_step(actor(), idea)
    toast = _("I-%(number)s is as it was before. Nobody was told.", number=number)
    return see("triage.item", number=number, view=chosen_view(), toast=toast)


@triage.post("/triage/<ref('I'):number>/call-back")
@requires(Capability.TRIAGE, audit="transfer.called_back", rate=Rate.DECIDE)
def call_back(number: int) -> ResponseReturnValue:
    """Take back what one has just handed on, before the receiver has answered."""
    with writing():
        idea = get_visible_idea(actor(), number, for_update=True)
        services.call_back(actor(), get_own_transfer(actor(), idea.id))
        sittings.forget_step(actor(), idea)
    toast = _("I-%(number)s is back. Whoever had it is told.", number=number)
    return see("triage.item", number=number, view=chosen_view(), toast=toast)
