"""The head's inbox: a list by the clock, the item beside it, and the steps one can take."""

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from portal.actor import Capability
from portal.database import writing
from portal.i18n import gettext as _
from portal.ideas.confidential import as_author
from portal.ideas.labels import state_label
from portal.ideas.lifecycle import State
from portal.ideas.queries import get_visible_idea, nothing_here
from portal.masking import describe, mask
from portal.now import now, today
from portal.people.queries import get_department
from portal.routing.offering import offer_departments
from portal.routing.queries import list_author_ids
from portal.triage import (
    appealing,
    forms,
    joining,
    lists,
    own_views,
    prizes,
    queries,
    raising,
    review_views,
    saving,
    services,
    signed,
    sitting_pages,
    sittings,
    together,
    trying,
)
from portal.triage.bench import get_bench_item, write_letter
from portal.triage.blueprint import chosen_view, triage
from portal.triage.inbox import group_rows
from portal.triage.labels import view_label
from portal.triage.lists import Look, View
from portal.triage.load import get_load
from portal.triage.policies import can_answer, can_appeal, can_escalate, can_try_out
from portal.triage.sitting_pages import go_on
from portal.triage.steps import STEPS, take_step
from portal.web.access import actor, reader, requires
from portal.web.answers import fragment, page, see, see_instead, wants_fragment
from portal.web.forms import Form, text_of
from portal.web.rates import Rate

__all__ = [
    "joining",
    "own_views",
    "review_views",
    "signed",
    "sitting_pages",
    "together",
    "triage",
]

MOST = 1000


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
    f"/triage/<ref('I'):number>/<any({', '.join(STEPS)}):step>",
    methods=["GET", "POST"],
)
@requires(
    Capability.TRIAGE,
    audit=("decision.signed", "idea.transfer", "transfer.accepted", "transfer.returned"),
    rate=Rate.DECIDE,
)
def act(number: int, step: str) -> ResponseReturnValue:
    """One step on an item: its form, a look at the letter, or signing and going on."""
    form = STEPS[step].form()
    if not form.validate_on_submit():
        status = 422 if request.method == "POST" else 200
        return _bench(number, step=step, form=form, status=status)
    if "preview" in request.form:
        return _bench(number, step=step, form=form, with_letter=True)
    with form.catching(), writing():
        following = lists.find_next(actor(), chosen_view(), number)
        idea = queries.get_triage_idea(actor(), number, for_update=True)
        take_step(actor(), idea, step, form)
        sitting_id = None if step == "take" else sittings.note_step(actor(), idea, step)
    if form.errors or form.form_errors:
        return _bench(number, step=step, form=form, status=422)
    toast = _said(STEPS[step].done % {"ref": f"I-{number}"}, form)
    view, undo = chosen_view(), _way_back(number, step)
    if sitting_id is not None:
        return go_on(sitting_id, toast=toast, undo=undo)
    if step == "take":
        return see("triage.item", number=number, view=view, toast=toast)
    if following is None:
        return see("triage.index", view=view, toast=toast, undo=undo)
    return see("triage.item", number=following, view=view, toast=toast, undo=undo)


def _way_back(number: int, step: str) -> str | None:
    """Where a step is undone: a decision within its minute, a hand-over until it is answered."""
    if step == "transfer":
        return url_for("triage.call_back", number=number)
    return url_for("triage.undo", number=number) if STEPS[step].kind else None


def _said(done: str, form: Form) -> str:
    """What was done, and what was masked in what was written."""
    typed = "\n".join(field.data for field in form if field.type == "TextAreaField" and field.data)
    return " ".join(filter(None, [done, describe(mask(typed).found)]))


def _bench(
    number: int | None,
    *,
    step: str | None = None,
    form: forms.StepForm | None = None,
    status: int = 200,
    with_letter: bool = False,
) -> ResponseReturnValue:
    """The list, and the item that is open or else the first one of the list."""
    view = chosen_view()
    limit = min(request.args.get("show", lists.LIMIT, type=int), MOST)
    rows = lists.list_inbox(actor(), view, max(limit, 1) + 1)
    counts = lists.count_inbox_by_view(actor())
    shown = rows[:limit]
    numbers = [row.number for row in shown]
    chosen = number or next(iter(numbers), None)
    place = sittings.find_place(actor())
    sits = place is not None and place.number == number
    context: dict[str, Any] = get_bench_item(actor(), chosen) if chosen else {"item": None}
    context |= _step(context["item"], step, form)
    if with_letter and context["step"]:
        letter = write_letter(context, STEPS[context["step"]], context["form"], reader().name)
        context |= {"letter": letter}
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
        together=together.TOGETHER,
        sitting=place,
        sits=sits,
        load=get_load(actor()),
        **_neighbours(numbers, None if sits else chosen, view),
        **context,
    )


def _step(
    item: queries.Item | None, step: str | None, form: forms.StepForm | None
) -> dict[str, Any]:
    """The unfolded form of a step, as long as the idea is where the step can be taken."""
    if item is None or form is None or step is None or item.idea.state not in STEPS[step].states:
        return {"step": None, "form": None}
    if request.method != "POST":
        form.version.data = str(item.idea.version)
    found: dict[str, Any] = {"step": step, "form": form}
    if step == "cost":
        found["price"] = prizes.find_failure_price(item.idea.reason_id, today())
    if isinstance(form, forms.TransferForm):
        form.to.choices, likely = offer_departments(item.idea)
        found["likely"] = likely
    return found


def _filters(look: Look, counts: lists.Counts) -> list[dict[str, Any]]:
    """Every view, then the reader's own; each with how many ideas it shows."""
    named = [(view_label(view), Look.of(view)) for view in View]
    own = [(saved.name, Look.read(saved.look)) for saved in saving.list_saved(actor())]
    return [
        {
            "label": label,
            "url": url_for("triage.index", view=each),
            "count": counts.of(each),
            "current": each == look,
        }
        for label, each in named + own
    ]


def _more(view: Look, limit: int) -> str:
    return url_for("triage.index", view=view, show=limit + lists.LIMIT)


def _neighbours(numbers: list[int], chosen: int | None, view: Look) -> dict[str, Any]:
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
    if not asks_me:
        raise nothing_here()
    if question is None or idea.state is not State.NEEDS_INFO:
        return see_instead("pages.idea", number=number)
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


@triage.route("/ideas/<ref('I'):number>/appeal", methods=["GET", "POST"])
@requires(Capability.SUBMIT, audit="idea.appeal", rate=Rate.CHANGE)
def appeal(number: int) -> ResponseReturnValue:
    """Take an answer, once, to the head's head."""
    form = forms.AppealForm()
    if form.validate_on_submit():
        with form.catching(), writing():
            idea = get_visible_idea(actor(), number, for_update=True)
            appealing.appeal(as_author(actor(), idea), idea, reason=text_of(form.reason))
        if not form.errors and not form.form_errors:
            toast = _said(_("Somebody above decides anew, within 10 business days."), form)
            return see("pages.idea", number=number, toast=toast)
    idea = get_visible_idea(actor(), number)
    author = as_author(actor(), idea)
    if not can_appeal(author, list_author_ids(idea.id)):
        raise nothing_here()
    if not appealing.is_appealable(idea):
        return see_instead("pages.idea", number=number)
    return page(
        "triage/appeal.html",
        status=422 if request.method == "POST" else 200,
        form=form,
        idea=idea,
        decision=queries.find_told_decision(idea.id),
    )


@triage.route("/ideas/<ref('I'):number>/escalate", methods=["GET", "POST"])
@requires(Capability.SUBMIT, audit="idea.escalated", rate=Rate.CHANGE)
def escalate(number: int) -> ResponseReturnValue:
    """Ask, once, whoever stands above to step in: the time is over."""
    form = forms.EscalateForm()
    if form.validate_on_submit():
        with form.catching(), writing():
            idea = get_visible_idea(actor(), number, for_update=True)
            raising.escalate(as_author(actor(), idea), idea, reason=text_of(form.reason))
        if not form.errors and not form.form_errors:
            toast = _said(_("Whoever stands above has been told."), form)
            return see("pages.idea", number=number, toast=toast)
    idea = get_visible_idea(actor(), number)
    author = as_author(actor(), idea)
    if not can_escalate(author, list_author_ids(idea.id)):
        raise nothing_here()
    if not raising.is_late(idea):
        return see_instead("pages.idea", number=number)
    status = 422 if request.method == "POST" else 200
    return page("triage/escalate.html", status=status, form=form, idea=idea)


@triage.route("/ideas/<ref('I'):number>/try", methods=["GET", "POST"])
@requires(Capability.SUBMIT, audit="idea.try_out", rate=Rate.CHANGE)
def try_out(number: int) -> ResponseReturnValue:
    """Just do it: an author's own small try, unless the head says no in time."""
    form = forms.TryForm()
    if form.validate_on_submit():
        with form.catching(), writing():
            idea = get_visible_idea(actor(), number, for_update=True)
            trying.try_out(
                as_author(actor(), idea),
                idea,
                plan=text_of(form.plan),
                undo=text_of(form.undo),
                days=form.days.data or 0,
                money_minor=int((form.money.data or 0) * 100),
                is_harmless=bool(form.is_harmless.data),
            )
        if not form.errors and not form.form_errors:
            toast = _said(_("It begins in two business days, unless the head says no."), form)
            return see("pages.idea", number=number, toast=toast)
    idea = get_visible_idea(actor(), number)
    author = as_author(actor(), idea)
    if not can_try_out(author, list_author_ids(idea.id)):
        raise nothing_here()
    if idea.state is not State.TRIAGE:
        return see_instead("pages.idea", number=number)
    status = 422 if request.method == "POST" else 200
    return page("triage/try.html", status=status, form=form, idea=idea)


@triage.post("/ideas/<ref('I'):number>/answers/<id:decision_id>/rate")
@requires(Capability.SUBMIT, audit="answer.rated", rate=Rate.CHANGE)
def rate(number: int, decision_id: int) -> ResponseReturnValue:
    """Say with one tap whether an answer was useful."""
    is_useful = request.form.get("useful", "") != "no"
    with writing():
        idea = get_visible_idea(actor(), number)
        decision = queries.get_decision(idea.id, decision_id)
        appealing.rate_answer(as_author(actor(), idea), decision, is_useful=is_useful)
    if wants_fragment():
        return fragment("triage/_rating.html", idea=idea, one=decision, rating=is_useful)
    return see("pages.idea", number=number, _anchor="answers", toast=_("Noted."))
