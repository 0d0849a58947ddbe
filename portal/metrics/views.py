"""The registry of metrics: what is measured, week by week."""

from collections.abc import Iterable
from datetime import date
from typing import cast

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.actor import Capability
from portal.database import writing
from portal.demand.queries import list_reasons
from portal.errors import RuleBroken
from portal.i18n import current_zone
from portal.i18n import gettext as _
from portal.metrics import policies, queries, services
from portal.metrics.charts import show_series
from portal.metrics.forms import MetricForm, PointForm
from portal.metrics.labels import direction_label, perspective_label
from portal.metrics.models import Direction, Metric, Perspective
from portal.metrics.services import PointRow
from portal.now import today
from portal.people.queries import get_department, list_departments
from portal.tables import csv_lines
from portal.web.access import actor, requires
from portal.web.answers import download, page, see
from portal.web.forms import Form, text_of
from portal.web.rates import Rate

metrics = Blueprint("metrics", __name__)


def _today() -> date:
    return today(current_zone())


def _is_refused(form: Form) -> bool:
    return bool(form.errors or form.form_errors)


@metrics.get("/metrics")
@requires(Capability.READ)
def index() -> ResponseReturnValue:
    """Every metric with its last half year."""
    return page(
        "metrics/index.html",
        rows=queries.list_metrics(_today()),
        direction_label=direction_label,
        perspective_label=perspective_label,
        can_add=actor().can(Capability.MEASURE),
    )


@metrics.get("/metrics/<ref('M'):number>")
@requires(Capability.READ)
def show(number: int) -> ResponseReturnValue:
    """A metric with its chart, its locked baselines, and a form for the next week."""
    return _metric_page(queries.get_metric(number), PointForm(formdata=None))


@metrics.post("/metrics/<ref('M'):number>/points")
@requires(Capability.MEASURE, audit="metric.points", rate=Rate.CHANGE)
def record(number: int) -> ResponseReturnValue:
    """Record a week by hand."""
    form = PointForm()
    changed = 0
    if form.validate():
        with form.catching(), writing():
            metric = queries.get_metric(number)
            changed = services.record_points(actor(), metric, [_row(form)])
    if _is_refused(form):
        return _metric_page(queries.get_metric(number), form, status=422)
    toast = _("The week is recorded.") if changed else _("That week stood there already.")
    return see("metrics.show", number=number, toast=toast)


def _row(form: PointForm) -> PointRow:
    day, value = cast(date, form.period_start.data), form.value.data
    numerator, denominator = form.numerator.data, form.denominator.data
    if numerator is not None and denominator is not None:
        return day, numerator, denominator
    if value is None:
        raise RuleBroken(_("Say both counts, or the value."), field="numerator")
    return day, value


def _metric_page(metric: Metric, form: PointForm, status: int = 200) -> ResponseReturnValue:
    points = queries.list_points(metric.id)
    return page(
        "metrics/show.html",
        status=status,
        metric=metric,
        form=form,
        department=get_department(metric.department_id),
        series=show_series(metric, points),
        last=points[-1] if points else None,
        baselines=queries.list_baselines(metric.id),
        direction=direction_label(metric.direction),
        perspective=perspective_label(metric.perspective),
        can_record=policies.can_record(actor(), metric),
    )


@metrics.get("/metrics/<ref('M'):number>/points.csv")
@requires(Capability.READ, audit="export.metric", is_sensitive=True)
def points(number: int) -> ResponseReturnValue:
    """The weeks of a metric as they stand now, as a table for other programs."""
    metric = queries.get_metric(number)
    rows = [
        (point.period_start, point.numerator, point.denominator, point.value)
        for point in queries.list_points(metric.id)
    ]
    header = ("period_start", "numerator", "denominator", "value")
    return download("".join(csv_lines(header, rows)), f"{metric.key}.csv", "text/csv")


@metrics.route("/metrics/new", methods=["GET", "POST"])
@requires(Capability.MEASURE, audit="metric.added", rate=Rate.CHANGE)
def new() -> ResponseReturnValue:
    """Define a metric."""
    form = MetricForm()
    form.department.choices = list(_departments(actor().departments(Capability.MEASURE)))
    form.reason.choices = [(0, _("None")), *((row.id, row.label) for row in list_reasons())]
    number = 0
    if form.validate_on_submit():
        with form.catching(), writing():
            number = _add(form).number
    if not number:
        return page("metrics/new.html", form=form, status=422 if _is_refused(form) else 200)
    return see("metrics.show", number=number, toast=_("The metric is there; now its weeks."))


def _departments(ids: frozenset[int] | None) -> Iterable[tuple[int, str]]:
    for department in list_departments():
        if ids is None or department.id in ids:
            yield department.id, department.name


def _add(form: MetricForm) -> Metric:
    return services.add_metric(
        actor(),
        text_of(form.key),
        name=text_of(form.name),
        unit=text_of(form.unit),
        numerator_name=text_of(form.numerator_name),
        denominator_name=text_of(form.denominator_name),
        department=get_department(form.department.data),
        direction=Direction(form.direction.data),
        perspective=Perspective(form.perspective.data),
        per=form.per.data or 0,
        decimals=form.decimals.data or 0,
        smallest_worthwhile=form.smallest_worthwhile.data,
        reason_id=form.reason.data or None,
    )
