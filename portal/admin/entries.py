"""The entries of the audit log, narrowed to who, what, which thing and when.

An entry without a person was left by the program or by an author whom nobody knows; the two are
not told apart here, and where only the day is known no hour is shown.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, String, bindparam, func, literal, select, true, union_all

from portal.audit.models import AuditAside, AuditRow
from portal.columns import JsonObject, UtcDateTime
from portal.database import session
from portal.ideas.models import Idea
from portal.insights.models import Insight
from portal.now import day_of, midnight
from portal.paging import Keyset, Page
from portal.people.models import Person
from portal.people.queries import Face, list_faces
from portal.rewards.models import Redemption
from portal.text import compare_key, one_line

PAGE_SIZE = 50
EXPORTED = 50_000
"""How many of the newest entries a file holds at most."""
_STEP = 100
MOST_PEOPLE = 50
LETTERS = {"I": "idea", "N": "insight", "R": "redemption"}
"""The kinds of things that people know by a ref."""
_REF = re.compile(r"([INR])-([0-9]{1,9})", re.IGNORECASE)
_THING = re.compile(r"([a-z_]{1,32})(?: ([0-9]{1,18}))?")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the log is narrowed to; ``action`` is a beginning, such as ``idea.``."""

    who: str = ""
    action: str = ""
    thing: str = ""
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Thing:
    """What an entry is about: a ref, a person or a key, with an address if it has a page."""

    kind: str
    id: int | None
    said: str
    number: int | None = None
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the log as people read it; ``day`` where no hour is known."""

    seq: int
    at: datetime
    day: date | None
    who: Face | None
    action: str
    thing: Thing
    details: str
    place: str
    hash: str


_ROWS = select(
    AuditRow.seq,
    AuditRow.at,
    AuditRow.actor_id,
    AuditRow.action,
    AuditRow.object_kind,
    AuditRow.object_id,
    AuditRow.details,
    AuditRow.hash,
    AuditAside.text.label("aside"),
).outerjoin(AuditAside, AuditAside.seq == AuditRow.seq)


@lru_cache(maxsize=64)
def _keyset(
    *, by_who: bool, by_action: bool, by_kind: bool, by_id: bool, since: bool, until: bool
) -> Keyset:
    """The prepared list for one shape of question."""
    asked: Any = _ROWS
    if by_who:
        asked = asked.where(AuditRow.actor_id.in_(bindparam("people", expanding=True)))
    if by_action:
        start = bindparam("action", type_=String())
        asked = asked.where(func.substr(AuditRow.action, 1, func.length(start)) == start)
    if by_kind:
        asked = asked.where(AuditRow.object_kind == bindparam("kind"))
    if by_id:
        asked = asked.where(AuditRow.object_id == bindparam("thing_id"))
    if since:
        asked = asked.where(AuditRow.at >= bindparam("since", type_=UtcDateTime()))
    if until:
        asked = asked.where(AuditRow.at < bindparam("until", type_=UtcDateTime()))
    return Keyset(asked, (AuditRow.seq.desc(),))


def list_entries(
    asked: Asked, zone: Any, cursor: str | None = None, limit: int = PAGE_SIZE
) -> Page[Entry]:
    """A page of the log, newest first, in a fixed number of statements; raises BadCursor."""
    values = _values(asked, zone)
    prepared = _keyset(
        by_who="people" in values,
        by_action="action" in values,
        by_kind="kind" in values,
        by_id="thing_id" in values,
        since="since" in values,
        until="until" in values,
    )
    found = prepared.page(session(), values, cursor, limit)
    return Page(tuple(_entries(found.items)), found.older, found.newer)


def walk_entries(asked: Asked, zone: Any) -> Iterator[Entry]:
    """The same from the newest on, page by page, as far as a file goes."""
    cursor = None
    for _page in range(EXPORTED // _STEP):
        found = list_entries(asked, zone, cursor, _STEP)
        yield from found.items
        if found.older is None:
            return
        cursor = found.older


_PEOPLE = (
    select(Person.id)
    .where(
        (Person.email_key == bindparam("key"))
        | (Person.name == bindparam("name"))
        | (func.lower(Person.name) == func.lower(bindparam("name"))),
        Person.hue >= 0,
    )
    .order_by(Person.id)
    .limit(MOST_PEOPLE)
)


def _values(asked: Asked, zone: Any) -> JsonObject:
    values: JsonObject = {}
    if asked.who:
        values["people"] = _people(asked.who)
    if asked.action:
        values["action"] = asked.action
    if asked.thing:
        values |= _thing(asked.thing)
    if asked.first:
        values["since"] = midnight(asked.first, zone)
    if asked.last:
        values["until"] = midnight(asked.last + timedelta(days=1), zone)
    return values


def _people(who: str) -> list[int]:
    """Everybody with this address or name; nobody is hidden behind one."""
    return list(session().scalars(_PEOPLE, {"key": compare_key(who), "name": one_line(who)}))


_BY_NUMBER = {
    "I": select(Idea.id).where(Idea.number == bindparam("number")),
    "N": select(Insight.id).where(Insight.number == bindparam("number")),
    "R": select(Redemption.id).where(Redemption.number == bindparam("number")),
}


def is_thing(said: str) -> bool:
    """Whether this names a thing: ``I-1042``, or a kind with or without a key."""
    return bool(_REF.fullmatch(said) or _THING.fullmatch(said))


def _thing(said: str) -> JsonObject:
    if ref := _REF.fullmatch(said):
        letter, number = ref[1].upper(), int(ref[2])
        known = session().scalar(_BY_NUMBER[letter], {"number": number})
        return {"kind": LETTERS[letter], "thing_id": known or 0}
    named = _THING.fullmatch(said)
    if named is None:
        return {"kind": ""}
    return {"kind": named[1]} | ({"thing_id": int(named[2])} if named[2] else {})


_NUMBERS = union_all(
    select(
        literal("idea").label("kind"), Idea.id, Idea.number, Idea.submitted_at.is_not(None)
    ).where(Idea.id.in_(bindparam("idea", expanding=True))),
    select(literal("insight"), Insight.id, Insight.number, true()).where(
        Insight.id.in_(bindparam("insight", expanding=True))
    ),
    select(literal("redemption"), Redemption.id, Redemption.number, true()).where(
        Redemption.id.in_(bindparam("redemption", expanding=True))
    ),
)


def _entries(rows: Sequence[Row[Any]]) -> Iterator[Entry]:
    things = {(row.object_kind, row.object_id) for row in rows if row.object_id is not None}
    asked = {kind: [key for one, key in things if one == kind] for kind in LETTERS.values()}
    numbers = {
        (kind, key): (number, is_open)
        for kind, key, number, is_open in session().execute(_NUMBERS, asked)
    }
    about = (key for kind, key in things if kind == "person")
    faces = list_faces([*(row.actor_id for row in rows), *about])
    for row in rows:
        day = day_of(row.at)
        is_day = row.actor_id is None and row.at == midnight(day)
        yield Entry(
            seq=row.seq,
            at=row.at,
            day=day if is_day else None,
            who=faces.get(row.actor_id) if row.actor_id else None,
            action=row.action,
            thing=_describe(row, numbers, faces),
            details=_said(row.details),
            place=_said(json.loads(row.aside)) if row.aside else "",
            hash=row.hash,
        )


def _describe(
    row: Row[Any], numbers: Mapping[tuple[str, int], tuple[int, bool]], faces: Mapping[int, Face]
) -> Thing:
    kind, key = row.object_kind, row.object_id
    if (kind, key) in numbers:
        number, is_open = numbers[kind, key]
        letter = next(one for one, name in LETTERS.items() if name == kind)
        return Thing(kind, key, f"{letter}-{number}", number, is_open)
    if kind == "person" and key in faces:
        return Thing(kind, key, faces[key].name, is_open=faces[key].hue >= 0)
    return Thing(kind, key, kind.replace("_", " ") + (f" {key}" if key is not None else ""))


def _said(details: Mapping[str, Any]) -> str:
    """Names and values in one line; what is empty is left out."""
    kept = (
        f"{name} {_plain(value)}"
        for name, value in sorted(details.items())
        if value not in (None, "", {}, [])
    )
    return " · ".join(kept)


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
