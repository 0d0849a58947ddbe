"""Contact reasons: whose they are and what a contact costs."""

from datetime import date

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.actor import Capability
from portal.database import writing
from portal.demand import queries, services
from portal.demand.forms import CostForm, ReasonEditForm, ReasonForm, minor
from portal.demand.models import ContactReason
from portal.demand.policies import can_set_reasons
from portal.i18n import current_zone
from portal.i18n import gettext as _
from portal.now import today
from portal.people.queries import get_department, list_departments
from portal.web.access import actor, requires
from portal.web.answers import page, see
from portal.web.forms import Form, text_of
from portal.web.rates import Rate

demand = Blueprint("demand", __name__)


def _today() -> date:
    return today(current_zone())


@demand.get("/reasons")
@requires(Capability.READ)
def reasons() -> ResponseReturnValue:
    """The tree of contact reasons, each with its owner and what a contact costs today."""
    return page(
        "demand/reasons.html",
        reasons=queries.list_reasons(retired=True),
        owners={row.id: row.name for row in list_departments(teams=True)},
        costs=queries.list_costs(_today()),
        can_edit=can_set_reasons(actor()),
    )


@demand.route("/reasons/new", methods=["GET", "POST"])
@requires(Capability.ADMINISTER, audit="reason.added", rate=Rate.CHANGE)
def new_reason() -> ResponseReturnValue:
    """Add a contact reason."""
    form = ReasonForm()
    form.owner.choices = _owner_choices()
    rows = queries.list_reasons()
    form.parent.choices = [(0, _("Nothing: it is a group")), *((row.id, row.label) for row in rows)]
    if not form.validate_on_submit():
        return page("demand/new_reason.html", form=form, status=422 if form.errors else 200)
    with form.catching(), writing():
        services.add_reason(
            actor(),
            text_of(form.key),
            name=text_of(form.name),
            owner=get_department(form.owner.data),
            parent=queries.get_reason(form.parent.data) if form.parent.data else None,
            avoidable_minor=minor(form.avoidable_cost),
            full_minor=minor(form.full_cost),
            valid_from=form.valid_from.data or _today(),
        )
    if _is_refused(form):
        return page("demand/new_reason.html", form=form, status=422)
    return see("demand.reasons", toast=_("%(name)s is in the tree.", name=form.name.data))


@demand.route("/reasons/<id:reason_id>", methods=["GET", "POST"])
@requires(Capability.ADMINISTER, audit="reason.updated", rate=Rate.CHANGE)
def edit_reason(reason_id: int) -> ResponseReturnValue:
    """Rename a contact reason, give it to another department, or retire it."""
    reason = queries.get_reason(reason_id)
    form = ReasonEditForm(
        name=reason.name, owner=reason.owner_department_id, is_active=reason.is_active
    )
    form.owner.choices = _owner_choices()
    if not form.validate_on_submit():
        return _reason_page(reason, form, CostForm(formdata=None))
    with form.catching(), writing():
        services.update_reason(
            actor(),
            queries.get_reason(reason_id),
            name=text_of(form.name),
            owner=get_department(form.owner.data),
            is_active=form.is_active.data,
        )
    if _is_refused(form):
        return _reason_page(reason, form, CostForm(formdata=None))
    return see("demand.reasons", toast=_("%(name)s is kept.", name=form.name.data))


@demand.post("/reasons/<id:reason_id>/costs")
@requires(Capability.ADMINISTER, audit="reason.priced", rate=Rate.CHANGE)
def set_cost(reason_id: int) -> ResponseReturnValue:
    """Set what one contact for a reason costs from a day on."""
    costs = CostForm()
    if costs.validate():
        with costs.catching(), writing():
            services.set_cost(
                actor(),
                queries.get_reason(reason_id),
                valid_from=costs.valid_from.data or _today(),
                avoidable_minor=minor(costs.avoidable_cost),
                full_minor=minor(costs.full_cost),
            )
    if _is_refused(costs):
        reason = queries.get_reason(reason_id)
        form = ReasonEditForm(formdata=None, obj=reason, owner=reason.owner_department_id)
        form.owner.choices = _owner_choices()
        return _reason_page(reason, form, costs)
    return see("demand.edit_reason", reason_id=reason_id, toast=_("The cost is kept."))


def _reason_page(
    reason: ContactReason, form: ReasonEditForm, costs: CostForm
) -> ResponseReturnValue:
    is_refused = _is_refused(form) or _is_refused(costs)
    return page(
        "demand/edit_reason.html",
        reason=reason,
        form=form,
        costs=costs,
        history=queries.list_cost_history(reason.id),
        status=422 if is_refused else 200,
    )


def _is_refused(form: Form) -> bool:
    return bool(form.errors or form.form_errors)


def _owner_choices() -> list[tuple[int, str]]:
    return [(row.id, row.name) for row in list_departments()]
