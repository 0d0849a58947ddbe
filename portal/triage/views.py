"""The head's inbox: a list by the clock, the item beside it, and the steps one can take."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from portal.actor import Capability
from portal.clocks.chips import make_chip
from portal.database import writing
from portal.i18n import gettext as _
from portal.ideas.confidential import as_author
from portal.ideas.labels import channel_label, state_label
from portal.ideas.lifecycle import State
from portal.ideas.models import Idea
from portal.ideas.queries import get_visible_idea, list_authors, list_supports
from portal.masking import describe, mask
from portal.now import now, today
from portal.people.queries import get_department, list_departments
from portal.routing.matching import explain
from portal.routing.queries import get_open_transfer, list_author_ids
from portal.routing.services import answer_transfer, transfer_idea
from portal.triage import forms, lists, queries, services
from portal.triage.inbox import group_rows
from portal.triage.lists import View
from portal.triage.policies import can_answer, can_triage
from portal.web.access import actor, requires
from portal.web.answers import fragment, page, see, wants_fragment
from portal.web.forms import text_of
from portal.web.rates import Rate

triage = Blueprint("triage", __name__)

QUOTES = 3
MOST = 1000


@dataclass(frozen=True, slots=True)
class Step:
    """What one key does: its form, what it runs, and what is said afterwards."""

    form: type[forms.StepForm]
    run: Callable[[Idea, Any], None]
    done: str


def _accept(idea: Idea, form: forms.AcceptForm) -> None:
    services.accept_idea(actor(), idea, sentence=text_of(form.sentence), version=form.seen_version)


def _ask(idea: Idea, form: forms.AskForm) -> None:
    services.ask_author(actor(), idea, question=text_of(form.question), version=form.seen_version)


def _decline(idea: Idea, form: forms.DeclineForm) -> None:
    services.decline_idea(
        actor(),
        idea,
        reason_code=form.reason_code.data or "",
        sentence=text_of(form.sentence),
        would_change=text_of(form.would_change),
        version=form.seen_version,
    )


def _transfer(idea: Idea, form: forms.TransferForm) -> None:
    to = get_department(form.to.data or 0)
    transfer_idea(actor(), idea, to=to, reason=text_of(form.reason))


def _take(idea: Idea, _form: forms.TakeForm) -> None:
    answer_transfer(actor(), get_open_transfer(idea.id), accept=True)


def _return(idea: Idea, form: forms.ReturnForm) -> None:
    transfer = get_open_transfer(idea.id)
    answer_transfer(actor(), transfer, accept=False, reason=text_of(form.reason))


STEPS: dict[str, Step] = {
    "accept": Step(forms.AcceptForm, _accept, _("%(ref)s is accepted. Its author knows.")),
    "ask": Step(forms.AskForm, _ask, _("%(ref)s waits on its author.")),
    "decline": Step(forms.DeclineForm, _decline, _("%(ref)s is answered. Its author knows why.")),
    "transfer": Step(forms.TransferForm, _transfer, _("%(ref)s is handed on.")),
    "take": Step(forms.TakeForm, _take, _("%(ref)s is yours now.")),
    "return": Step(forms.ReturnForm, _return, _("%(ref)s went back.")),
}


def _view() -> View:
    chosen = request.args.get("view", "")
    return View(chosen) if chosen in list(View) else View.DECIDE


@triage.get("/triage")
@requires(Capability.TRIAGE)
def index() -> ResponseReturnValue:
    """The inbox, with the most urgent item beside it where there is room."""
    return _bench(None)


@triage.get("/triage/<ref('I'):number>")
@requires(Capability.TRIAGE)
def item(number: int) -> ResponseReturnValue:
    """One item on the bench."""
    return _bench(number)


@triage.route(
    "/triage/<ref('I'):number>/<any(accept, ask, decline, transfer, take, return):step>",
    methods=["GET", "POST"],
)
@requires(
    Capability.TRIAGE,
    audit=("decision.signed", "idea.transfer", "transfer.accepted", "transfer.returned"),
    rate=Rate.DECIDE,
)
def act(number: int, step: str) -> ResponseReturnValue:
    """One step on an item: its form, or doing it and going on to the next item."""
    form = STEPS[step].form()
    if not form.validate_on_submit():
        status = 422 if request.method == "POST" else 200
        return _bench(number, step=step, form=form, status=status)
    with form.catching(), writing():
        following = lists.find_next(actor(), _view(), number)
        idea = queries.get_triage_idea(actor(), number, for_update=True)
        STEPS[step].run(idea, form)
    if form.errors or form.form_errors:
        return _bench(number, step=step, form=form, status=422)
    toast = _said(STEPS[step].done % {"ref": f"I-{number}"}, form)
    if step == "take":
        return see("triage.item", number=number, view=_view(), toast=toast)
    if following is None:
        return see("triage.index", view=_view(), toast=toast)
    return see("triage.item", number=following, view=_view(), toast=toast)


def _said(done: str, form: forms.StepForm | forms.AnswerForm) -> str:
    """What was done, and what was masked in what was written."""
    typed = "\n".join(field.data for field in form if field.type == "TextAreaField" and field.data)
    return " ".join(filter(None, [done, describe(mask(typed).found)]))


def _bench(
    number: int | None,
    *,
    step: str | None = None,
    form: forms.StepForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """The list, and the item that is open or else the first one of the list."""
    view = _view()
    limit = min(request.args.get("show", lists.LIMIT, type=int), MOST)
    rows = lists.list_inbox(actor(), view, max(limit, 1) + 1)
    counts = lists.count_views(actor())
    shown = rows[:limit]
    numbers = [row.number for row in shown]
    chosen = number or next(iter(numbers), None)
    context = _item(chosen) if chosen else {"item": None}
    context |= _step(context["item"], step, form)
    if step and status == 200 and wants_fragment():
        return fragment("triage/_step.html", view=view, **context)
    return page(
        "triage/index.html",
        status=status,
        view=view,
        filters=_filters(view, counts),
        groups=group_rows(shown, now()),
        more_url=_more(view, limit) if len(rows) > limit else None,
        is_open=number is not None,
        state_label=state_label,
        **_neighbours(numbers, chosen, view),
        **context,
    )


def _item(number: int) -> dict[str, Any]:
    """Everything about the item on the bench; raises NotFound for whom it is not."""
    found = queries.get_item(number)
    idea = found.idea
    authors = list_authors(idea.id)
    if not can_triage(actor(), idea, [author.face.id for author in authors]):
        raise queries.nothing_here()
    return {
        "item": found,
        "idea": idea,
        "chip": make_chip(idea.due_at, found.started_at, is_paused=idea.is_paused, moment=now()),
        "because": explain(idea.routed_because),
        "authors": authors,
        "supports": list_supports(idea.id, QUOTES),
        "prize": queries.find_prize(idea.reason_id, today()),
        "channel_label": channel_label,
        "can_decide": idea.state is State.TRIAGE,
        "waits_on_me": idea.handler_id == actor().id,
    }


def _step(
    item: queries.Item | None, step: str | None, form: forms.StepForm | None
) -> dict[str, Any]:
    """The unfolded form of a step, as long as the idea is in triage."""
    if item is None or form is None or item.idea.state is not State.TRIAGE:
        return {"step": None, "form": None}
    if request.method != "POST":
        form.version.data = str(item.idea.version)
    if isinstance(form, forms.TransferForm):
        others = [
            (department.id, department.name)
            for department in list_departments()
            if department.id != item.idea.owner_department_id
        ]
        form.to.choices = [(0, _("Choose a department")), *others]
    return {"step": step, "form": form}


def _filters(view: View, counts: dict[View, int]) -> list[dict[str, Any]]:
    labels = {
        View.DECIDE: _("To decide"),
        View.AUTHOR: _("With author"),
        View.HANDED: _("Handed to us"),
        View.COMMIT: _("To promise"),
        View.OVERDUE: _("Overdue"),
        View.MINE: _("Waits on me"),
    }
    return [
        {
            "label": label,
            "url": url_for("triage.index", view=each),
            "count": counts[each],
            "current": each is view,
        }
        for each, label in labels.items()
    ]


def _more(view: View, limit: int) -> str:
    return url_for("triage.index", view=view, show=limit + lists.LIMIT)


def _neighbours(numbers: list[int], chosen: int | None, view: View) -> dict[str, Any]:
    """Where the item stands in the list, and the addresses before and after it."""
    if chosen not in numbers:
        return {"place": None, "total": len(numbers), "previous_url": None, "next_url": None}
    place = numbers.index(chosen)
    before = numbers[place - 1] if place else None
    after = numbers[place + 1] if place + 1 < len(numbers) else None

    def address(number: int | None) -> str | None:
        return url_for("triage.item", number=number, view=view) if number else None

    return {
        "place": place + 1,
        "total": len(numbers),
        "previous_url": address(before),
        "next_url": address(after),
    }


@triage.route("/ideas/<ref('I'):number>/answer", methods=["GET", "POST"])
@requires(Capability.SUBMIT, audit="idea.answer", rate=Rate.COMMENT)
def answer(number: int) -> ResponseReturnValue:
    """Answer the question that a head has asked."""
    form = forms.AnswerForm()
    if form.validate_on_submit():
        with form.catching(), writing():
            idea = get_visible_idea(actor(), number, for_update=True)
            author = as_author(actor(), idea)
            answers = author if can_answer(author, list_author_ids(idea.id), ()) else actor()
            services.answer_question(answers, idea, answer=text_of(form.answer))
        if not form.errors and not form.form_errors:
            toast = _said(_("Your answer is with the department."), form)
            return see("pages.idea", number=number, toast=toast)
    idea = get_visible_idea(actor(), number)
    question = queries.find_open_question(idea.id)
    asks_me = can_answer(as_author(actor(), idea), list_author_ids(idea.id), ()) or can_answer(
        actor(), (), queries.list_supporter_ids(idea.id)
    )
    if question is None or idea.state is not State.NEEDS_INFO or not asks_me:
        raise queries.nothing_here()
    department = get_department(question.department_id)
    status = 422 if request.method == "POST" else 200
    return page(
        "triage/answer.html",
        status=status,
        form=form,
        idea=idea,
        question=question,
        department=department,
    )
