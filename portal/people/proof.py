"""Asking again who is there, before what matters most: a small page, and then on.

A route that is declared sensitive wants a password or a code that was shown within the last ten
minutes.  Where it is older, a page to read is put off until after the question; a form that was
sent comes back with what it held in hidden fields and asks in the same step, so that nothing is
typed twice.  What it held is masked as it would be when it is kept; no password is carried.
"""

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.actor import Capability
from portal.database import writing
from portal.errors import NotAllowed, PortalError
from portal.i18n import gettext as _
from portal.masking import mask
from portal.people import credentials, queries, second_factor, sign_in
from portal.people.blueprint import browser, device_cookie, people, refuse, secret, signed_in
from portal.people.forms import ProofForm
from portal.people.throttle import TooManyAttempts
from portal.web.access import SAFE, current_declaration, find_reader, requires
from portal.web.answers import own_path, page, wants_fragment
from portal.web.errors import is_shown_back
from portal.web.forms import text_of
from portal.web.rates import Rate
from portal.web.sessions import begin_session, current_session

TEMPLATE = "people/prove.html"
OWN_FIELDS = frozenset({"csrf_token", "proof_password", "proof_code"})
WHILE_ENROLLING = ("people.second_factor", "people.prove")
"""How the endpoints begin that stay open to somebody who has to set up a second factor."""


@people.before_app_request
def hold() -> ResponseReturnValue | None:
    """Before every page of a signed-in person: what they have to set up, or to show again."""
    says = current_declaration()
    if says is None or says.is_public or find_reader() is None:
        return None
    person, endpoint = signed_in(), request.endpoint or ""
    if person.must_enrol and not endpoint.startswith(WHILE_ENROLLING):
        return _enrol_first()
    if says.is_sensitive and not sign_in.is_fresh(person.proved_at):
        return _prove_first()
    return None


def _enrol_first() -> ResponseReturnValue:
    if request.method in SAFE:
        return redirect(url_for("people.second_factor_page"), code=303)
    raise NotAllowed(_("Your role needs a second factor. Set it up, then send this again."))


def _prove_first() -> ResponseReturnValue | None:
    """Ask, or take the answer that came with the form and let the request go on."""
    if request.method in SAFE:
        return redirect(url_for("people.prove", next=_this_address()), code=303)
    form = ProofForm()
    if not (form.proof_password.data or form.proof_code.data):
        return _ask(form, 403)
    try:
        _prove(form)
    except PortalError as error:
        return _for_htmx(refuse(TEMPLATE, form, error, **_asked(carries=True)))
    return None


def _ask(form: ProofForm, status: int) -> ResponseReturnValue:
    return _for_htmx(page(TEMPLATE, form=form, status=status, **_asked(carries=True)))


def _for_htmx(response: Response) -> Response:
    """An htmx request swaps what answers 422: the question takes the page's place."""
    if wants_fragment():
        response.status_code = 422
        response.headers["HX-Retarget"] = "#main"
        response.headers["HX-Reselect"] = "#main > *"
        response.headers["HX-Reswap"] = "innerHTML"
    return response


def _this_address() -> str:
    return own_path(request.full_path.rstrip("?"))


def _asked(*, carries: bool, target: str | None = None) -> dict[str, object]:
    person = signed_in()
    return {
        "action": _this_address() if carries else url_for("people.prove", next=target),
        "carried": _carried() if carries else [],
        "has_password": queries.get_person(person.id).password_hash is not None,
        "has_code": second_factor.get_standing(person.id).is_on,
    }


def _carried() -> list[tuple[str, str]]:
    """What the form held, to be sent again with the answer."""
    return [
        (name, mask(value).text if is_shown_back(name) else value)
        for name, values in request.form.lists()
        for value in values
        if name not in OWN_FIELDS and "password" not in name
    ]


def _prove(form: ProofForm) -> None:
    """Check the password or the code, and give the session a new id.

    Raises
    ------
    TooManyAttempts, WrongPassword, WrongCode
        As signing in does; the tries are counted together with its.
    """
    person = signed_in()
    if form.proof_code.data:
        second_factor.check_code(person.id, text_of(form.proof_code), secret())
    else:
        sign_in.check_password(
            person.email,
            text_of(form.proof_password),
            browser(),
            secret=secret(),
            device=request.cookies.get(device_cookie()),
        )
    token = current_session().token or ""
    with writing():
        fresh = credentials.prove(person.actor, token)
    begin_session(fresh)


@people.route("/me/prove", methods=["GET", "POST"])
@requires(Capability.READ, audit="person.proved", rate=Rate.OWN)
def prove() -> ResponseReturnValue:
    """Say again who is there, and go on to where one wanted to go."""
    target = own_path(request.args.get("next"))
    form = ProofForm()
    said = _asked(carries=False, target=target)
    if not form.validate_on_submit():
        return page(TEMPLATE, form=form, status=422 if form.errors else 200, **said)
    if not (form.proof_password.data or form.proof_code.data):
        form.form_errors.append(_("Type your password or a code."))
        return page(TEMPLATE, form=form, status=422, **said)
    try:
        _prove(form)
    except (TooManyAttempts, sign_in.WrongPassword, second_factor.WrongCode) as error:
        return refuse(TEMPLATE, form, error, **said)
    return redirect(target, code=303)
