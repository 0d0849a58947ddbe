"""What is kept of a person: taken along by themselves, forgotten by administrators."""

from flask import request, url_for
from flask.typing import ResponseReturnValue

from portal.actor import Capability
from portal.admin import erasing, giving
from portal.admin.blueprint import admin
from portal.admin.forms import EraseForm
from portal.admin.jobs import COMPACT
from portal.admin.policies import can_erase
from portal.audit.heads import kept_under
from portal.authors.queries import list_own_ids
from portal.database import writing
from portal.i18n import gettext as _
from portal.jobs.services import enqueue
from portal.notifications import post
from portal.people.models import Person
from portal.people.queries import get_person
from portal.text import compare_key
from portal.web.access import actor, reader, requires
from portal.web.answers import download, page, see_url
from portal.web.forms import text_of
from portal.web.rates import Rate


@admin.get("/me/data.json")
@requires(Capability.READ, audit="export.person", is_sensitive=True)
def my_data() -> ResponseReturnValue:
    """Everything that is kept of me, what I sealed among it, as one file."""
    me = get_person(reader().id)
    own_ids = list_own_ids(actor())
    collected = giving.collect(me, own_ids) | giving.collect_sealed(actor())
    return download(giving.write_down(collected), "my-data.json", "application/json")


@admin.route("/people/<id:person_id>/erase", methods=["GET", "POST"])
@requires(Capability.ADMINISTER, audit="person.erased", rate=Rate.CHANGE, is_sensitive=True)
def erase(person_id: int) -> ResponseReturnValue:
    """Forget a person: first what it would touch, then, with a reason, for good."""
    found, form = get_person(person_id), EraseForm()
    can_erase.require(actor(), found)
    if form.validate_on_submit():
        name, address = found.name, found.email
        if compare_key(text_of(form.address)) != found.email_key:
            form.address.errors = [_("This is not their address.")]
        else:
            _erase(found, form)
        if not form.errors and not form.form_errors:
            erasing.remember(kept_under(), found)
            post.forget(address, name)
            url = url_for("people.person", person_id=person_id)
            return see_url(url, toast=_("Erased. What they did stays, without their name."))
    status = 422 if request.method == "POST" else 200
    would = erasing.preview(found)
    return page("admin/erase.html", form=form, found=found, would=would, status=status)


def _erase(found: Person, form: EraseForm) -> None:
    mentions = erasing.find_mentions(found)
    with form.catching(), writing():
        person = get_person(found.id)
        erasing.erase_person(actor(), person, reason=text_of(form.reason), mentions=mentions)
        enqueue(COMPACT, {})
