"""The addresses of the files of a thing: below the thing's own, so that each read loads it first.

The slice of the thing calls :func:`add_file_routes` with a function that returns the thing for
this reader, or raises NotFound as its page does.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, send_file
from flask.typing import ResponseReturnValue

from portal.actor import Capability
from portal.attachments import kinds, policies, queries, services, storage
from portal.attachments.forms import AttachForm, RedactForm, sent_files
from portal.attachments.intake import receiving
from portal.attachments.models import Attachment, State
from portal.database import writing
from portal.errors import Conflict, NotFound
from portal.i18n import gettext as _
from portal.web.access import actor, requires
from portal.web.answers import page, see_url
from portal.web.forms import text_of
from portal.web.headers import DOWNLOAD_CSP
from portal.web.rates import Rate


@dataclass(frozen=True, slots=True)
class Holder:
    """What files belong to, as this reader may see it.

    ``url`` is its page, ``address`` where its files stand.  ``takes_files`` says whether the
    reader may attach now, ``is_open`` whether what they attached may still be taken back.
    """

    kind: str
    id: int
    name: str
    url: str
    address: str
    takes_files: bool
    is_open: bool


Find = Callable[[int, bool], Holder]
"""The holder by its number; the second argument asks to hold its row for a unit."""


def files_panel(holder: Holder) -> dict[str, Any]:
    """For ``attachments/_attached.html``: what is attached, and room for more; one statement."""
    me = actor()
    files = queries.list_files(me, holder.kind, holder.id)
    clean = [file for file in files if file.state is State.CLEAN]
    return {
        "files": files,
        "holder": holder,
        "attach_form": AttachForm(formdata=None),
        "redact_forms": {one.id: RedactForm.of(one.id) for one in clean}
        if policies.can_redact(me)
        else {},
        "reader_id": me.id,
    }


def add_file_routes(blueprint: Blueprint, place: str, find: Find) -> None:
    """Give every thing at ``place`` (such as ``/ideas/<ref("I"):number>``) its files."""
    _add_reading(blueprint, place, find)
    _add_writing(blueprint, place, find)
    _add_redacting(blueprint, place, find)


def _add_reading(blueprint: Blueprint, place: str, find: Find) -> None:
    @blueprint.get(f"{place}/files/<id:file_id>")
    @requires(Capability.READ)
    def file(number: int, file_id: int) -> ResponseReturnValue:
        """A file to keep."""
        found = _get_clean(find(number, False), file_id)
        return _give(found, found.key, "attachment")

    @blueprint.get(f"{place}/files/<id:file_id>/picture")
    @requires(Capability.READ)
    def picture(number: int, file_id: int) -> ResponseReturnValue:
        """A picture that was made anew, to be looked at."""
        found = _get_clean(find(number, False), file_id)
        return _give(_only_picture(found), found.key, "inline")

    @blueprint.get(f"{place}/files/<id:file_id>/thumbnail")
    @requires(Capability.READ)
    def thumbnail(number: int, file_id: int) -> ResponseReturnValue:
        """The same, small."""
        found = _get_clean(find(number, False), file_id)
        return _give(_only_picture(found), found.thumbnail_key, "inline", "image/webp")


def _get_clean(holder: Holder, file_id: int) -> Attachment:
    found = queries.get_file(actor(), holder.kind, holder.id, file_id)
    if found.state is not State.CLEAN:
        raise NotFound(_("There is nothing here that you can see."))
    return found


def _only_picture(file: Attachment) -> Attachment:
    if file.kind not in kinds.PICTURES:
        raise NotFound(_("There is nothing here that you can see."))
    return file


def _give(file: Attachment, key: str | None, how: str, media_type: str = "") -> Response:
    """The bytes, with the type that we found and a policy under which nothing in them runs."""
    path = storage.active().path(key) if key else None
    if path is None or not path.is_file():
        raise NotFound(_("This file is not there any more."))
    answer = send_file(path, mimetype=media_type or kinds.FORMS[file.kind].media_type, etag=False)
    answer.headers["Content-Disposition"] = f"{how}; filename*=UTF-8''{quote(file.name, safe='')}"
    answer.headers["Content-Security-Policy"] = DOWNLOAD_CSP
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _add_writing(blueprint: Blueprint, place: str, find: Find) -> None:
    @blueprint.post(f"{place}/files")
    @requires(Capability.SUBMIT, audit="file.attached", rate=Rate.UPLOAD)
    def attach(number: int) -> ResponseReturnValue:
        """Attach files."""
        form = AttachForm()
        made: list[Attachment] = []
        with form.catching(), receiving(sent_files()) as received, writing():
            holder = find(number, True)
            if not holder.takes_files:
                raise Conflict(_("Nothing can be attached here now."))
            made = services.attach(actor(), holder.kind, holder.id, received)
        if form.errors or form.form_errors:
            panel = files_panel(find(number, False))
            return page("attachments/files.html", status=422, **{**panel, "attach_form": form})
        said = _("Attached. It is shown once it is checked.") if made else _("It is here already.")
        return see_url(f"{find(number, False).url}#attached", toast=said)

    @blueprint.post(f"{place}/files/<id:file_id>/remove")
    @requires(Capability.SUBMIT, audit="file.removed", rate=Rate.CHANGE)
    def remove_file(number: int, file_id: int) -> ResponseReturnValue:
        """Take back what one attached."""
        with writing():
            holder = find(number, True)
            found = queries.get_file(actor(), holder.kind, holder.id, file_id, for_update=True)
            services.remove_file(actor(), found, is_open=holder.is_open)
        return see_url(f"{holder.url}#attached", toast=_("Removed."))


def _add_redacting(blueprint: Blueprint, place: str, find: Find) -> None:
    @blueprint.post(f"{place}/files/<id:file_id>/redact")
    @requires(Capability.ADMINISTER, audit="file.redacted", rate=Rate.CHANGE)
    def redact_file(number: int, file_id: int) -> ResponseReturnValue:
        """Take away what should never have been here."""
        form = RedactForm.of(file_id, sent=True)
        if form.validate():
            with form.catching(), writing():
                holder = find(number, True)
                found = queries.get_file(actor(), holder.kind, holder.id, file_id, for_update=True)
                services.redact_file(actor(), found, reason=text_of(form.reason))
        holder = find(number, False)
        if form.errors or form.form_errors:
            panel = files_panel(holder)
            panel["redact_forms"][file_id] = form
            return page("attachments/files.html", status=422, **panel)
        return see_url(f"{holder.url}#attached", toast=_("Redacted. The file is gone."))
