"""One-time links, opened: a page with one button, so that a preview cannot use a link up."""

from flask import flash
from flask.typing import ResponseReturnValue

from portal.actor import PROGRAM, Actor, Role
from portal.database import writing
from portal.errors import Conflict, NotAllowed
from portal.i18n import gettext as _
from portal.people import choosing, credentials, links, passwords, queries, services
from portal.people.blueprint import people
from portal.people.door import enter
from portal.people.forms import FirstAdministratorForm, NewPasswordForm
from portal.people.models import LinkPurpose
from portal.web.access import public
from portal.web.answers import page
from portal.web.errors import answer as refusal
from portal.web.forms import Form, text_of
from portal.web.rates import Rate

GONE = 410


@people.errorhandler(links.LinkSpent)
def spent(error: links.LinkSpent) -> ResponseReturnValue:
    """A link that does not open says so, the same way whatever the reason."""
    return refusal(GONE, error.message)


@people.get("/link/<token>")
@public
def link(token: str) -> ResponseReturnValue:
    """Say what a link does, and offer to do it."""
    found = links.get_usable_link(token)
    if found.purpose is LinkPurpose.ADMINISTRATOR:
        return page("people/first_administrator.html", form=FirstAdministratorForm(), token=token)
    return _link_page(token, found.purpose, NewPasswordForm(), found.person_id)


def _link_page(
    token: str, purpose: LinkPurpose, form: Form, person_id: int | None, *, status: int = 200
) -> ResponseReturnValue:
    person = queries.get_person(person_id or 0)
    return page(
        "people/link.html",
        form=form if purpose in links.WITH_PASSWORD else None,
        purpose=purpose.value,
        token=token,
        name=person.name,
        low=choosing.shortest(person),
        status=status,
    )


@people.post("/link/<token>")
@public(audit="link.used", rate=Rate.OWN)
def use_link(token: str) -> ResponseReturnValue:
    """Sign in by a link; one that asks for a new password keeps it."""
    found = links.get_usable_link(token)
    if found.purpose is LinkPurpose.ADMINISTRATOR or found.person_id is None:
        raise Conflict(_("This link makes the first administrator. Open it again."))
    person = queries.get_person(found.person_id)
    password_hash = None
    if found.purpose in links.WITH_PASSWORD:
        form = NewPasswordForm()
        if form.validate_on_submit():
            low = choosing.shortest(person)
            password_hash = choosing.hash_chosen(form, person.name, person.email, low=low)
        if password_hash is None:
            return _link_page(token, found.purpose, form, person.id, status=422)
    with writing():
        used = links.use_link(token)
        person = queries.get_person(used.person_id or 0)
        if not person.is_active:
            raise NotAllowed(_("This account is closed."))
        if password_hash is not None:
            own = Actor(id=person.id, name=person.name)
            credentials.set_password(own, person, password_hash=password_hash)
    return enter(person, "link", "/")


@people.post("/link/<token>/administrator")
@public(audit="link.used", rate=Rate.OWN)
def make_administrator(token: str) -> ResponseReturnValue:
    """Make the first administrator and sign them in."""
    if not links.was_administrators(token):
        raise NotAllowed(_("The first administrator is made by the link that the start printed."))
    links.get_usable_link(token)
    form, template = FirstAdministratorForm(), "people/first_administrator.html"
    password_hash = None
    if form.validate_on_submit():
        name, email = text_of(form.name), text_of(form.email)
        password_hash = choosing.hash_chosen(form, name, email, low=passwords.MIN_LENGTH)
    if password_hash is None:
        return page(template, form=form, token=token, status=422)
    with form.catching(), writing():
        links.use_link(token)
        if queries.has_people():
            raise Conflict(_("There are people already; the first administrator exists."))
        person = services.add_person(
            PROGRAM,
            text_of(form.email),
            name=text_of(form.name),
            roles=[(Role.AGENT, None), (Role.ADMINISTRATOR, None)],
            password_hash=password_hash,
        )
    if form.errors:
        return page(template, form=form, token=token, status=422)
    answer = enter(person, "link", "/")
    flash(_("You are the administrator. Next: departments and people."), "done")
    return answer
