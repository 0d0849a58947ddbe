"""Saying what would be better, keeping drafts, the list, and what colleagues add to an idea."""

from typing import Any
from uuid import uuid4

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from portal.actor import Capability
from portal.attachments.forms import sent_files
from portal.attachments.intake import receiving
from portal.attachments.routes import add_file_routes, files_panel
from portal.attachments.services import attach
from portal.authors.models import AuthorMode
from portal.authors.queries import list_modes
from portal.authors.services import refuse_files
from portal.database import writing
from portal.demand.queries import ReasonRow, list_reasons
from portal.errors import Conflict, NotFound
from portal.i18n import gettext as _
from portal.ideas import finding, labels, policies, queries, services
from portal.ideas.blueprint import ideas
from portal.ideas.capture import chosen, say_where, share_with
from portal.ideas.confidential import as_author, refuse_traces, submit_confidentially
from portal.ideas.forms import CommentForm, IdeaFilterForm, IdeaForm, SupportForm, WithdrawForm
from portal.ideas.holding import as_holder, find_holder
from portal.ideas.lifecycle import State
from portal.ideas.lists import Filters, Group, Sort, list_ideas
from portal.ideas.models import Control, Idea, Lens, MarkKind
from portal.ideas.panels import comments_panel, support_panel, withdraw_panel
from portal.ideas.writing import describe_counts
from portal.insights.models import Channel
from portal.insights.queries import get_visible_insight
from portal.masking import describe, mask
from portal.paging import BadCursor
from portal.people.queries import list_departments
from portal.rendering import prepare
from portal.web.access import actor, requires
from portal.web.answers import fragment, page, see, wants_fragment
from portal.web.forms import text_of
from portal.web.rates import Rate

__all__ = ["finding", "ideas"]

add_file_routes(ideas, '/ideas/<ref("I"):number>', find_holder)

FILTERS = ("state", "department", "reason", "sort", "mine")


@ideas.app_template_filter()
def state_label(state: State) -> str:
    """The word on the state's pill."""
    return labels.state_label(state)


@ideas.app_template_filter()
def step_sentence(row: queries.TimelineRow) -> str:
    """What a step of the timeline says."""
    if isinstance(row.what, MarkKind):
        return labels.mark_sentence(row.what, row.actor_name, row.person_name, row.details)
    return labels.move_sentence(row.what, row.actor_name, row.details)


@ideas.app_template_filter()
def step_icon(row: queries.TimelineRow) -> str:
    """The picture of a step of the timeline."""
    return labels.ICONS[row.what]


@ideas.app_template_filter()
def channel_label(channel: Channel) -> str:
    """How the customer got in touch."""
    return labels.channel_label(channel)


@ideas.get("/ideas")
@requires(Capability.READ)
def index() -> ResponseReturnValue:
    """Ideas by stage, department and reason, the newest or the most supported on top."""
    form = IdeaFilterForm(request.args)
    form.offer(
        form.department, _("Any department"), [(row.id, row.name) for row in list_departments()]
    )
    form.offer(form.reason, _("Any reason"), [(row.id, row.label) for row in list_reasons()])
    form.state.choices = _stages(form.state.data)
    filters = _filters(form)
    try:
        found = list_ideas(actor(), filters, request.args.get("after"))
    except BadCursor:
        raise NotFound(_("This part of the list is not there. Begin at its top.")) from None
    return page(
        "ideas/index.html",
        form=form,
        rows=found.items,
        is_filtered=filters != Filters(sort=filters.sort),
        is_drafts=filters.group is Group.DRAFTS,
        newer_url=_page_url(found.newer),
        older_url=_page_url(found.older),
    )


def _stages(asked: str | None) -> list[tuple[str, str]]:
    """The groups, and the single state that a link from a board may ask for."""
    groups = {
        Group.ALL: _("Any stage"),
        Group.OPEN: _("Waiting for a decision"),
        Group.DECIDED: _("Decided"),
        Group.IN_WORK: _("In work"),
        Group.PROVEN: _("Proven"),
        Group.DRAFTS: _("My drafts"),
    }
    single = chosen(State, asked)
    more = [(single.value, labels.state_label(single))] if single else []
    return [*((group.value, label) for group, label in groups.items()), *more]


def _filters(form: IdeaFilterForm) -> Filters:
    """What was chosen; a value that is not offered narrows nothing."""
    form.validate()
    given = {field.name: field.data for field in form if not field.errors}
    return Filters(
        group=chosen(Group, given.get("state")) or Group.ALL,
        state=chosen(State, given.get("state")),
        department_id=int(given.get("department") or 0) or None,
        reason_id=int(given.get("reason") or 0) or None,
        is_mine=bool(given.get("mine")),
        sort=chosen(Sort, given.get("sort")) or Sort.NEWEST,
    )


def _page_url(cursor: str | None) -> str | None:
    if cursor is None:
        return None
    kept: dict[str, Any] = {name: value for name in FILTERS if (value := request.args.get(name))}
    return url_for("ideas.index", **kept, after=cursor)


@ideas.route("/ideas/new", methods=["GET", "POST"])
@requires(Capability.SUBMIT, audit=("idea.drafted", "idea.submit"), rate=Rate.IDEA, takes_key=True)
def new() -> ResponseReturnValue:
    """Say what would be better; an insight may lend its words."""
    form = IdeaForm()
    form.reason_id.choices = _reason_choices()
    form.offer_modes(list_modes())
    if request.method != "POST":
        _prefill(form)
        return page("ideas/new.html", form=form, draft=None)
    return _take(form, number=None)


@ideas.route('/ideas/<ref("I"):number>/edit', methods=["GET", "POST"])
@requires(Capability.SUBMIT, audit=("idea.drafted", "idea.submit"), rate=Rate.IDEA)
def edit(number: int) -> ResponseReturnValue:
    """Go on with one's own draft."""
    draft = queries.get_visible_idea(actor(), number)
    if not policies.can_edit(actor(), draft) and request.method != "POST":
        raise Conflict(_("This was sent already, so it cannot be rewritten."))
    form = IdeaForm(obj=draft if request.method != "POST" else None)
    form.reason_id.choices = _reason_choices()
    if request.method != "POST":
        form.reason_id.data = draft.reason_id or 0
        form.authors.data = ", ".join(queries.list_coauthor_emails(actor(), draft.id))
        return page("ideas/new.html", form=form, draft=draft, **files_panel(as_holder(draft)))
    return _take(form, number=number)


def _reason_choices() -> list[tuple[int, str]]:
    owners = {row.id: row.name for row in list_departments(teams=True)}
    return [(0, _("Not sure"))] + [(row.id, _named(row, owners)) for row in list_reasons()]


def _named(row: ReasonRow, owners: dict[int, str]) -> str:
    return f"{row.label} ({owners.get(row.owner_department_id, '–')})"


def _prefill(form: IdeaForm) -> None:
    form.nonce.data = str(uuid4())
    asked = request.args.get("insight", "")
    if not asked.startswith("N-") or not asked[2:].isdecimal() or len(asked) > 11:
        return
    insight = get_visible_insight(actor(), int(asked[2:]))
    form.problem.data = insight.text
    form.reason_id.data = insight.reason_id or 0


def _take(form: IdeaForm, *, number: int | None) -> ResponseReturnValue:
    """Keep or send what was typed, and say where it is now."""
    is_draft = request.form.get("action") == "draft"
    is_whole = form.validate()
    if is_whole and not is_draft and form.must_be_shown_masked():
        return _write_again(form, number, 200)
    idea = _store(form, number, is_draft) if is_whole else None
    if idea is None:
        return _write_again(form, number, 422)
    if masked := describe_counts(idea.masked):
        flash(masked, "info")
    if idea.submitted_at is None:
        toast = _("Draft kept. Only you can see it.")
        return see("ideas.edit", number=idea.number, toast=toast)
    return see("pages.idea", number=idea.number, toast=say_where(idea))


def _write_again(form: IdeaForm, number: int | None, status: int) -> ResponseReturnValue:
    draft = queries.get_visible_idea(actor(), number) if number else None
    files = files_panel(as_holder(draft)) if draft else {}
    return page("ideas/new.html", form=form, draft=draft, status=status, **files)


def _store(form: IdeaForm, number: int | None, is_draft: bool) -> Idea | None:
    """The stored idea, or None with the fault on the form."""
    if form.mode.data == AuthorMode.CONFIDENTIAL:
        return _seal(form, number, is_draft)
    idea = None
    prepare(text_of(form.problem), text_of(form.proposal))
    with form.catching(), receiving(sent_files()) as files, writing():
        draft = queries.get_visible_idea(actor(), number, for_update=True) if number else None
        write = services.save_draft if is_draft else services.submit_idea
        idea = write(
            actor(),
            title=text_of(form.title),
            problem=text_of(form.problem),
            proposal=text_of(form.proposal),
            lens=chosen(Lens, form.lens.data),
            control=chosen(Control, form.control.data),
            reason_id=form.reason_id.data or None,
            authors=share_with(actor(), text_of(form.authors)),
            nonce=form.nonce.data or None,
            draft=draft,
        )
        attach(actor(), services.SUBJECT, idea.id, files)
    return None if form.errors or form.form_errors else idea


def _seal(form: IdeaForm, number: int | None, is_draft: bool) -> Idea | None:
    """The idea handed in under seal, or None with the fault on the form."""
    idea = None
    with form.catching():
        refuse_traces(is_draft, number is not None, text_of(form.authors))
        refuse_files(file.filename for file in sent_files())
        prepare(text_of(form.problem), text_of(form.proposal))
        with writing():
            idea = submit_confidentially(
                actor(),
                title=text_of(form.title),
                problem=text_of(form.problem),
                proposal=text_of(form.proposal),
                lens=chosen(Lens, form.lens.data),
                control=chosen(Control, form.control.data),
                reason_id=form.reason_id.data or None,
                nonce=form.nonce.data or None,
            )
    return None if form.errors or form.form_errors else idea


@ideas.post('/ideas/<ref("I"):number>/support')
@requires(Capability.SUBMIT, audit="idea.supported", rate=Rate.SUPPORT)
def support(number: int) -> ResponseReturnValue:
    """Say "me too", with the day and, if wanted, an example."""
    form = SupportForm()
    if form.validate() and form.occurred_on.data is not None:
        with form.catching(), writing():
            services.support_idea(
                actor(),
                queries.get_visible_idea(actor(), number, for_update=True),
                occurred_on=form.occurred_on.data,
                channel=chosen(Channel, form.channel.data),
                example=form.example.data,
                minutes=form.minutes.data,
            )
    if form.errors or form.form_errors:
        return _support_again(number, form, 422)
    said = _said(_("Noted: you meet the same."), form.example.data or "")
    if wants_fragment():
        return _support_again(number, None, 200, said)
    return see("pages.idea", number=number, toast=said)


def _support_again(
    number: int, form: SupportForm | None, status: int, toast: str | None = None
) -> ResponseReturnValue:
    panel = support_panel(actor(), queries.get_visible_idea(actor(), number), form)
    if wants_fragment():
        return fragment("ideas/_support.html", status=status, toast=toast, **panel)
    return page("ideas/support.html", status=status, **panel)


@ideas.post('/ideas/<ref("I"):number>/unsupport')
@requires(Capability.SUBMIT, audit="idea.unsupported", rate=Rate.SUPPORT)
def unsupport(number: int) -> ResponseReturnValue:
    """Take "me too" back."""
    with writing():
        idea = queries.get_visible_idea(actor(), number, for_update=True)
        services.unsupport(actor(), idea)
    if wants_fragment():
        return _support_again(number, None, 200)
    return see("pages.idea", number=number, toast=_("Taken back."))


@ideas.post('/ideas/<ref("I"):number>/comments')
@requires(Capability.SUBMIT, audit="idea.commented", rate=Rate.COMMENT, takes_key=True)
def comment(number: int) -> ResponseReturnValue:
    """Say something about an idea."""
    form = CommentForm()
    if form.validate():
        if form.must_be_shown_masked():
            return _comments_again(number, form, 200)
        prepare(text_of(form.body))
        with form.catching(), writing():
            idea = queries.get_visible_idea(actor(), number, for_update=True)
            body, nonce = text_of(form.body), form.nonce.data or None
            services.add_comment(actor(), idea, body=body, nonce=nonce)
    if form.errors or form.form_errors:
        return _comments_again(number, form, 422)
    said = _said(_("Said."), text_of(form.body))
    if wants_fragment():
        return _comments_again(number, None, 200, said)
    return see("pages.idea", number=number, _anchor="comments", toast=said)


def _said(done: str, typed: str) -> str:
    """What was done, and what was masked in what was written."""
    return " ".join(filter(None, [done, describe(mask(typed).found)]))


def _comments_again(
    number: int, form: CommentForm | None, status: int, toast: str | None = None
) -> ResponseReturnValue:
    panel = comments_panel(actor(), queries.get_visible_idea(actor(), number), form)
    if wants_fragment():
        return fragment("ideas/_comments.html", status=status, toast=toast, **panel)
    return page("ideas/comments.html", status=status, **panel)


@ideas.post('/ideas/<ref("I"):number>/withdraw')
@requires(Capability.SUBMIT, audit="idea.withdraw", rate=Rate.CHANGE)
def withdraw(number: int) -> ResponseReturnValue:
    """Take one's idea back before anybody has committed to it."""
    form = WithdrawForm()
    if form.validate():
        with form.catching(), writing():
            idea = queries.get_visible_idea(actor(), number, for_update=True)
            author = as_author(actor(), idea)
            services.withdraw_idea(author, idea, sentence=text_of(form.sentence))
    if form.errors or form.form_errors:
        idea = queries.get_visible_idea(actor(), number)
        panel = withdraw_panel(as_author(actor(), idea), idea, form)
        return page("ideas/withdraw.html", status=422, **panel)
    if idea.submitted_at is None:
        return see("ideas.index", toast=_("Draft thrown away."))
    return see("pages.idea", number=number, toast=_("Taken back."))
