"""Signing in and out, one-time links, and who works where."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.actor import PROGRAM, Capability, Role
from portal.database import writing
from portal.errors import Conflict, NotFound
from portal.i18n import gettext as _
from portal.people import passwords, queries, services, sign_in
from portal.people.forms import FirstAdministratorForm, SignInForm
from portal.people.models import Person
from portal.web.access import public, requires
from portal.web.answers import own_path, page, see
from portal.web.forms import text_of
from portal.web.rates import Rate
from portal.web.sessions import current_session

people = Blueprint("people", __name__)


def _browser() -> sign_in.Browser:
    return sign_in.describe_browser(request.remote_addr, request.user_agent.string)


def _begin(token: str) -> None:
    """Put a new session's id into the answer; whatever the browser had before is gone."""
    session = current_session()
    session.clear()
    session.token = token
    session.began = True


@people.route("/sign-in", methods=["GET", "POST"], endpoint="sign_in")
@public(audit="person.signed_in", rate=Rate.OWN)
def sign_in_page() -> ResponseReturnValue:
    """Sign in with address and password."""
    target = own_path(request.values.get("next"))
    if request.method == "GET" and current_user.is_authenticated:
        return redirect(target, code=303)
    form = SignInForm()
    if not form.validate_on_submit():
        status = 422 if request.method == "POST" else 200
        return page("people/sign_in.html", form=form, next=target, status=status, **_demo())
    try:
        person = sign_in.check_password(text_of(form.email), text_of(form.password), _browser())
    except sign_in.TooManyAttempts as error:
        form.form_errors.append(error.message)
        answer = page("people/sign_in.html", form=form, next=target, status=429, **_demo())
        answer.headers["Retry-After"] = str(error.retry_after)
        return answer
    except sign_in.WrongPassword as error:
        form.form_errors.append(error.message)
        return page("people/sign_in.html", form=form, next=target, status=422, **_demo())
    _sign_in(person, "password")
    return redirect(target, code=303)


def _demo() -> dict[str, str | None]:
    """The demo's accounts and their one password, shown where the database is a demo."""
    return {"demo_password": queries.find_fact("demo_password")}


def _sign_in(person: Person, method: str) -> None:
    with writing():
        if before := current_session().token:
            sign_in.close_session(sign_in.digest(before))
        token = sign_in.open_session(person, method=method, browser=_browser())
    _begin(token)


@people.post("/sign-out")
@public(audit="person.signed_out", rate=Rate.FREE)
def sign_out() -> ResponseReturnValue:
    """End this session and clear what the browser keeps of us."""
    session = current_session()
    if token := session.token:
        with writing():
            sign_in.sign_out(token)
        session.was_closed = True
    response = redirect(url_for("people.sign_in"), code=303)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@people.get("/link/<token>")
@public
def link(token: str) -> ResponseReturnValue:
    """A one-time link opens a page with one button, so that a preview cannot use it up."""
    found = queries.find_link(sign_in.digest(token))
    if found is None or not sign_in.is_usable(found):
        raise NotFound(_("This link was used or has expired. Ask for a new one."))
    if found.person_id is None:
        return page("people/first_administrator.html", form=FirstAdministratorForm(), token=token)
    person = queries.get_person(found.person_id)
    return page("people/link.html", token=token, name=person.name)


@people.post("/link/<token>")
@public(audit="link.used", rate=Rate.OWN)
def use_link(token: str) -> ResponseReturnValue:
    """Sign in by a one-time link."""
    with writing():
        used = sign_in.use_link(token)
        if used.person_id is None:
            raise Conflict(_("This link makes the first administrator. Open it again."))
        person = queries.get_person(used.person_id)
    _sign_in(person, "link")
    return see("pages.home")


@people.post("/link/<token>/administrator")
@public(audit="link.used", rate=Rate.OWN)
def make_administrator(token: str) -> ResponseReturnValue:
    """Make the first administrator and sign them in."""
    form = FirstAdministratorForm()
    template = "people/first_administrator.html"
    if not form.validate_on_submit():
        return page(template, form=form, token=token, status=422)
    password_hash = passwords.hash_password(text_of(form.password))
    with form.catching(), writing():
        used = sign_in.use_link(token)
        if used.person_id is not None or queries.has_people():
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
    _sign_in(person, "link")
    return see("pages.home", toast=_("You are the administrator. Next: departments and people."))


@people.get("/people")
@requires(Capability.READ)
def people_page() -> ResponseReturnValue:
    """Who works here."""
    return page("people/people.html", people=queries.list_people())


@people.get("/departments")
@requires(Capability.READ)
def departments() -> ResponseReturnValue:
    """The departments, who heads them and who stands in."""
    rows = queries.list_departments(teams=True)
    ids = [i for row in rows for i in (row.head_id, row.deputy_id) if i is not None]
    return page("people/departments.html", departments=rows, names=queries.list_faces(ids))
