"""The board of promises, and every step from a yes to a change that is live."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from portal.actor import Capability
from portal.clocks.chips import make_chip
from portal.database import writing
from portal.delivery import board, forms, policies, queries, services
from portal.delivery.board import Scope
from portal.delivery.candidates import list_candidates
from portal.delivery.models import Track
from portal.delivery.terms import local_today
from portal.i18n import current_zone
from portal.i18n import gettext as _
from portal.ideas.labels import state_label
from portal.ideas.lifecycle import Move, next_state
from portal.ideas.models import Idea
from portal.ideas.queries import get_visible_idea, list_authors
from portal.masking import describe, mask
from portal.metrics.queries import list_choices
from portal.now import now, today
from portal.paging import BadCursor
from portal.rendering import prepare
from portal.web.access import actor, requires
from portal.web.answers import page, see_url
from portal.web.forms import Form, text_of
from portal.web.rates import Rate

delivery = Blueprint("delivery", __name__)


def _idea_url(number: int) -> str:
    """The idea's own page, which shows more slices than this one knows."""
    return f"/ideas/I-{number}"


def _is_refused(form: Form) -> bool:
    return bool(form.errors or form.form_errors)


def _said(done: str, *texts: str) -> str:
    """What happened, and what was masked in the words that came with it."""
    masked = describe(mask("\n".join(texts)).found)
    return f"{done} {masked}" if masked else done


@delivery.get("/delivery")
@requires(Capability.READ)
def index() -> ResponseReturnValue:
    """Who has promised what, until when."""
    scope = _scope()
    overdue = request.args.get("overdue") == "1"
    day = today(current_zone())
    return page(
        "delivery/index.html",
        board=_board(scope, overdue=overdue, day=day),
        scope=scope,
        overdue=overdue,
        links=_links(scope, overdue=overdue, day=day),
        page_url=lambda cursor: _page_url(scope, overdue, cursor),
        idea_url=_idea_url,
        state_label=state_label,
        chip=lambda row: make_chip(row.due_at, row.waits_since, is_paused=False, moment=now()),
    )


def _links(scope: Scope, *, overdue: bool, day: date) -> list[dict[str, Any]]:
    words = {Scope.MINE: _("Mine"), Scope.OURS: _("My department"), Scope.ALL: _("All")}
    links: list[dict[str, Any]] = [
        {
            "label": label,
            "url": url_for("delivery.index", scope=each.value),
            "current": each is scope and not overdue,
        }
        for each, label in words.items()
    ]
    late = {
        "label": _("Overdue"),
        "url": url_for("delivery.index", scope=scope.value, overdue="1"),
        "current": overdue,
        "count": board.count_overdue(actor(), day, scope) or None,
    }
    return [*links, late]


def _scope() -> Scope:
    chosen = request.args.get("scope", "")
    return Scope(chosen) if chosen in set(Scope) else Scope.ALL


def _board(scope: Scope, *, overdue: bool, day: date) -> Any:
    """The page asked for; an address that somebody wrote by hand shows the first one."""
    cursor = request.args.get("cursor")
    try:
        return board.list_board(actor(), day, scope=scope, overdue=overdue, cursor=cursor)
    except BadCursor:
        return board.list_board(actor(), day, scope=scope, overdue=overdue)


def _page_url(scope: Scope, overdue: bool, cursor: str | None) -> str | None:
    if cursor is None:
        return None
    only = "1" if overdue else None
    return url_for("delivery.index", scope=scope.value, overdue=only, cursor=cursor)


@delivery.route("/ideas/<ref('I'):number>/commit", methods=["GET", "POST"])
@requires(Capability.DELIVER, audit="commitment.made", rate=Rate.CHANGE)
def commit(number: int) -> ResponseReturnValue:
    """Sign a promise."""
    idea = get_visible_idea(actor(), number)
    policies.can_promise.require(actor(), idea)
    form = forms.CommitForm()
    authors = [row.face.id for row in list_authors(idea.id)]
    if request.method != "POST":
        next_state(idea.state, Move.COMMIT)
        form.propose(authors)
    people = list_candidates(idea.owner_department_id, [*authors, actor().id])
    form.offer(people, list_choices(local_today(idea.owner_department_id)))
    if form.validate_on_submit():
        prepare(text_of(form.definition_of_done))
        with form.catching(), writing():
            _commit(get_visible_idea(actor(), number, for_update=True), form)
        if not _is_refused(form):
            is_measured = form.track.data == Track.MEASURED
            done = _("Promised. The baselines are locked.") if is_measured else _("Promised.")
            return see_url(_idea_url(number), toast=_said(done, text_of(form.definition_of_done)))
    status = 422 if request.method == "POST" else 200
    return page(
        "delivery/commit.html",
        status=status,
        form=form,
        idea=idea,
        idea_url=_idea_url(number),
        today=local_today(idea.owner_department_id),
    )


def _commit(idea: Idea, form: forms.CommitForm) -> None:
    services.commit_to_idea(
        actor(),
        idea,
        person_id=form.person_id.data,
        due_on=form.due_on.data or date.min,
        definition_of_done=text_of(form.definition_of_done),
        track=Track(form.track.data),
        metric_id=form.metric_id.data or None,
        guardrail_ids=form.guardrail_ids.data or (),
        forecast_percent=form.forecast_percent.data,
        investment_minor=forms.minor(form.investment),
        running_minor=forms.minor(form.running),
        credit=form.shares(),
    )


@delivery.post("/ideas/<ref('I'):number>/start")
@requires(Capability.SUBMIT, audit="idea.start", rate=Rate.CHANGE)
def start(number: int) -> ResponseReturnValue:
    """Begin."""
    with writing():
        services.start_work(actor(), get_visible_idea(actor(), number, for_update=True))
    return see_url(_idea_url(number), toast=_("Begun."))


@delivery.route("/ideas/<ref('I'):number>/implement", methods=["GET", "POST"])
@requires(Capability.SUBMIT, audit="idea.live", rate=Rate.CHANGE)
def implement(number: int) -> ResponseReturnValue:
    """Say that the change is live."""
    form = forms.ImplementForm()
    if form.validate_on_submit():
        prepare(text_of(form.what_changes), text_of(form.evidence))
        with form.catching(), writing():
            services.implement_idea(
                actor(),
                get_visible_idea(actor(), number, for_update=True),
                go_live_on=form.go_live_on.data or date.max,
                what_changes=text_of(form.what_changes),
                evidence=text_of(form.evidence),
                evidence_url=form.evidence_url.data,
            )
        if not _is_refused(form):
            said = _said(_("It is live."), text_of(form.what_changes), text_of(form.evidence))
            return see_url(_idea_url(number), toast=said)
    idea = _reportable(number)
    status = 422 if request.method == "POST" else 200
    return page(
        "delivery/implement.html",
        status=status,
        form=form,
        idea=idea,
        idea_url=_idea_url(number),
        delivery=queries.get_delivery(idea.id),
        today=local_today(idea.owner_department_id),
    )


def _reportable(number: int) -> Idea:
    """The idea, for those who may report on its promise."""
    idea = get_visible_idea(actor(), number)
    promise = queries.get_commitment(idea.id)
    policies.can_report.require(actor(), idea, promise.person_id)
    return idea


@delivery.post("/ideas/<ref('I'):number>/confirm")
@requires(Capability.SUBMIT, audit="change.confirmed", rate=Rate.SUPPORT)
def confirm(number: int) -> ResponseReturnValue:
    """Say whether I see the change."""
    sees_it = request.form.get("sees_it") == "yes"
    with writing():
        idea = get_visible_idea(actor(), number)
        services.confirm_change(actor(), queries.get_implementation(idea.id), sees_it)
    return see_url(_idea_url(number), toast=_("Thank you, that counts."))


def _progress(idea: Idea, form: forms.StepForm) -> None:
    services.add_progress(actor(), idea, sentence=text_of(form.sentence))


def _date(idea: Idea, form: forms.DateForm) -> None:
    services.change_date(
        actor(), idea, due_on=form.due_on.data or date.min, reason=text_of(form.reason)
    )


def _stop(idea: Idea, form: forms.StepForm) -> None:
    services.stop_idea(actor(), idea, sentence=text_of(form.sentence))


def _close(idea: Idea, form: forms.CloseForm) -> None:
    services.close_idea(actor(), idea, sentence=text_of(form.sentence))


def _roll_back(idea: Idea, form: forms.StepForm) -> None:
    services.roll_back(actor(), idea, sentence=text_of(form.sentence))


def _take(
    number: int, form: Form, run: Callable[[Idea, Any], None], done: str
) -> ResponseReturnValue:
    """A step with one small form: the page that asks, or what it does and says."""
    if form.validate_on_submit():
        with form.catching(), writing():
            run(get_visible_idea(actor(), number, for_update=True), form)
        if not _is_refused(form):
            texts = [field.data for field in form if isinstance(field.data, str)]
            return see_url(_idea_url(number), toast=_said(done, *texts))
    return page(
        "delivery/step.html",
        status=422 if request.method == "POST" else 200,
        form=form,
        idea=get_visible_idea(actor(), number),
        idea_url=_idea_url(number),
        step=request.endpoint,
    )


@delivery.route("/ideas/<ref('I'):number>/progress", methods=["GET", "POST"])
@requires(Capability.SUBMIT, audit="commitment.progress", rate=Rate.CHANGE)
def progress(number: int) -> ResponseReturnValue:
    """Say how far it is."""
    _reportable(number)
    return _take(number, forms.StepForm(), _progress, _("They know."))


@delivery.route("/ideas/<ref('I'):number>/date", methods=["GET", "POST"])
@requires(Capability.SUBMIT, audit="commitment.date_changed", rate=Rate.CHANGE)
def change_date(number: int) -> ResponseReturnValue:
    """Move the promised day."""
    _reportable(number)
    return _take(number, forms.DateForm(), _date, _("The day has moved."))


@delivery.route("/ideas/<ref('I'):number>/stop", methods=["GET", "POST"])
@requires(Capability.DELIVER, audit="idea.stop", rate=Rate.DECIDE)
def stop(number: int) -> ResponseReturnValue:
    """Stop a change before it is live."""
    policies.can_promise.require(actor(), get_visible_idea(actor(), number))
    return _take(number, forms.StepForm(), _stop, _("Stopped."))


@delivery.route("/ideas/<ref('I'):number>/close", methods=["GET", "POST"])
@requires(Capability.TRIAGE, audit="idea.close", rate=Rate.DECIDE)
def close(number: int) -> ResponseReturnValue:
    """Close a quick change."""
    policies.can_close.require(actor(), get_visible_idea(actor(), number))
    return _take(number, forms.CloseForm(), _close, _("Closed: done."))


@delivery.route("/ideas/<ref('I'):number>/roll-back", methods=["GET", "POST"])
@requires(Capability.DELIVER, audit="idea.roll_back", rate=Rate.DECIDE)
def roll_back(number: int) -> ResponseReturnValue:
    """Take back a change that did harm."""
    policies.can_promise.require(actor(), get_visible_idea(actor(), number))
    return _take(number, forms.StepForm(), _roll_back, _("Rolled back."))
