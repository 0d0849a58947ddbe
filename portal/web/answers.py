"""How a view answers: a page, a fragment, or 303 after a write."""

from json import dumps
from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.errors import Conflict
from portal.i18n import gettext as _


def see(
    endpoint: str, *, toast: str | None = None, undo: str | None = None, **values: Any
) -> ResponseReturnValue:
    """Answer a write: 303 to a page, with a short message on it.

    ``undo`` is the address of a POST that takes it back.
    """
    if toast:
        message: Any = {"text": toast, "undo": undo} if undo else toast
        flash(message, "done")
    return redirect(url_for(endpoint, **values), code=303)


def see_url(url: str, *, toast: str | None = None) -> ResponseReturnValue:
    """Answer a write: 303 to an address of ours."""
    if toast:
        flash(toast, "done")
    return redirect(own_path(url), code=303)


def see_instead(endpoint: str, **values: Any) -> ResponseReturnValue:
    """Answer for a form whose time is over, as Back leads to one: to what became of it.

    Raises Conflict where something was typed into it, which the page of the conflict keeps.
    """
    if request.method == "POST":
        raise Conflict(_("This cannot be done any more: things have moved on."))
    return see(endpoint, **values)


def wants_fragment() -> bool:
    """Whether htmx asked for a part of a page (a boosted or restoring request wants it whole)."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Boosted") != "true"
        and headers.get("HX-History-Restore-Request") != "true"
    )


def page(template: str, *, status: int = 200, **context: Any) -> Response:
    """Render a page; 422 shows a form again with what was typed.

    What it reads is fresh: a writing unit releases the reader when it begins.
    """
    return make_response(render_template(template, **context), status)


def fragment(
    template: str, *, status: int = 200, toast: str | None = None, **context: Any
) -> Response:
    """Render a fragment for htmx, with a short message beside it."""
    answer = page(template, status=status, **context)
    if toast:
        answer.headers["HX-Trigger"] = dumps({"toast": {"text": toast}})
    return answer


def own_path(url: str | None, default: str = "/") -> str:
    """A path of this site, or the default: no scheme, host, backslash or hidden character.

    Browsers read a backslash as a slash and drop tabs and line ends, so an address that holds
    one leads elsewhere than it seems to.
    """
    if not url or not url.startswith("/") or url[1:2] in {"/", "\\"}:
        return default
    if "\\" in url or " " in url or not url.isprintable():
        return default
    return url


def download(content: str, filename: str, mimetype: str) -> Response:
    """A file to keep, never shown inline."""
    response = Response(content, mimetype=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response
