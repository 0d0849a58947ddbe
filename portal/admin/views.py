"""The administrators' overview: what needs them, and where things are set."""

from flask import current_app, request
from flask.typing import ResponseReturnValue

from portal.actor import Capability
from portal.admin import log, masking, persons, services
from portal.admin.blueprint import admin
from portal.admin.checks import list_faults
from portal.admin.forms import GiveUpForm, MaskingForm
from portal.admin.queries import count_everything
from portal.database import active, writing
from portal.i18n import gettext as _
from portal.i18n import ngettext
from portal.jobs import queries as outbox
from portal.masking import Masked, MaskingPolicy, mask
from portal.text import normalise
from portal.web.access import actor, requires
from portal.web.answers import page, see
from portal.web.forms import text_of
from portal.web.rates import Rate

__all__ = ["admin", "log", "persons"]


@admin.get("/admin/")
@requires(Capability.ADMINISTER)
def overview() -> ResponseReturnValue:
    """What would go wrong, how much there is, and where to change it."""
    faults = list(list_faults(current_app.extensions["portal"], active()))
    return page("admin/overview.html", faults=faults, counts=count_everything())


@admin.get("/admin/jobs")
@requires(Capability.ADMINISTER)
def jobs() -> ResponseReturnValue:
    """Work outside requests: what waits, what runs, what failed and why."""
    return _jobs_page()


def _jobs_page(status: int = 200) -> ResponseReturnValue:
    return page(
        "admin/jobs.html",
        status=status,
        counts=outbox.count_tasks(),
        failed=outbox.list_failed(),
        given_up=outbox.list_given_up(),
        open_tasks=outbox.list_open(),
    )


@admin.post("/admin/jobs/<id:task_id>/again")
@requires(Capability.ADMINISTER, audit="task.tried_again", rate=Rate.CHANGE)
def try_task_again(task_id: int) -> ResponseReturnValue:
    """Let a task that failed start over."""
    with writing():
        services.try_task_again(actor(), outbox.get_task(task_id))
    return see(".jobs", toast=_("It starts over now."))


@admin.post("/admin/jobs/again")
@requires(Capability.ADMINISTER, audit="task.all_tried_again", rate=Rate.CHANGE)
def try_all_again() -> ResponseReturnValue:
    """Let everything that failed start over."""
    with writing():
        count = services.try_all_again(actor())
    said = ngettext("%(n)s task starts over now.", "%(n)s tasks start over now.", count)
    return see(".jobs", toast=said)


@admin.route("/admin/jobs/<id:task_id>/give-up", methods=["GET", "POST"])
@requires(Capability.ADMINISTER, audit="task.given_up", rate=Rate.CHANGE)
def give_up(task_id: int) -> ResponseReturnValue:
    """Leave a task that failed undone, with a reason."""
    form = GiveUpForm()
    if form.validate_on_submit():
        with form.catching(), writing():
            services.give_task_up(actor(), outbox.get_task(task_id), reason=form.reason.data or "")
        if not form.errors:
            return see(".jobs", toast=_("Left undone."))
    status = 422 if request.method == "POST" else 200
    return page("admin/give_up.html", form=form, task=outbox.get_task(task_id), status=status)


@admin.route("/admin/masking", methods=["GET", "POST"])
@requires(Capability.ADMINISTER, audit="masking.set", rate=Rate.CHANGE, is_sensitive=True)
def mask_settings() -> ResponseReturnValue:
    """What is masked in what people write; tried with an example, which is kept nowhere."""
    form, tried = MaskingForm(), None
    if request.method != "POST":
        policy = masking.read_policy()
        form.kinds.data = [kind.value for kind in policy.kinds]
        form.own_formats.data = "\n".join(policy.own_formats)
    elif form.validate():
        with form.catching():
            policy = masking.make_policy(form.kinds.data or (), text_of(form.own_formats))
            tried = _try(form, policy)
            if request.form.get("action") != "try":
                with writing():
                    masking.set_policy(actor(), policy)
        if not form.errors and request.form.get("action") != "try":
            return see(".mask_settings", toast=_("Kept. What is written from now on follows it."))
    status = 422 if form.errors else 200
    return page("admin/masking.html", form=form, tried=tried, status=status)


def _try(form: MaskingForm, policy: MaskingPolicy) -> Masked | None:
    example = normalise(text_of(form.example))
    return mask(example, policy) if example else None
