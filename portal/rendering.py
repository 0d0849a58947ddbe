"""Markdown rendered once: the HTML is kept in the row, beside the text that it came from.

A table that is a :class:`Rendered` forgets its HTML whenever one of its texts is set, so that
what is kept always belongs to what stands beside it.  A route calls :func:`prepare` before its
unit; the texts that the unit then sets find their HTML ready.  What comes in otherwise
(imports, commands, older rules) is rendered by the worker, and until then on every read.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar, Protocol

from sqlalchemy import bindparam, event, select, update
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Mapper, mapped_column

from portal.columns import Json, JsonObject
from portal.database import Base, reading, writing
from portal.errors import RuleBroken
from portal.markdown import MARKDOWN_VERSION, render
from portal.masking import mask
from portal.text import normalise

_MOST_READY = 64
_ready: dict[str, str] = {}


class Rendered:
    """A table whose ``markdown`` columns are shown as HTML; ``html`` keeps it by column.

    ``html_version`` is :data:`portal.markdown.MARKDOWN_VERSION` where all of it is there and
    current, and that number below zero where some is still missing.
    """

    markdown: ClassVar[tuple[str, ...]]

    html: Mapped[JsonObject] = mapped_column(Json, default=dict)
    html_version: Mapped[int] = mapped_column(default=0, index=True)


class Shown(Protocol):
    """A row, or what a query made of one: its texts by name, and their HTML."""

    @property
    def html(self) -> JsonObject:
        """HTML by the name of its text."""

    @property
    def html_version(self) -> int:
        """The version of the rules that made it."""


def html_of(shown: Shown, name: str) -> str:
    """The HTML of one text: as it was kept, or rendered now where it is of older rules."""
    kept: str | None = shown.html.get(name) if _is_current(shown.html_version) else None
    return render(getattr(shown, name)) if kept is None else kept


def _is_current(version: int | None) -> bool:
    return abs(version or 0) == MARKDOWN_VERSION


def prepare(*typed: str) -> None:
    """Render what was typed as it will be stored, before the unit that stores it.

    What cannot be stored is left alone: the service says why.
    """
    for text in typed:
        try:
            stored = mask(normalise(text).strip()).text
        except RuleBroken:
            continue
        if stored and stored not in _ready:
            while len(_ready) >= _MOST_READY:
                _ready.pop(next(iter(_ready)), None)
            _ready[stored] = render(stored)


@event.listens_for(Rendered, "mapper_configured", propagate=True)
def _watch(_mapper: Mapper[Any], table: Any) -> None:
    for name in table.markdown:
        event.listen(getattr(table, name), "set", _take_ready)


def _take_ready(row: Any, text: str, before: object, initiator: Any) -> None:
    """Keep the HTML that is ready for a text that is set; without it, forget what was kept."""
    if text == before:
        return
    kept = dict(row.html or {}) if _is_current(row.html_version) else {}
    kept.pop(initiator.key, None)
    if not text or text in _ready:
        kept[initiator.key] = _ready[text] if text else ""
    row.html = kept
    is_whole = len(kept) == len(type(row).markdown)
    row.html_version = MARKDOWN_VERSION if is_whole else -MARKDOWN_VERSION


def list_rendered() -> list[Any]:
    """The tables that keep HTML."""
    return [one.class_ for one in Base.registry.mappers if issubclass(one.class_, Rendered)]


def render_stale(table: Any, limit: int = 200) -> int:
    """Render rows of a table whose HTML is missing or of older rules; how many there were.

    Rendering happens outside the unit; a text that changed meanwhile is left for the next time.
    """
    columns: Sequence[InstrumentedAttribute[str]] = [
        getattr(table, name) for name in table.markdown
    ]
    stale = select(table.id, *columns).where(table.html_version != MARKDOWN_VERSION)
    with reading() as reader:
        rows = reader.execute(stale.order_by(table.id).limit(limit)).all()
    if not rows:
        return 0
    keep = update(table.__table__).where(
        table.__table__.c.id == bindparam("row_id"),
        *(column == bindparam(f"was_{column.key}") for column in columns),
    )
    values = list(_rendered(rows, table.markdown))
    with writing() as unit:
        unit.connection().execute(
            keep.values(html=bindparam("new_html"), html_version=MARKDOWN_VERSION), values
        )
    return len(rows)


def _rendered(rows: Iterable[Any], names: Sequence[str]) -> Iterator[JsonObject]:
    for row in rows:
        texts = {name: getattr(row, name) for name in names}
        yield {
            "row_id": row.id,
            "new_html": {name: render(text) for name, text in texts.items()},
            **{f"was_{name}": text for name, text in texts.items()},
        }
