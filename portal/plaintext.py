"""A text as a reader sees it, with the way back to where each character came from.

Masking looks for numbers in what is seen, not in what was typed: full-width digits, digits with
something invisible between them and digits split by markup all read the same.  What shows
nothing are the default-ignorable code points of Unicode Standard Annex 44.
"""

import html
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

_IGNORABLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_ODD = re.compile(r"[^\x00-\x7f]+")
_ODD_OR_MARKUP = re.compile(r"[^\x00-\x7f]+|&#?\w{1,31};|<[!/]?[A-Za-z-][^<>]{0,500}>|[*_~`\\]+")


@dataclass(frozen=True)
class PlainText:
    """A plain reading: character ``i`` comes from ``starts[i]`` of the source.

    It is one character there too, but for the entities, whose ends are in ``entity_ends``.
    """

    text: str
    starts: Sequence[int]
    entity_ends: Mapping[int, int]

    def source(self, start: int, end: int) -> tuple[int, int]:
        """Where the (not empty) stretch from ``start`` to ``end`` stands in the source."""
        last = self.starts[end - 1]
        return self.starts[start], self.entity_ends.get(last, last + 1)


def without_ignorable(text: str) -> str:
    """The text without code points that show nothing (zero-width, direction marks, fillers)."""
    return _IGNORABLE.sub("", text)


def plain_readings(text: str) -> Iterator[PlainText]:
    """The text without its markup, and with it when that makes a difference.

    Both count: a number may be split by tags, and it may stand inside one.
    """
    shown = _reading(text, _ODD_OR_MARKUP)
    yield shown
    typed = _reading(text, _ODD)
    if typed.text != shown.text:
        yield typed


def _reading(text: str, odd: re.Pattern[str]) -> PlainText:
    pieces: list[str] = []
    starts: list[int] = []
    entity_ends: dict[int, int] = {}
    last = 0
    for found in odd.finditer(text):
        start, end = found.span()
        pieces.append(text[last:start])
        starts.extend(range(last, start))
        last = end
        if text[start] == "&":
            entity_ends[start] = end
            shown = "".join(map(_simple, html.unescape(found[0])))
            pieces.append(shown)
            starts.extend([start] * len(shown))
        elif text[start] not in "<*_~`\\":
            for position, character in enumerate(found[0], start):
                shown = _simple(character)
                pieces.append(shown)
                starts.extend([position] * len(shown))
    if not last:
        return PlainText(text, range(len(text)), {})
    starts.extend(range(last, len(text)))
    return PlainText("".join([*pieces, text[last:]]), starts, entity_ends)


@lru_cache(maxsize=4096)
def _simple(character: str) -> str:
    """A character in plain ASCII where it has such a reading; nothing where it cannot be seen."""
    compatible = unicodedata.normalize("NFKC", without_ignorable(character))
    return "".join(map(_plain, compatible))


def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if category in {"Cf", "Mn", "Me"}:
        return ""
    if category == "Pd" or character == "\u2212":
        return "-"
    return str(unicodedata.digit(character, character))
