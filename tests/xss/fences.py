"""Each fence between a text and a page, alone: the parser, the cleaner, the escaping."""

from collections.abc import Callable, Iterable, Sequence

from markupsafe import escape

from portal import markdown
from tests.xss.judging import TAGS as SHOWN
from tests.xss.judging import Looker

Fence = Callable[[str], str]
TAGS = frozenset(SHOWN.split())
"""The elements that written text may have."""


def by_parser(text: str) -> str:
    """Markdown without the cleaner behind it."""
    return markdown._PARSER.render(text)


def by_cleaner(text: str) -> str:
    """The text as HTML, with nothing but the cleaner in front of it."""
    return markdown._CLEANER.clean(text)


def by_both(text: str) -> str:
    """As pages show it."""
    return markdown.render(text)


def by_escaping(text: str) -> str:
    """As a template writes a value, in a text and in attributes."""
    safe = escape(text)
    return f'<span title="{safe}" data-label="{safe}">{safe}</span><textarea>{safe}</textarea>'


FENCES: dict[str, Fence] = {
    "parser": by_parser,
    "cleaner": by_cleaner,
    "both": by_both,
    "escaping": by_escaping,
}
_STRICT = frozenset({"cleaner", "both"})
_TWICE = "() => document.querySelectorAll('.u').forEach(box => { box.innerHTML = box.innerHTML; })"


def find_holes(
    looker: Looker, corpus: Sequence[str], fence: Fence, *, is_strict: bool, at_once: int = 500
) -> list[str]:
    """What comes alive of the corpus behind one fence, parsed once and then once more.

    The second parse is that of htmx and of mutation: what was read, written out and read again.
    ``is_strict`` also asks for the few elements and attributes that written text may have.
    """
    found = []
    for start in range(0, len(corpus), at_once):
        looker.page.set_content(_document(map(fence, corpus[start : start + at_once]), is_strict))
        for turn in ("first", "second"):
            found += looker.judge(f"{fence.__name__} {start}, {turn} reading")
            looker.page.evaluate(_TWICE)
    return found


def _document(pieces: Iterable[str], is_strict: bool) -> str:
    disable = " hx-disable" if is_strict else ""
    boxes = "".join(f'<div class="u"{disable}>{piece}</div>\n' for piece in pieces)
    return f"<!doctype html><html><head><title>fence</title></head><body>{boxes}</body></html>"


def is_strict(name: str) -> bool:
    """Whether a fence lets only the elements of written text through."""
    return name in _STRICT
