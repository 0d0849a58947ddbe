"""Everything the portal keeps of a person, as one document for them."""

import json
from base64 import b64encode
from collections.abc import Sequence
from datetime import date, datetime, time
from enum import Enum
from typing import Any

from sqlalchemy import bindparam, select

from portal.actor import Actor
from portal.admin.personal import HELD, Held
from portal.attachments import storage
from portal.attachments.models import Attachment
from portal.authors.models import Seal
from portal.authors.queries import is_sealed_for
from portal.columns import JsonObject
from portal.database import session
from portal.insights.models import Insight
from portal.now import now
from portal.people.models import Person
from portal.rewards.queries import list_whole_statement

OF_PERSON = (
    *("id", "name", "email", "home_department_id", "locale", "time_zone"),
    *("is_active", "named_on_boards", "single_keys", "created_at"),
)
"""What the account itself holds; a password's hash opens doors, so nobody gets it."""

MOST_BYTES = 100_000_000
"""Files beyond this are named and fetched one by one."""
OF_INSIGHT = ("number", "text", "expected", "channel", "demand_type", "severity", "created_at")

_STATEMENTS: dict[str, Any] = {}


def collect(person: Person, own_ids: Sequence[int]) -> JsonObject:
    """What is kept of a person, by the place it stands in.

    ``own_ids`` are the person's key and, for themselves alone, those of the personas behind which
    they stand sealed; what is anonymous belongs to nobody and is not in here.
    """
    kept = {held.place: rows for held in HELD if (rows := _rows(held, own_ids))}
    points = [
        {"on": row.posted_at, "rule": row.rule, "about": row.memo, "points": row.amount}
        for person_id in own_ids
        for row in list_whole_statement(person_id)
    ]
    return {
        "made_at": now(),
        "person": {name: getattr(person, name) for name in OF_PERSON},
        "kept": kept,
        "points": points,
        "files": _files(own_ids),
    }


_FILES = (
    select(Attachment.name, Attachment.key, Attachment.size)
    .where(Attachment.person_id.in_(bindparam("ids", expanding=True)), Attachment.key.is_not(None))
    .order_by(Attachment.id)
)


def _files(own_ids: Sequence[int]) -> list[JsonObject]:
    """What they attached, as base64; beyond so many bytes only the names."""
    files, room = [], MOST_BYTES
    for name, key, size in session().execute(_FILES, {"ids": own_ids}):
        path, room = storage.active().path(key or ""), room - size
        content = path.read_bytes() if room >= 0 and path.exists() else None
        files.append({"name": name, "base64": content and b64encode(content).decode()})
    return files


def _rows(held: Held, own_ids: Sequence[int]) -> list[JsonObject]:
    if not held.given:
        return []
    statement = _STATEMENTS.get(held.place)
    if statement is None:
        columns = [held.table.c[name] for name in held.given]
        order = (*columns, *held.table.primary_key.columns.values())  # some keys are drawn
        statement = _STATEMENTS[held.place] = select(*columns, held.column).order_by(*order)
    found = session().execute(statement.where(held.column.in_(own_ids)))
    return [dict(zip(held.given, row, strict=False)) for row in found]


_SEALED = select(Seal).where(Seal.subject_kind == "insight").order_by(Seal.id)
_INSIGHTS = select(*(getattr(Insight, name) for name in OF_INSIGHT)).where(
    Insight.id.in_(bindparam("ids", expanding=True))
)


def collect_sealed(actor: Actor) -> JsonObject:
    """The insights that the actor told under seal, which share one persona; opens every seal."""
    ids = [seal.subject_id for seal in session().scalars(_SEALED) if is_sealed_for(actor, seal)]
    rows = session().execute(_INSIGHTS, {"ids": ids})
    return {"sealed_insights": [dict(row._mapping) for row in rows]}


def write_down(collected: JsonObject) -> str:
    """The document as text: JSON, with days and moments as in ISO 8601."""
    return json.dumps(collected, indent=2, ensure_ascii=False, default=_plain) + "\n"


def _plain(value: object) -> object:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else str(value)
