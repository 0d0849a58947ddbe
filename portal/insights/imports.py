"""Insights from a file: checked whole, then stored chunk by chunk in short units.

A row without an ``external_id`` is given one from the file's content and its row number, so
that the same file twice imports nothing the second time.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from portal.actor import Actor
from portal.database import reading, writing
from portal.demand.queries import find_desk, find_reason
from portal.errors import PortalError, RuleBroken
from portal.i18n import gettext as _
from portal.insights.capture import MAX_TEXT, NewInsight, check, make_ready
from portal.insights.models import Channel, DemandType
from portal.insights.services import add_insights
from portal.masking import settled
from portal.people.queries import find_person_by_email
from portal.tables import Row, TableError, open_table, read_rows
from portal.text import compare_key

REQUIRED = ("text",)
OPTIONAL = (
    "occurred_at",
    "channel",
    "reason",
    "moment",
    "severity",
    "segment",
    "minutes",
    "author",
    "external_id",
)
CHUNK = 500
_BLOCK = 1 << 20

E = TypeVar("E", bound=StrEnum)


@dataclass(slots=True)
class Checked:
    """What the first pass over a file found."""

    rows: int = 0
    faults: list[TableError] = field(default_factory=list)


class Lookups:
    """What the rows of one file name, each asked for once: reasons with owners, authors."""

    def __init__(self) -> None:
        self._answers: dict[tuple[str, str], int | PortalError | None] = {}

    def reason_id(self, label: str) -> int | None:
        """The id of a reason by key or name, None for no name; raises where it has no desk."""
        return self._once("reason", label, _find_reason_id)

    def author_id(self, email: str) -> int | None:
        """The id of the person with this address, None for no address."""
        return self._once("author", email, _find_author_id)

    def _once(self, kind: str, name: str, find: Callable[[str], int | None]) -> int | None:
        if (kind, name) not in self._answers:
            try:
                self._answers[kind, name] = find(name)
            except PortalError as error:
                self._answers[kind, name] = error
        answer = self._answers[kind, name]
        if isinstance(answer, PortalError):
            raise answer
        return answer


def _find_reason_id(label: str) -> int | None:
    reason = find_reason(label) if label else None
    if label and reason is None:
        raise RuleBroken(
            _("there is no contact reason “%(label)s”", label=label[:80]), field="reason"
        )
    reason_id = reason.id if reason else None
    find_desk(reason_id)
    return reason_id


def _find_author_id(email: str) -> int | None:
    person = find_person_by_email(email) if email else None
    if email and person is None:
        raise RuleBroken(_("nobody has this address"), field="author")
    return person.id if person else None


class Import:
    """One file on its way in.

    ``rename`` maps a column of the file to one of ours; moments without a zone are taken to
    be in ``zone``.
    """

    def __init__(self, path: Path, *, zone: ZoneInfo, rename: dict[str, str] | None = None) -> None:
        self.path = path
        self.rename = rename
        self.zone = zone
        self.lookups = Lookups()
        self.digest = _digest(path)

    def check(self) -> Checked:
        """Read the whole file and store nothing; a fault of the file itself raises TableError."""
        checked = Checked()
        with reading():
            for _new in self._read(checked.faults):
                checked.rows += 1
        return checked

    def run(self, actor: Actor, advance: Callable[[int], None]) -> int:
        """Store the good rows; how many were not known before.

        Each chunk is masked before its own short unit begins, so that people can work
        meanwhile; ``advance`` is told the size of every chunk that is stored.
        """
        added = 0
        rows = self._read([])
        while True:
            with settled():
                chunk = [make_ready(new) for new in islice(rows, CHUNK)]
            if not chunk:
                return added
            with writing():
                added += add_insights(actor, chunk)
            advance(len(chunk))

    def _read(self, faults: list[TableError]) -> Iterator[NewInsight]:
        with open_table(self.path) as stream:
            for row in read_rows(
                stream,
                required=REQUIRED,
                optional=OPTIONAL,
                rename=self.rename,
                max_cell=MAX_TEXT,
                on_error=faults,
            ):
                try:
                    yield check(self._parse(row))
                except PortalError as error:
                    faults.append(_fault(error, row))

    def _parse(self, row: Row) -> NewInsight:
        cell = row.values.get
        return NewInsight(
            text=row.values["text"],
            channel=_one_of(Channel, cell("channel", ""), "channel"),
            reason_id=self.lookups.reason_id(cell("reason", "")),
            demand_type=DemandType.UNSURE,
            severity=_whole(cell("severity", ""), "severity"),
            minutes=_whole(cell("minutes", ""), "minutes"),
            segment=cell("segment"),
            moment=cell("moment"),
            occurred_at=_moment(cell("occurred_at", ""), self.zone),
            author_id=self.lookups.author_id(cell("author", "")),
            external_id=cell("external_id") or f"{self.digest}-{row.number}",
        )


def _digest(path: Path) -> str:
    """What names a file's content, unpacked: the first half of its SHA-256."""
    sha = hashlib.sha256()
    with open_table(path) as stream:
        while block := stream.read(_BLOCK):
            sha.update(block)
    return f"sha256-{sha.hexdigest()[:32]}"


def _fault(error: PortalError, row: Row) -> TableError:
    column = error.field if isinstance(error, RuleBroken) else "reason"
    return TableError(error.message, row=row.number, column=column)


def _one_of(values: type[E], text: str, column: str) -> E | None:
    if not text:
        return None
    try:
        return values(compare_key(text))
    except ValueError:
        raise RuleBroken(
            _("“%(text)s” is none of %(known)s", text=text[:40], known=", ".join(values)),
            field=column,
        ) from None


def _whole(text: str, column: str) -> int | None:
    if not text:
        return None
    if len(text) > 9 or not (text.isascii() and text.isdigit()):
        raise RuleBroken(_("“%(text)s” is not a whole number", text=text[:40]), field=column)
    return int(text)


def _moment(text: str, zone: ZoneInfo) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise RuleBroken(
            _("“%(text)s” is not a moment such as 2026-03-31T14:05", text=text[:40]),
            field="occurred_at",
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
