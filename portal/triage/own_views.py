"""The pages where a head names views of the inbox of their own."""

from flask import request
from flask.typing import ResponseReturnValue

from portal.actor import Capability
from portal.database import writing
from portal.i18n import gettext as _
from portal.triage import forms, saving
from portal.triage.blueprint import triage
from portal.triage.labels import view_label
from portal.triage.lists import Look, View, count_inbox_by_view
from portal.web.access import actor, requires
from portal.web.answers import page, see
from portal.web.forms import text_of
from portal.web.rates import Rate


@triage.route("/triage/views", methods=["GET", "POST"])
@requires(Capability.TRIAGE, audit="view.saved", rate=Rate.CHANGE)
def views() -> ResponseReturnValue:
    """The reader's own views: what they are called, and one more."""
    form = forms.ViewForm()
    if form.validate_on_submit():
        with form.catching(), writing():
            saved = saving.save_view(
                actor(), name=text_of(form.name), views=map(View, form.views.data or ())
            )
            look = saved.look
        if not form.errors and not form.form_errors:
            return see("triage.index", view=look, toast=_("The view is in your inbox."))
    return _own_views(form, 422 if request.method == "POST" else 200)


@triage.post("/triage/views/<id:view_id>/rename")
@requires(Capability.TRIAGE, audit="view.renamed", rate=Rate.CHANGE)
def rename_view(view_id: int) -> ResponseReturnValue:
    """Call one's own view by another name."""
    form = forms.ViewNameForm()
    if form.validate_on_submit():
        with form.catching(), writing():
            saving.rename_view(actor(), saving.get_saved(actor(), view_id), name=text_of(form.name))
        if not form.errors and not form.form_errors:
            return see("triage.views", toast=_("Renamed."))
    saving.get_saved(actor(), view_id)
    return _own_views(forms.ViewForm(None), 422, renaming={view_id: form})


@triage.post("/triage/views/<id:view_id>/delete")
@requires(Capability.TRIAGE, audit="view.deleted", rate=Rate.CHANGE)
def delete_view(view_id: int) -> ResponseReturnValue:
    """Take one's own view out of the inbox; its ideas stay where they are."""
    with writing():
        saving.delete_view(actor(), saving.get_saved(actor(), view_id))
    return see("triage.views", toast=_("The view is gone, its ideas are not."))


def _own_views(
    form: forms.ViewForm, status: int, *, renaming: dict[int, forms.ViewNameForm] | None = None
) -> ResponseReturnValue:
    renaming = renaming or {}
    saved = saving.list_saved(actor())
    counts = count_inbox_by_view(actor())
    own = [
        {
            "saved": one,
            "count": counts.of(Look.read(one.look)),
            "labels": [view_label(view) for view in View if view in Look.read(one.look).views],
            "form": renaming.get(one.id) or forms.ViewNameForm(None, name=one.name),
        }
        for one in saved
    ]
    return page("triage/views.html", status=status, form=form, own=own)
