"""The door: signing in and out, and the code in between."""

from datetime import datetime, timedelta

from flask import make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.database import writing
from portal.now import now
from portal.people import credentials, devices, queries, second_factor, sign_in
from portal.people.blueprint import (
    browser,
    device_cookie,
    people,
    refuse,
    roles_that_enrol,
    secret,
    settings,
)
from portal.people.forms import CodeForm, SignInForm
from portal.people.models import Person
from portal.people.throttle import TooManyAttempts
from portal.people.tokens import digest
from portal.web.access import public
from portal.web.answers import own_path, page
from portal.web.forms import text_of
from portal.web.rates import Rate
from portal.web.sessions import begin_session, current_session, leave_session

HALF_IN = "half_in"
HALF_IN_LIFE = timedelta(minutes=10)
"""How long the code may take after the password."""


@people.route("/sign-in", methods=["GET", "POST"], endpoint="sign_in")
@public(audit="person.signed_in", rate=Rate.OWN)
def sign_in_page() -> ResponseReturnValue:
    """Sign in with address and password."""
    target = own_path(request.values.get("next"))
    if request.method != "POST" and current_user.is_authenticated:
        return redirect(target, code=303)
    form, template = SignInForm(), "people/sign_in.html"
    said = {"next": target, "demo_password": queries.find_fact("demo_password")}
    if not form.validate_on_submit():
        return page(template, form=form, status=422 if form.errors else 200, **said)
    try:
        person = sign_in.check_password(
            text_of(form.email),
            text_of(form.password),
            browser(),
            secret=secret(),
            device=request.cookies.get(device_cookie()),
        )
    except (TooManyAttempts, sign_in.WrongPassword) as error:
        return refuse(template, form, error, **said)
    return enter(person, "password", target)


def enter(person: Person, method: str, target: str) -> ResponseReturnValue:
    """Let somebody in who has shown a password or a link, by way of their code if they have one."""
    if not second_factor.get_standing(person.id).is_on:
        return _let_in(person, method, target)
    _close_current()
    leave_session()
    current_session()[HALF_IN] = {
        "person": person.id,
        "method": method,
        "until": (now() + HALF_IN_LIFE).isoformat(),
        "password": _mark(person),
    }
    return redirect(url_for("people.code", next=target), code=303)


def _mark(person: Person) -> str:
    """Changes with the password, so that a new one ends what the old one began."""
    return digest(f"half in:{person.password_hash}").hex()[:16]


def _find_half_in() -> tuple[Person, str] | None:
    """Who has shown a password or a link in this browser and still owes a code, and which."""
    kept = current_session().get(HALF_IN)
    if not kept or datetime.fromisoformat(kept["until"]) <= now():
        return None
    person = queries.get_person(kept["person"])
    if not person.is_active or kept["password"] != _mark(person):
        return None
    return person, str(kept["method"])


@people.route("/sign-in/code", methods=["GET", "POST"])
@public(audit="person.signed_in", rate=Rate.OWN)
def code() -> ResponseReturnValue:
    """The second step: a code of the app, or a recovery code."""
    target = own_path(request.values.get("next"))
    half_in = _find_half_in()
    if half_in is None:
        return redirect(url_for("people.sign_in", next=target), code=303)
    person, method = half_in
    form, template = CodeForm(), "people/code.html"
    if not form.validate_on_submit():
        return page(template, form=form, next=target, status=422 if form.errors else 200)
    try:
        second_factor.check_code(person.id, text_of(form.code), secret())
    except (TooManyAttempts, second_factor.WrongCode) as error:
        return refuse(template, form, error, next=target)
    return _let_in(person, f"{method}+code", target)


def _let_in(person: Person, method: str, target: str) -> ResponseReturnValue:
    """Open a session with a new id, and know this browser from now on."""
    roles = credentials.list_roles(person.id)
    must_enrol = not method.endswith("+code") and credentials.needs_second_factor(
        person.id, roles_that_enrol()
    )
    _close_current()
    with writing():
        token = sign_in.open_session(
            person,
            method=method,
            browser=browser(),
            limits=sign_in.limits_of(roles),
            must_enrol=must_enrol,
        )
    begin_session(token)
    response = make_response(redirect(target, code=303))
    if devices.find_device(secret(), person.id, request.cookies.get(device_cookie())) is None:
        response.set_cookie(
            device_cookie(),
            devices.make_device(secret(), person.id),
            max_age=devices.LIFE,
            secure=settings().is_secure,
            httponly=True,
            samesite="Lax",
            path="/",
        )
    return response


def _close_current() -> None:
    if before := current_session().token:
        with writing():
            sign_in.close_session(digest(before))


@people.post("/sign-out")
@public(audit="person.signed_out", rate=Rate.FREE)
def sign_out() -> ResponseReturnValue:
    """End this session and clear what the browser keeps of us, but that it is known."""
    session = current_session()
    if token := session.token:
        with writing():
            sign_in.sign_out(token)
    session.was_closed = True
    response = redirect(url_for("people.sign_in"), code=303)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
