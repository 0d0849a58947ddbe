"""The administrators' desk: one person's account, roles, browsers and links."""

from flask import url_for
from flask.typing import ResponseReturnValue

from portal.actor import Capability, Role
from portal.database import writing
from portal.i18n import gettext as _
from portal.i18n import ngettext
from portal.people import credentials, labels, links, queries, second_factor, services, sign_in
from portal.people.blueprint import people, settings
from portal.people.forms import LinkForm, RoleForm
from portal.people.models import LinkPurpose, Person
from portal.web.access import actor, requires
from portal.web.answers import page, see
from portal.web.rates import Rate


@people.get("/people/<id:person_id>")
@requires(Capability.ADMINISTER)
def person(person_id: int) -> ResponseReturnValue:
    """One person's account."""
    return _desk(queries.get_person(person_id), LinkForm(), _role_form())


def _desk(
    found: Person, link_form: LinkForm, role_form: RoleForm, *, status: int = 200
) -> ResponseReturnValue:
    roles = credentials.list_roles(found.id)
    return page(
        "people/person.html",
        found=found,
        home=found.home_department_id and queries.get_department(found.home_department_id),
        assignments=queries.list_assignments(found.id),
        role_names=labels.role_names(),
        sessions=sign_in.list_sessions(found.id, sign_in.limits_of(roles)),
        has_code=second_factor.get_standing(found.id).is_on,
        is_me=actor().id == found.id,
        link_form=link_form,
        role_form=role_form,
        status=status,
    )


def _role_form() -> RoleForm:
    form = RoleForm()
    form.role.choices = list(labels.role_names().items())
    form.department.choices = [
        ("", _("everywhere")),
        *((str(one.id), one.name) for one in queries.list_departments(teams=True)),
    ]
    return form


@people.post("/people/<id:person_id>/sessions/end")
@requires(Capability.ADMINISTER, audit="session.ended", rate=Rate.CHANGE)
def end_all(person_id: int) -> ResponseReturnValue:
    """Sign somebody out everywhere."""
    with writing():
        count = credentials.sign_out_everywhere(actor(), queries.get_person(person_id))
    said = ngettext("%(num)s browser signed out.", "%(num)s browsers signed out.", count)
    return see(".person", person_id=person_id, toast=said)


@people.post("/people/<id:person_id>/link")
@requires(Capability.ADMINISTER, audit="link.made", rate=Rate.CHANGE, is_sensitive=True)
def make_link(person_id: int) -> ResponseReturnValue:
    """Make a one-time link; it is shown this once."""
    form = LinkForm()
    if not form.validate_on_submit():
        return _desk(queries.get_person(person_id), form, _role_form(), status=422)
    purpose = LinkPurpose(form.purpose.data)
    with writing():
        found = queries.get_person(person_id)
        token = links.make_link(actor(), found, purpose)
    address = settings().public_url + url_for("people.link", token=token)
    return page("people/link_made.html", found=found, purpose=purpose.value, address=address)


@people.post("/people/<id:person_id>/second-factor/off")
@requires(Capability.ADMINISTER, audit="second_factor.removed", rate=Rate.CHANGE, is_sensitive=True)
def remove_factor(person_id: int) -> ResponseReturnValue:
    """Turn off a second factor whose app is lost."""
    with writing():
        credentials.remove_second_factor(actor(), queries.get_person(person_id))
    return see(".person", person_id=person_id, toast=_("Turned off. They sign in again."))


@people.post("/people/<id:person_id>/roles")
@requires(Capability.ADMINISTER, audit="role.granted", rate=Rate.CHANGE, is_sensitive=True)
def give_role(person_id: int) -> ResponseReturnValue:
    """Give somebody a role."""
    form = _role_form()
    if form.validate_on_submit():
        role, chosen = Role(form.role.data), form.department.data
        with form.catching(), writing():
            department = queries.get_department(int(chosen)) if chosen else None
            services.grant_role(actor(), queries.get_person(person_id), role, department)
    if form.errors:
        return _desk(queries.get_person(person_id), LinkForm(), form, status=422)
    return see(".person", person_id=person_id, toast=_("Given. They sign in again."))


@people.post("/people/<id:person_id>/roles/<id:assignment_id>/end")
@requires(Capability.ADMINISTER, audit="role.ended", rate=Rate.CHANGE, is_sensitive=True)
def end_role(person_id: int, assignment_id: int) -> ResponseReturnValue:
    """Take a role back."""
    with writing():
        services.end_role(actor(), queries.get_assignment(person_id, assignment_id))
    return see(".person", person_id=person_id, toast=_("Taken back. They sign in again."))


@people.post("/people/<id:person_id>/close")
@requires(Capability.ADMINISTER, audit="person.deactivated", rate=Rate.CHANGE, is_sensitive=True)
def close(person_id: int) -> ResponseReturnValue:
    """Close an account."""
    with writing():
        services.deactivate_person(actor(), queries.get_person(person_id))
    return see(".person", person_id=person_id, toast=_("Closed, and signed out everywhere."))
