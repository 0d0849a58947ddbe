"""Did it work: everything that is measured, and the page of one change."""

from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from portal.actor import Actor, Capability
from portal.clocks.chips import make_chip
from portal.database import writing
from portal.i18n import gettext as _
from portal.ideas.labels import state_label
from portal.ideas.queries import get_visible_idea
from portal.impact import labels, services
from portal.impact.case import get_case
from portal.impact.charts import Week
from portal.impact.forms import ClaimForm, SignForm
from portal.impact.lists import Show, count_measured, list_measured
from portal.impact.models import BenefitKind, Outcome
from portal.now import now
from portal.tables import csv_lines
from portal.web.access import actor, reader, requires
from portal.web.answers import download, page, see
from portal.web.forms import Form, text_of
from portal.web.rates import Rate

impact = Blueprint("impact", __name__)


@impact.get("/impact")
@requires(Capability.READ)
def index() -> ResponseReturnValue:
    """Everything that is measured; validators see first what waits for a signature."""
    show = _asked_for(actor())
    found = list_measured(show, request.args.get("cursor"))
    return page(
        "impact/index.html",
        show=show,
        rows=found.items,
        filters=_filters(actor(), show),
        older_url=found.older and url_for("impact.index", show=show.value, cursor=found.older),
        newer_url=found.newer and url_for("impact.index", show=show.value, cursor=found.newer),
        **_words(),
    )


def _asked_for(actor: Actor) -> Show:
    asked = request.args.get("show", "")
    if asked in set(Show):
        return Show(asked)
    return Show.TO_SIGN if actor.can(Capability.VALIDATE) else Show.ALL


def _filters(actor: Actor, current: Show) -> list[dict[str, Any]]:
    words = {
        Show.ALL: _("All"),
        Show.IMPROVED: _("It worked"),
        Show.NOT_PROVEN: _("Not proven"),
        Show.HARMED: _("Made things worse"),
        Show.TOO_EARLY: _("Too early"),
        Show.TO_SIGN: _("To sign"),
    }
    order = list(words)
    if actor.can(Capability.VALIDATE):
        order = [Show.TO_SIGN, *order[:-1]]
    counts = count_measured()
    return [
        {
            "label": words[show],
            "url": url_for("impact.index", show=show.value),
            "current": show is current,
            "count": counts[show],
        }
        for show in order
    ]


def _words() -> dict[str, Any]:
    """The words and figures that the templates of this slice share."""
    moment = now()
    return {
        "labels": labels,
        "state_label": state_label,
        "chip_of": lambda thing: make_chip(
            thing.due_at, thing.waits_since, is_paused=thing.is_paused, moment=moment
        ),
    }


@impact.get("/impact/<ref('I'):number>")
@requires(Capability.READ)
def show(number: int) -> ResponseReturnValue:
    """What a change did, what it is worth, and who signed that."""
    return _case_page(number, SignForm(formdata=None), _claim_form(formdata=None))


def _claim_form(**values: Any) -> ClaimForm:
    form = ClaimForm(prefix="claim-", **values)
    form.kind.choices = [(kind.value, labels.kind_label(kind)) for kind in BenefitKind]
    return form


def _case_page(
    number: int, signing: SignForm, claiming: ClaimForm, status: int = 200
) -> ResponseReturnValue:
    case = get_case(actor(), number)
    signing.outcome.choices = [
        (outcome.value, labels.choice_label(outcome))
        for outcome in Outcome
        if outcome in case.rights.signable
    ]
    signing.analysis.data = str(case.run.id) if case.run else ""
    return page(
        "impact/show.html",
        status=status,
        case=case,
        signing=signing,
        claiming=claiming,
        waits_on_me=case.idea.handler_id == reader().id,
        **_words(),
    )


def _is_refused(form: Form) -> bool:
    return bool(form.errors or form.form_errors)


@impact.post("/impact/<ref('I'):number>/validate")
@requires(Capability.VALIDATE, audit="validation.signed", rate=Rate.DECIDE)
def validate(number: int) -> ResponseReturnValue:
    """Sign what a change did."""
    form = SignForm()
    if form.validate():
        with form.catching(), writing():
            services.validate_idea(
                actor(),
                get_visible_idea(actor(), number),
                outcome=Outcome(form.outcome.data),
                sentence=text_of(form.sentence),
                analysis_id=_as_id(form.analysis.data),
                evidence=text_of(form.evidence),
                share_percent=form.share_percent.data,
            )
    if _is_refused(form):
        return _case_page(number, form, _claim_form(formdata=None), status=422)
    return see("impact.show", number=number, toast=_("Signed. Everybody concerned is told."))


def _as_id(typed: str | None) -> int:
    return int(typed) if typed and typed.isascii() and typed.isdigit() else 0


@impact.post("/impact/<ref('I'):number>/claim")
@requires(Capability.DELIVER, audit="benefit.claimed", rate=Rate.CHANGE)
def claim(number: int) -> ResponseReturnValue:
    """Say what a change is worth, for the department."""
    form = _claim_form()
    if form.validate():
        share = form.share_percent.data
        with form.catching(), writing():
            services.claim_benefit(
                actor(),
                get_visible_idea(actor(), number),
                kind=BenefitKind(form.kind.data),
                label=text_of(form.label),
                evidence=text_of(form.evidence),
                share_percent=100 if share is None else share,
            )
    if _is_refused(form):
        return _case_page(number, SignForm(formdata=None), form, status=422)
    return see("impact.show", number=number, toast=_("Claimed. A validator checks it."))


@impact.post("/impact/<ref('I'):number>/analyse")
@requires(Capability.READ, audit="analysis.asked", rate=Rate.ANALYSE)
def analyse(number: int) -> ResponseReturnValue:
    """Have the change analysed again."""
    with writing():
        services.ask_for_analysis(actor(), get_visible_idea(actor(), number))
    return see("impact.show", number=number, toast=_("It is being analysed. Reload in a moment."))


@impact.get("/impact/<ref('I'):number>/points.csv")
@requires(Capability.READ, audit="export.change", is_sensitive=True)
def points(number: int) -> ResponseReturnValue:
    """The weeks of the chart, for other programs; the analysis on the command line reads it."""
    case = get_case(actor(), number)
    header = ("date", "value", "numerator", "denominator", "phase")
    rows = (_csv_row(week) for week in case.chart.weeks)
    return download("".join(csv_lines(header, rows)), f"I-{number}.csv", "text/csv")


def _csv_row(week: Week) -> tuple[Any, ...]:
    point = week.point
    return point.period_start, point.value, point.numerator, point.denominator, week.kind
