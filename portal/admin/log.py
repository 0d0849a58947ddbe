"""The audit log as administrators read it, and as a file."""

from collections.abc import Iterator
from typing import Any

from flask import Response, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from portal.actor import Capability
from portal.admin import entries
from portal.admin.blueprint import admin
from portal.admin.entries import Asked, Entry
from portal.admin.forms import LogForm
from portal.errors import NotFound
from portal.i18n import current_zone
from portal.i18n import gettext as _
from portal.paging import BadCursor
from portal.tables import Cell, csv_lines
from portal.web.access import requires
from portal.web.answers import page

HEADER = ("number", "at", "who", "what", "thing", "details", "hash")
FIELDS = ("who", "action", "thing", "first", "last")


@admin.get("/admin/audit")
@requires(Capability.ADMINISTER)
def audit() -> ResponseReturnValue:
    """Who did what, newest first, narrowed as asked."""
    form = LogForm(request.args)
    form.validate()
    try:
        found = entries.list_entries(form.asked(), current_zone(), request.args.get("after"))
    except BadCursor:
        raise NotFound(_("This part of the log is not there. Begin at its top.")) from None
    return page(
        "admin/audit.html",
        form=form,
        is_filtered=form.asked() != Asked(),
        entries=found.items,
        address_of=_address_of,
        newer_url=_page_url(found.newer),
        older_url=_page_url(found.older),
        file_url=url_for(".audit_csv", **_kept()),
        most=entries.EXPORTED,
    )


def _kept() -> dict[str, Any]:
    return {name: value for name in FIELDS if (value := request.args.get(name))}


def _page_url(cursor: str | None) -> str | None:
    return url_for(".audit", **_kept(), after=cursor) if cursor else None


def _address_of(thing: entries.Thing) -> str | None:
    """The page of what an entry is about, where it has one."""
    if not thing.is_open:
        return None
    if thing.kind == "person":
        return url_for("people.person", person_id=thing.id)
    endpoints = {
        "idea": "pages.idea",
        "insight": "insights.insight",
        "redemption": "rewards.redemption",
    }
    return url_for(endpoints[thing.kind], number=thing.number)


@admin.get("/admin/audit.csv")
@requires(Capability.ADMINISTER, audit="export.audit", is_sensitive=True)
def audit_csv() -> ResponseReturnValue:
    """The same as a file, its newest entries first; where things were done from stays out."""
    form = LogForm(request.args)
    form.validate()
    rows = map(_cells, entries.walk_entries(form.asked(), current_zone()))
    lines: Iterator[str] = stream_with_context(csv_lines(HEADER, rows))
    answer = Response(lines, mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="audit.csv"'
    return answer


def _cells(entry: Entry) -> tuple[Cell, ...]:
    return (
        entry.seq,
        entry.day or entry.at,
        entry.who.name if entry.who else "",
        entry.action,
        entry.thing.said,
        entry.details,
        entry.hash,
    )
