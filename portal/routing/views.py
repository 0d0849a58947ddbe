"""How items find their department: the ordered rules, the learned router, and suggestions."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from portal.actor import Capability
from portal.database import writing
from portal.errors import Conflict
from portal.i18n import gettext as _
from portal.routing import learning, router, ruling, telling
from portal.routing.forms import RouterForm, RuleForm, StepForm, TextForm
from portal.routing.models import RoutingRule
from portal.routing.rules import Conditions, read_conditions
from portal.routing.trial import Trial, try_rule
from portal.web.access import actor, requires
from portal.web.answers import fragment, page, see, wants_fragment
from portal.web.rates import Rate

routing = Blueprint("routing", __name__)

NO_DEPARTMENT = 0


@routing.get("/admin/routing")
@requires(Capability.ADMINISTER)
def index() -> ResponseReturnValue:
    """The rules in their order, and what the learned router can do."""
    return _index()


def _index(form: RouterForm | None = None, *, status: int = 200) -> ResponseReturnValue:
    setting = router.get_setting()
    found = router.find_router()
    return page(
        "routing/index.html",
        status=status,
        rules=telling.list_rule_lines(),
        router=found,
        setting=setting,
        least=router.LEAST_EXAMPLES,
        form=form or RouterForm(obj=setting),
    )


@routing.route("/admin/routing/rules/new", methods=["GET", "POST"])
@requires(Capability.ADMINISTER, audit="rule.added", rate=Rate.CHANGE)
def new_rule() -> ResponseReturnValue:
    """Write a rule, try it on the past, and keep it."""
    form = RuleForm()
    form.offer()
    if request.method == "GET" or not form.validate():
        return _rule_page(form, None)
    if request.form.get("action") == "try":
        return _rule_page(form, None, trial=_trial(form, None))
    with form.catching(), writing():
        ruling.add_rule(actor(), form.draft())
    if form.errors or form.form_errors:
        return _rule_page(form, None)
    return see(".index", toast=_("The rule is kept. It is asked from now on."))


@routing.route("/admin/routing/rules/<id:rule_id>", methods=["GET", "POST"])
@requires(Capability.ADMINISTER, audit="rule.changed", rate=Rate.CHANGE)
def edit_rule(rule_id: int) -> ResponseReturnValue:
    """Change a rule, having tried the change on the past; and what it was before."""
    rule = ruling.get_rule(rule_id)
    form = RuleForm()
    asked = read_conditions(rule.conditions)
    form.offer(asked)
    if request.method == "GET":
        form.name.data, form.department.data = rule.name, rule.department_id
        form.version.data = str(rule.version)
        form.fill(asked)
        return _rule_page(form, rule)
    if not form.validate():
        return _rule_page(form, rule)
    if request.form.get("action") == "try":
        return _rule_page(form, rule, trial=_trial(form, rule_id))
    try:
        with form.catching(), writing():
            rule = ruling.get_rule(rule_id)
            ruling.update_rule(actor(), rule, form.draft(), version=form.seen_version)
    except Conflict as conflict:
        form.form_errors.append(conflict.message)
    if form.errors or form.form_errors:
        return _rule_page(form, ruling.get_rule(rule_id))
    return see(".index", toast=_("The rule is kept. It is asked from now on."))


def _trial(form: RuleForm, rule_id: int | None) -> Trial | None:
    """What the rule would do; None with the fault on the form."""
    trial = None
    with form.catching():
        draft = form.draft()
        ruling.check_draft(draft)
        trial = try_rule(draft.name, draft.department_id, draft.conditions, rule_id=rule_id)
    return None if form.errors or form.form_errors else trial


def _rule_page(
    form: RuleForm, rule: RoutingRule | None, *, trial: Trial | None = None
) -> ResponseReturnValue:
    is_refused = bool(form.errors or form.form_errors)
    names = telling.Names()
    asked = read_conditions(rule.conditions) if rule else Conditions()
    department_id = rule.department_id if rule else NO_DEPARTMENT
    return page(
        "routing/rule.html",
        status=422 if is_refused else 200,
        form=form,
        rule_id=rule.id if rule else None,
        faults=telling.find_faults(department_id, asked, names) if rule else [],
        changes=telling.list_changes(rule.id) if rule else [],
        version=rule.version if rule else 0,
        trial=trial,
    )


@routing.post("/admin/routing/rules/<id:rule_id>/move")
@requires(Capability.ADMINISTER, audit="rule.moved", rate=Rate.CHANGE)
def move_rule(rule_id: int) -> ResponseReturnValue:
    """Ask a rule before or after its neighbour."""
    way = StepForm().way.data
    with writing():
        ruling.move_rule(actor(), ruling.get_rule(rule_id), up=way == "up")
    return see(".index", toast=_("Moved."), _anchor="rules")


@routing.post("/admin/routing/rules/<id:rule_id>/switch")
@requires(Capability.ADMINISTER, audit=("rule.switched_on", "rule.switched_off"), rate=Rate.CHANGE)
def switch_rule(rule_id: int) -> ResponseReturnValue:
    """Let a rule be asked, or not."""
    is_on = StepForm().way.data == "on"
    with writing():
        ruling.switch_rule(actor(), ruling.get_rule(rule_id), on=is_on)
    toast = _("The rule is asked again.") if is_on else _("The rule is switched off.")
    return see(".index", toast=toast, _anchor="rules")


@routing.post("/admin/routing/rules/<id:rule_id>/restore")
@requires(Capability.ADMINISTER, audit="rule.restored", rate=Rate.CHANGE)
def restore_rule(rule_id: int) -> ResponseReturnValue:
    """Make a rule what it was."""
    version = StepForm().number
    with writing():
        ruling.restore_rule(actor(), ruling.get_rule(rule_id), version=version)
    return see(".edit_rule", rule_id=rule_id, toast=_("The rule is what it was."))


@routing.post("/admin/routing/router")
@requires(Capability.ADMINISTER, audit="router.set", rate=Rate.CHANGE)
def set_router() -> ResponseReturnValue:
    """Say whether the learned router acts alone, and from which confidence."""
    form = RouterForm()
    if form.validate():
        with form.catching(), writing():
            learning.set_router(
                actor(),
                is_on=form.is_on.data,
                confidence_percent=form.confidence_percent.data or 0,
            )
    if form.errors or form.form_errors:
        return _index(form, status=422)
    return see(".index", toast=_("Kept. It holds from now on."), _anchor="router")


@routing.post("/admin/routing/learn")
@requires(Capability.ADMINISTER, audit="router.asked", rate=Rate.ANALYSE)
def learn() -> ResponseReturnValue:
    """Let the worker learn anew."""
    with writing():
        learning.ask_to_learn(actor())
    return see(".index", toast=_("The worker learns anew. It takes a minute."), _anchor="router")


@routing.post("/routing/suggestions")
@requires(Capability.SUBMIT, audit=(), rate=Rate.PREVIEW)
def suggestions() -> ResponseReturnValue:
    """Where what is being written may belong; nothing of it is kept."""
    found = router.suggest(TextForm().whole)
    if wants_fragment():
        return fragment("routing/_suggestions.html", suggestions=found)
    return page("routing/suggestions.html", suggestions=found)
