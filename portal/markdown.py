"""What people write, as HTML that is safe to show.

CommonMark without raw HTML, then an allow-list: two fences, each of which would do.  Images are
shown as their description (a remote picture tells its owner who is reading), headings start at
the third level because pages own the first two, and links lead to http, https and mailto only.
"""

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

from portal.database import refuse_in_unit

MARKDOWN_VERSION = 1
"""Goes up whenever the same text renders to other HTML; rendered texts are cached under it."""

_HIGHEST_HEADING, _LOWEST_HEADING = 3, 6

_CLEANER = nh3.Cleaner(
    tags={
        *("p", "br", "hr", "strong", "em", "code", "pre", "blockquote"),
        *("ul", "ol", "li", "a", "h3", "h4", "h5", "h6"),
    },
    attributes={"*": set(), "a": {"href"}},
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
    link_rel="noopener nofollow ugc",
)


def render(text: str) -> str:
    """The text's markdown as HTML of a few harmless elements, with ``href`` as only attribute.

    Line breaks are kept as they were typed.  Text is masked and normalised before it is stored,
    not here.  Refuses to run while a writing unit is open.
    """
    refuse_in_unit("rendering markdown")
    return _CLEANER.clean(_PARSER.render(text))


def _tame(state: StateCore) -> None:
    """Lower the headings and replace images by their descriptions."""
    for token in state.tokens:
        if token.type in {"heading_open", "heading_close"}:
            level = int(token.tag[1]) + _HIGHEST_HEADING - 1
            token.tag = f"h{min(level, _LOWEST_HEADING)}"
        for child in token.children or ():
            if child.type == "image":
                child.type, child.tag = "text", ""


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": True})
    parser.core.ruler.push("tame", _tame)
    return parser


_PARSER = _parser()
