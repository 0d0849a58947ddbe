"""A small portal whose every text, in every table, is hostile: past the forms, into the rows.

What a form refuses may come in by an import, an older version or a hand; pages must stand it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from json import dumps
from typing import Any

from sqlalchemy import Enum, String, Table, Text, TypeDecorator, text, type_coerce, update
from sqlalchemy.types import TypeEngine

from portal.attachments.models import Attachment, State
from portal.database import Base, active, writing
from portal.ideas.models import Comment
from portal.now import now
from portal.reference import FACT
from tests.factories.town import Town

NOT_WRITTEN = frozenset(
    {
        *("key", "hash", "sha256", "nonce", "path", "kind", "code", "locale", "time_zone"),
        *("email", "method", "network", "letter", "verb", "action", "rule", "grade", "verdict"),
        *("icon", "value", "url", "id", "seal", "secret", "salt", "token", "state", "last_error"),
        *("phrase", "digest", "signature"),
    }
)
"""The last words of columns that no person writes: keys, codes, hashes, addresses that a form
checks.  A new column with another name is planted."""
_OWN_NAMES = frozenset(
    {"counters", "portal_facts", "scheduled_runs", "outbox_tasks", "audit_head", "terms"}
)
"""Tables whose texts are the program's own."""
_IN_JSON = "audit_asides", "text"
"""What a browser says of itself is kept as text, but as a text of JSON."""
COMMENTS = 100
AT_ONCE = 40
"""How many hostile texts stand in one value (SQLite keeps texts of any length anywhere)."""


@dataclass(frozen=True, slots=True)
class Field:
    """A column that people write, and its table."""

    table: Table
    name: str


def list_fields() -> list[Field]:
    """Every column of the portal that holds what a person wrote."""
    return [
        Field(table, column.name)
        for table in Base.metadata.sorted_tables
        if table.name not in _OWN_NAMES
        for column in table.columns
        if _is_text(column.type)
        if not any(column.name == end or column.name.endswith(f"_{end}") for end in NOT_WRITTEN)
    ]


def _is_text(kind: TypeEngine[Any]) -> bool:
    """Whether a column is text: of a length, of any length, or masked on its way in."""
    plain = kind.impl if isinstance(kind, TypeDecorator) else kind
    return isinstance(plain, String) and not isinstance(plain, Enum)


def open_rows() -> None:
    """Let rows be changed that triggers keep as they were."""
    with writing() as unit:
        triggers = unit.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
        for name in list(triggers):
            if name.endswith(("_no_update", "_no_delete")):
                unit.execute(text(f"DROP TRIGGER {name}"))


def furnish(town: Town) -> None:
    """A hundred comments on the idea that has everything, and files in every state."""
    assert active().is_sqlite
    open_rows()
    moment = now()
    with writing() as unit:
        idea_id = unit.scalar(
            text("SELECT id FROM ideas WHERE number = :n"), {"n": town.ideas["measured"]}
        )
        unit.add_all(
            Comment(idea_id=idea_id, person_id=town.agent.id, body=f"{n}", created_at=moment)
            for n in range(COMMENTS)
        )
        rows = [(kind, state) for kind in ("idea", "insight") for state in State]
        unit.add_all(
            Attachment(
                subject_kind=kind,
                subject_id=idea_id if kind == "idea" else 1,
                person_id=town.administrator.id,
                name="a.txt",
                kind="txt",
                state=state,
                size=1,
                received_sha256="0" * 64,
                created_at=moment,
                changed_at=moment,
            )
            for kind, state in rows
        )


def plant(corpus: Sequence[str]) -> int:
    """Put the corpus into every field, round and round; how many values were written.

    A comment holds one hostile text, a value elsewhere :data:`AT_ONCE`.
    """
    texts = _round_and_round(corpus)
    count = 0
    with writing() as unit:
        for field in list_fields():
            at_once = 1 if field.table.name == "comments" else AT_ONCE
            column = field.table.c[field.name]
            keys = list(field.table.primary_key.columns)
            for row in unit.execute(field.table.select().where(column.is_not(None))).all():
                value = "\n\n".join(next(texts) for _ in range(at_once))
                if (field.table.name, field.name) == _IN_JSON:
                    value = dumps({"browser": value})
                where = [key == getattr(row, key.name) for key in keys]
                past_the_gate = {column: type_coerce(value, Text)}
                unit.execute(update(field.table).where(*where).values(past_the_gate))
                count += 1
        for table in Base.metadata.sorted_tables:
            if "html_version" in table.c:
                unit.execute(update(table).values(html_version=0))
        stamp = {"name": FACT, "value": f"planted {count} {next(texts)[:20]!r}"}
        unit.execute(text("DELETE FROM portal_facts WHERE name = :name"), {"name": FACT})
        unit.execute(text("INSERT INTO portal_facts (name, value) VALUES (:name, :value)"), stamp)
    return count


def _round_and_round(corpus: Sequence[str]) -> Iterator[str]:
    while True:
        yield from corpus
