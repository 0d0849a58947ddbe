"""What customers said: telling it, reading it, narrowing the list."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Row

from portal.actor import Capability
from portal.attachments.forms import sent_files
from portal.attachments.intake import receiving
from portal.attachments.routes import add_file_routes, files_panel
from portal.attachments.services import attach
from portal.authors.models import AuthorMode
from portal.authors.policies import can_ask
from portal.authors.queries import is_confidential, list_modes
from portal.authors.services import refuse_files
from portal.database import writing
from portal.demand.owners import explain
from portal.demand.queries import ReasonRow, find_reason, get_reason, list_below, list_reasons
from portal.errors import NotFound, RuleBroken
from portal.i18n import current_zone, format_number
from portal.i18n import gettext as _
from portal.insights import queries, services
from portal.insights.capture import NewInsight, ReadyInsight, findings, make_ready
from portal.insights.confidential import add_confidentially, is_own
from portal.insights.forms import InsightFilterForm, InsightForm
from portal.insights.holding import as_holder, find_holder
from portal.insights.models import Channel, DemandType, Friction, Insight
from portal.insights.words import channel_word, demand_word, friction_word, severity_word
from portal.masking import describe
from portal.paging import BadCursor
from portal.people.queries import get_department, list_departments, list_faces
from portal.rendering import prepare
from portal.web.access import actor, requires
from portal.web.answers import page, see
from portal.web.forms import text_of
from portal.web.rates import Rate

insights = Blueprint("insights", __name__)

FILTERS = ("department", "reason", "demand_type", "channel")

add_file_routes(insights, '/insights/<ref("N"):number>', find_holder)


@insights.get("/insights")
@requires(Capability.READ)
def index() -> ResponseReturnValue:
    """What customers said, newest first."""
    reasons = list_reasons(retired=True)
    departments = {row.id: row.name for row in list_departments()}
    form = InsightFilterForm(request.args)
    form.offer(form.department, _("Any department"), list(departments.items()))
    form.offer(form.reason, _("Any reason"), [(row.id, row.label) for row in reasons])
    filters = _filters(form, reasons)
    try:
        found = queries.list_insights(actor(), filters, request.args.get("after"))
    except BadCursor:
        raise NotFound(_("This part of the list is not there. Begin at its top.")) from None
    return page(
        "insights/index.html",
        form=form,
        is_filtered=bool(filters.values()),
        rows=[_line(row, reasons, departments) for row in found.items],
        total=_total(queries.count_insights(actor(), filters)),
        newer_url=_page_url(found.newer),
        older_url=_page_url(found.older),
    )


def _filters(form: InsightFilterForm, reasons: Sequence[ReasonRow]) -> queries.InsightFilters:
    """The filters that were chosen; one that is not offered narrows nothing."""
    form.validate()
    chosen = {name: form[name].data for name in FILTERS if not form[name].errors}
    reason, department = chosen.get("reason"), chosen.get("department")
    demand_type, channel = chosen.get("demand_type"), chosen.get("channel")
    return queries.InsightFilters(
        department_id=int(department) if department else None,
        reason_ids=tuple(list_below(reasons, int(reason))) if reason else None,
        demand_type=DemandType(demand_type) if demand_type else None,
        channel=Channel(channel) if channel else None,
    )


def _line(
    row: Row[Any], reasons: Sequence[ReasonRow], departments: dict[int, str]
) -> dict[str, Any]:
    """What a line of the list shows."""
    labels = {reason.id: reason.label for reason in reasons}
    start: str = row.start
    return {
        "ref": f"N-{row.number}",
        "words": f"{start[: queries.EXCERPT]}…" if len(start) > queries.EXCERPT else start,
        "about": labels.get(row.reason_id),
        "department": departments.get(row.department_id),
        "channel": channel_word(row.channel) if row.channel else None,
        "demand": demand_word(row.demand_type),
        "severity": severity_word(row.severity) if row.severity else None,
        "occurred_at": row.occurred_at,
    }


def _total(count: int) -> str:
    is_more = count > queries.COUNTED
    return f"{format_number(queries.COUNTED)}+" if is_more else format_number(count)


def _page_url(cursor: str | None) -> str | None:
    if cursor is None:
        return None
    kept: dict[str, Any] = {name: value for name in FILTERS if (value := request.args.get(name))}
    return url_for("insights.index", **kept, after=cursor)


@insights.route("/insights/new", methods=["GET", "POST"])
@requires(Capability.SUBMIT, audit="insight.added", rate=Rate.INSIGHT, takes_key=True)
def new() -> ResponseReturnValue:
    """Say what a customer said; a capture link may name reason, channel and reference."""
    form = InsightForm()
    form.reason.choices = _reason_choices()
    form.mode.offer(list_modes())
    if request.method != "POST":
        _prefill(form)
        return page("insights/new.html", form=form)
    is_whole = form.validate()
    if is_whole and form.must_be_shown_masked():
        return page("insights/new.html", form=form)
    insight = _add(form) if is_whole else None
    if insight is None:
        return page("insights/new.html", form=form, status=422)
    department = get_department(insight.department_id)
    return see(
        "insights.insight",
        number=insight.number,
        toast=_("It is with %(name)s.", name=department.name),
    )


def _reason_choices() -> list[tuple[int, str]]:
    owners = {row.id: row.name for row in list_departments(teams=True)}
    return [
        (0, _("Not sure")),
        *(
            (row.id, f"{row.label} ({owners.get(row.owner_department_id, '–')})")
            for row in list_reasons()
        ),
    ]


def _prefill(form: InsightForm) -> None:
    form.nonce.data = str(uuid4())
    form.external_id.data = request.args.get("ref", "")[:120]
    channel = request.args.get("channel", "")
    form.channel.data = channel if channel in set(Channel) else None
    try:
        reason = find_reason(request.args.get("reason", ""))
    except RuleBroken:
        reason = None
    form.reason.data = reason.id if reason else 0


def _add(form: InsightForm) -> Insight | None:
    """The stored insight, or None with the fault on the form."""
    insight = None
    try:
        with form.catching():
            ready = _ready(form)
            is_sealed = form.mode.data == AuthorMode.CONFIDENTIAL
            add = add_confidentially if is_sealed else services.add_ready_insight
            refuse_files(file.filename for file in sent_files() if is_sealed)
            prepare(ready.new.text)
            with receiving(sent_files()) as files, writing():
                insight = add(actor(), ready, nonce=form.nonce.data or None)
                attach(actor(), services.SUBJECT, insight.id, files)
    except NotFound as error:
        form.form_errors.append(error.message)
    return insight


def _ready(form: InsightForm) -> ReadyInsight:
    """What was typed, masked."""
    return make_ready(
        NewInsight(
            text=text_of(form.text),
            channel=_channel(form.channel.data),
            reason_id=form.reason.data or None,
            demand_type=DemandType(form.demand_type.data),
            expected=text_of(form.expected),
            severity=int(form.severity.data) if form.severity.data in {*"1234"} else None,
            minutes=form.minutes.data,
            segment=text_of(form.segment),
            moment=text_of(form.moment),
            friction=[Friction(one) for one in form.friction.data or ()],
            occurred_at=_moment(form.occurred_at.data),
            author_id=actor().id,
            external_id=text_of(form.external_id),
        )
    )


def _channel(value: str | None) -> Channel | None:
    return Channel(value) if value in set(Channel) else None


def _moment(typed: datetime | None) -> datetime | None:
    return typed.replace(tzinfo=current_zone()) if typed else None


@insights.get('/insights/<ref("N"):number>')
@requires(Capability.READ)
def insight(number: int) -> ResponseReturnValue:
    """One insight: the words, the facts, where it went and why."""
    found = queries.get_visible_insight(actor(), number)
    author = list_faces([found.author_id]).get(found.author_id or 0)
    is_sealed = author is not None and is_confidential(author)
    is_mine = is_own(actor(), found, is_sealed=is_sealed)
    return page(
        "insights/insight.html",
        insight=found,
        ref=f"N-{found.number}",
        department=get_department(found.department_id).name,
        because=explain(found.routed_because),
        facts=_facts(found),
        author=author,
        may_unseal=is_sealed and can_ask(actor()),
        masked=describe(findings(found.masked)) if is_mine else "",
        **files_panel(as_holder(found)),
    )


def _facts(found: Insight) -> list[tuple[str, str | None]]:
    """Labelled values; None where nothing was said."""
    friction = ", ".join(friction_word(Friction(one)) for one in found.friction)
    return [
        (_("About"), get_reason(found.reason_id).name if found.reason_id else None),
        (_("Channel"), channel_word(found.channel) if found.channel else None),
        (_("Contact"), demand_word(found.demand_type)),
        (_("How bad"), severity_word(found.severity) if found.severity else None),
        (_("What made it hard"), friction or None),
        (_("Minutes"), format_number(found.minutes) if found.minutes is not None else None),
        (_("Moment"), found.moment),
        (_("Kind of customer"), found.segment),
        (_("Reference"), _shown_reference(found.external_id)),
    ]


def _shown_reference(external_id: str | None) -> str | None:
    """The reference, unless the program made it from a hash."""
    return external_id if external_id and not external_id.startswith("sha256-") else None
