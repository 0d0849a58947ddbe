"""The blueprint of people, which every module of their pages adds to, and what they share."""

from flask import Blueprint, Response, current_app, request

from portal.actor import Role
from portal.config import Config
from portal.errors import PortalError
from portal.people import sign_in
from portal.people.queries import SignedIn
from portal.people.throttle import TooManyAttempts
from portal.web.access import reader
from portal.web.answers import page
from portal.web.forms import Form

people = Blueprint("people", __name__)


def browser() -> sign_in.Browser:
    """Where this request comes from."""
    return sign_in.describe_browser(request.remote_addr, request.user_agent.string)


def secret() -> str:
    """The key of this installation, for what is signed or sealed."""
    return str(current_app.config["SECRET_KEY"])


def settings() -> Config:
    """The settings of this installation."""
    found: Config = current_app.extensions["portal"]
    return found


def roles_that_enrol() -> frozenset[Role]:
    """The roles that have to set up a second factor."""
    return frozenset(Role(name) for name in settings().second_factor_roles)


def device_cookie() -> str:
    """The name of the cookie by which a browser is known."""
    return "__Host-dev" if settings().is_secure else "dev"


def signed_in() -> SignedIn:
    """The signed-in person, with how they are signed in."""
    found = reader()
    assert isinstance(found, SignedIn)
    return found


def refuse(template: str, form: Form, error: PortalError, **said: object) -> Response:
    """A form's page again, with what was wrong above it; 429 when a brake is on."""
    form.form_errors.append(error.message)
    if not isinstance(error, TooManyAttempts):
        return page(template, form=form, status=422, **said)
    response = page(template, form=form, status=429, **said)
    response.headers["Retry-After"] = str(error.retry_after)
    return response
