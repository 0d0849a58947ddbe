"""The pages of tasks: those of an idea, one of them, and those asked of one's departments."""

from uuid import uuid4

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from portal.actor import Capability
from portal.contributions import forms, queries, services
from portal.contributions.policies import can_ask_for_part, can_settle
from portal.database import writing
from portal.i18n import gettext as _
from portal.ideas.models import Idea
from portal.ideas.queries import get_visible_idea, nothing_here
from portal.masking import describe, mask
from portal.routing.offering import offer_departments
from portal.routing.queries import list_author_ids
from portal.web.access import actor, requires
from portal.web.answers import page, see, see_instead
from portal.web.forms import text_of
from portal.web.rates import Rate

contributions = Blueprint("contributions", __name__)


@contributions.get("/contributions")
@requires(Capability.TRIAGE)
def index() -> ResponseReturnValue:
    """What other departments ask of those that one decides for."""
    return page(
        "contributions/index.html",
        waiting=queries.list_asked(actor(), is_open=True),
        settled=queries.list_asked(actor(), is_open=False),
    )


@contributions.route("/ideas/<ref('I'):number>/contributions", methods=["GET", "POST"])
@requires(Capability.TRIAGE, audit="contribution.asked", rate=Rate.DECIDE)
def ask(number: int) -> ResponseReturnValue:
    """Ask another department for its part."""
    form = forms.AskForm()
    if form.validate_on_submit():
        with form.catching(), writing():
            idea = _own_idea(number, for_update=True)
            services.ask_for_part(
                actor(),
                idea,
                department_id=form.department.data,
                task=text_of(form.task),
                nonce=form.nonce.data or None,
            )
        if not form.errors and not form.form_errors:
            toast = _said(_("Asked. Its clock runs; yours runs on."), text_of(form.task))
            return see("pages.idea", number=number, _anchor="parts", toast=toast)
    idea = _own_idea(number)
    if idea.state not in services.AT_WORK:
        return see_instead("pages.idea", number=number)
    if not form.nonce.data:
        form.nonce.data = str(uuid4())
    form.department.choices, likely = offer_departments(idea)
    return page(
        "contributions/ask.html",
        status=422 if request.method == "POST" else 200,
        form=form,
        idea=idea,
        likely=likely,
        parts=queries.list_parts(idea.id),
    )


def _own_idea(number: int, *, for_update: bool = False) -> Idea:
    """The idea, if the actor answers for it."""
    idea = get_visible_idea(actor(), number, for_update=for_update)
    if not can_ask_for_part(actor(), idea, list_author_ids(idea.id)):
        raise nothing_here()
    return idea


@contributions.route(
    "/ideas/<ref('I'):number>/contributions/<id:contribution_id>", methods=["GET", "POST"]
)
@requires(
    Capability.TRIAGE,
    audit=("contribution.given", "contribution.refused"),
    rate=Rate.DECIDE,
)
def part(number: int, contribution_id: int) -> ResponseReturnValue:
    """A task: sign that it is done, or give it back."""
    form = forms.SettleForm()
    is_done = "refuse" not in request.form
    if form.validate_on_submit():
        with form.catching(), writing():
            idea = get_visible_idea(actor(), number, for_update=True)
            authors = list_author_ids(idea.id)
            found = queries.get_own(actor(), idea, contribution_id, authors)
            services.settle_part(actor(), found, words=text_of(form.words), is_done=is_done)
        if not form.errors and not form.form_errors:
            done = _("Signed. Whoever asked is told.") if is_done else _("Given back, with why.")
            toast = _said(done, text_of(form.words))
            return see("contributions.index", toast=toast)
    idea = get_visible_idea(actor(), number)
    found_part = queries.get_part(idea, contribution_id)
    if not can_settle(actor(), found_part.contribution, list_author_ids(idea.id)):
        raise nothing_here()
    return page(
        "contributions/part.html",
        status=422 if request.method == "POST" else 200,
        form=form,
        idea=idea,
        part=found_part,
    )


@contributions.post("/ideas/<ref('I'):number>/contributions/<id:contribution_id>/withdraw")
@requires(Capability.TRIAGE, audit="contribution.withdrawn", rate=Rate.DECIDE)
def withdraw(number: int, contribution_id: int) -> ResponseReturnValue:
    """Take a task back that is not needed any more."""
    with writing():
        idea = _own_idea(number, for_update=True)
        found = queries.get_part(idea, contribution_id)
        services.withdraw_part(actor(), idea, found.contribution)
    return see("pages.idea", number=number, _anchor="parts", toast=_("Taken back."))


def _said(done: str, typed: str) -> str:
    """What was done, and what was masked in what was written."""
    return " ".join(filter(None, [done, describe(mask(typed).found)]))
