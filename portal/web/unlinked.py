"""Routes that know nobody: no person is loaded, no session touched, nothing counted by person.

What stands in for the person: *the pass of the day*, the same for everybody who can open a form
that offers it, so that it proves "somebody who works here" and no more; and *the day token*,
random, held by the browser for these routes alone, by which they count.
"""

import hashlib
import hmac
from collections.abc import Callable
from datetime import date, timedelta
from secrets import compare_digest, token_hex
from typing import Any, TypeVar

from flask import Response, current_app, request

from portal.now import today

V = TypeVar("V", bound=Callable[..., Any])

COOKIE = "day"
COOKIE_PATH = "/anonymous"
TOKEN_LENGTH = 32


def unlinked(view: V) -> V:
    """Declare that a view must not learn who asks, even where their browser is signed in."""
    vars(view)["is_unlinked"] = True
    return view


def is_unlinked() -> bool:
    """Whether this request is for such a view."""
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "is_unlinked", False)


def pass_of_the_day(day: date | None = None) -> str:
    """What every signed-in page with such a form carries today; the same for everybody."""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    message = f"pass of the day {day or today()}".encode()
    return hmac.new(secret, message, hashlib.sha256).hexdigest()[:TOKEN_LENGTH]


def is_pass(shown: str) -> bool:
    """Whether this is the pass of today or of yesterday."""
    days = (today(), today() - timedelta(days=1))
    return any(compare_digest(shown.encode(), pass_of_the_day(day).encode()) for day in days)


def day_key(what: str = "day") -> str:
    """What this browser is counted by in one kind of doing: the hash of its token, or of none."""
    token = request.cookies.get(COOKIE, "")[:TOKEN_LENGTH]
    return hashlib.sha256(f"{what} {token}".encode()).hexdigest()


def keep_day_token(response: Response) -> Response:
    """Give the browser a day token, if it has none."""
    if not request.cookies.get(COOKIE):
        response.set_cookie(
            COOKIE,
            token_hex(TOKEN_LENGTH // 2),
            max_age=24 * 3600,
            path=COOKIE_PATH,
            httponly=True,
            samesite="Strict",
            secure=current_app.config["SESSION_COOKIE_SECURE"],
        )
    return response
