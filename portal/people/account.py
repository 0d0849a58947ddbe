"""One's own account: password, second factor, and where one is signed in."""

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.actor import Capability
from portal.database import writing
from portal.i18n import gettext as _
from portal.i18n import ngettext
from portal.people import choosing, credentials, passwords, queries, second_factor, sign_in
from portal.people.blueprint import (
    browser,
    device_cookie,
    people,
    refuse,
    roles_that_enrol,
    secret,
    settings,
    signed_in,
)
from portal.people.forms import CodeForm, NewPasswordForm, PasswordForm
from portal.people.models import Person
from portal.people.throttle import TooManyAttempts
from portal.people.tokens import digest
from portal.web.access import actor, requires
from portal.web.answers import page, see
from portal.web.forms import text_of
from portal.web.rates import Rate
from portal.web.sessions import begin_session, current_session


def _this() -> bytes:
    """The stored name of the session this request came with."""
    return digest(current_session().token or "")


@people.get("/me/sessions")
@requires(Capability.READ)
def sessions() -> ResponseReturnValue:
    """Where I am signed in."""
    me = signed_in()
    return page(
        "people/sessions.html",
        sessions=sign_in.list_sessions(me.id, sign_in.limits_of(me.roles)),
        this=_this(),
        limits=sign_in.limits_of(me.roles),
    )


@people.post("/me/sessions/<key>/end")
@requires(Capability.READ, audit="session.ended", rate=Rate.CHANGE)
def end_session(key: str) -> ResponseReturnValue:
    """Sign one of my browsers out; this one too, if it is the one."""
    me = signed_in()
    with writing():
        ended = credentials.end_own_session(me.actor, key, sign_in.limits_of(me.roles))
    if ended == _this():
        current_session().was_closed = True
        return redirect(url_for("people.sign_in"), code=303)
    return see(".sessions", toast=_("Signed out there."))


@people.post("/me/sessions/end-others")
@requires(Capability.READ, audit="session.ended", rate=Rate.CHANGE)
def end_others() -> ResponseReturnValue:
    """Sign all my browsers out but this one."""
    with writing():
        count = credentials.end_other_sessions(actor(), _this())
    said = ngettext("%(num)s browser signed out.", "%(num)s browsers signed out.", count)
    return see(".sessions", toast=said if count else _("There was no other one."))


@people.route("/me/password", methods=["GET", "POST"])
@requires(Capability.READ, audit="person.password_changed", rate=Rate.CHANGE)
def password() -> ResponseReturnValue:
    """Choose a new password, showing the one until now; without one, soon after a link."""
    me = queries.get_person(signed_in().id)
    has_password = me.password_hash is not None
    if not has_password and not sign_in.is_fresh(signed_in().proved_at):
        return page("people/password.html", form=None, low=passwords.MIN_LENGTH)
    form = PasswordForm() if has_password else NewPasswordForm()
    low = choosing.shortest(me)
    said = {"low": low, "has_password": has_password}
    if not form.validate_on_submit():
        return page("people/password.html", form=form, status=422 if form.errors else 200, **said)
    try:
        if isinstance(form, PasswordForm):
            _check_current(me, text_of(form.current_password))
    except TooManyAttempts as error:
        return refuse("people/password.html", form, error, **said)
    except sign_in.WrongPassword:
        form.current_password.errors = [_("This is not your password.")]
    password_hash = None if form.errors else choosing.hash_chosen(form, me.name, me.email, low=low)
    if password_hash is None:
        return page("people/password.html", form=form, status=422, **said)
    with writing():
        credentials.set_password(actor(), queries.get_person(me.id), password_hash=password_hash)
        token = _open_again()
    begin_session(token)
    return see("pages.me", toast=_("Your password is new. Every other browser is signed out."))


def _check_current(me: Person, typed: str) -> None:
    sign_in.check_password(
        me.email,
        typed,
        browser(),
        secret=secret(),
        device=request.cookies.get(device_cookie()),
    )


def _open_again() -> str:
    """A new session for this browser, after everything the person had was signed out."""
    me = signed_in()
    return sign_in.open_session(
        queries.get_person(me.id),
        method="password",
        browser=browser(),
        limits=sign_in.limits_of(me.roles),
    )


@people.get("/me/second-factor")
@requires(Capability.READ, is_sensitive=True)
def second_factor_page() -> ResponseReturnValue:
    """How far my second factor is set up, and the next step."""
    return _second_factor(CodeForm())


def _second_factor(form: CodeForm, *, status: int = 200) -> Response:
    me = signed_in()
    standing = second_factor.get_standing(me.id)
    is_open = standing.is_begun and not standing.is_on
    return page(
        "people/second_factor.html",
        form=form,
        standing=standing,
        secret=second_factor.get_secret(me.id, secret()) if is_open else None,
        is_needed=credentials.needs_second_factor(me.id, roles_that_enrol()),
        status=status,
    )


@people.post("/me/second-factor/begin")
@requires(Capability.READ, audit="second_factor.begun", rate=Rate.CHANGE, is_sensitive=True)
def second_factor_begin() -> ResponseReturnValue:
    """Make a secret for my app."""
    with writing():
        second_factor.begin(actor(), secret())
    return see(".second_factor_page")


@people.get("/me/second-factor/qr.svg")
@requires(Capability.READ, is_sensitive=True)
def second_factor_picture() -> ResponseReturnValue:
    """The secret as a picture that the app reads, while it is not confirmed."""
    me = signed_in()
    drawn = second_factor.draw_secret(
        second_factor.get_secret(me.id, secret()), account=me.email, site=settings().site_name
    )
    return Response(drawn, mimetype="image/svg+xml")


@people.post("/me/second-factor/confirm")
@requires(Capability.READ, audit="second_factor.confirmed", rate=Rate.CHANGE, is_sensitive=True)
def second_factor_confirm() -> ResponseReturnValue:
    """Turn it on with a first code; the recovery codes are shown this once."""
    form = CodeForm()
    if not form.validate_on_submit():
        return _second_factor(form, status=422)
    me = signed_in()
    try:
        with writing():
            codes = second_factor.confirm(me.actor, text_of(form.code), secret())
            fresh = credentials.confirm_enrolment(me.actor, current_session().token or "")
    except second_factor.WrongCode as error:
        form.code.errors = [error.message]
        return _second_factor(form, status=422)
    begin_session(fresh)
    return page("people/recovery_codes.html", codes=codes, is_first=True)


@people.post("/me/second-factor/codes")
@requires(Capability.READ, audit="recovery_code.renewed", rate=Rate.CHANGE, is_sensitive=True)
def second_factor_codes() -> ResponseReturnValue:
    """Ten new recovery codes, shown this once."""
    me = signed_in()
    with writing():
        codes = second_factor.renew_recovery_codes(me.actor)
        fresh = credentials.rotate_and_end_others(me.actor, current_session().token or "")
    begin_session(fresh)
    return page("people/recovery_codes.html", codes=codes, is_first=False)


@people.post("/me/second-factor/off")
@requires(Capability.READ, audit="second_factor.removed", rate=Rate.CHANGE, is_sensitive=True)
def second_factor_off() -> ResponseReturnValue:
    """Turn it off again, where the role leaves that open."""
    me = signed_in()
    with writing():
        credentials.turn_off_second_factor(me.actor, roles_that_enrol())
        fresh = credentials.rotate_and_end_others(me.actor, current_session().token or "")
    begin_session(fresh)
    return see(".second_factor_page", toast=_("Turned off."))
