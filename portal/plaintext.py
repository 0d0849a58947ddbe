"""A text as a reader sees it, with the way back to where each character came from.

Masking looks for numbers in what is seen, not in what was typed: full-width digits, digits with
something invisible between them and digits split by markup all read the same.  What shows
nothing are the default-ignorable code points of Unicode Standard Annex 44.
"""

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, compress, count, repeat

_IGNORABLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_DENSE = r"[^\x00-\x7f](?:[^\x80-\U0010ffff&<*_~`\\]{0,8}[^\x00-\x7f])*+"
"""What is not plain ASCII, with what stands close between."""
_ODD = re.compile(_DENSE)
_MARKUP = re.compile(r"[&<*_~`\\]")
_ODD_OR_MARKUP = re.compile(_DENSE + r"|&#?\w{1,31};|<[!/]?[A-Za-z-][^<>]{0,500}>|[*_~`\\]+")


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
    if _MARKUP.search(text):
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
            shown = _entity(found[0])
            pieces.append(shown)
            starts.extend([start] * len(shown))
        elif text[start] not in "<*_~`\\":
            read = list(map(_SIMPLE.__getitem__, found[0]))
            pieces.append("".join(read))
            starts.extend(_origins(found[0], read, start))
    if not last:
        return PlainText(text, range(len(text)), {})
    starts.extend(range(last, len(text)))
    return PlainText("".join([*pieces, text[last:]]), starts, entity_ends)


def _origins(typed: str, read: Sequence[str], start: int) -> Iterable[int]:
    """Where each character of the readings of what was typed at ``start`` stands."""
    lengths = {len(_SIMPLE[character]) for character in set(typed)}
    if lengths == {1}:
        return range(start, start + len(typed))
    if max(lengths) <= 1:
        return compress(count(start), read)
    return chain.from_iterable(map(repeat, count(start), map(len, read)))


@lru_cache(maxsize=4096)
def _entity(written: str) -> str:
    return "".join(_SIMPLE[character] for character in html.unescape(written))


class _Readings(dict[str, str]):
    """The plain reading of each character that was met."""

    def __missing__(self, character: str) -> str:
        """Work it out; a text of very many different characters starts afresh."""
        if len(self) > _MOST_READINGS:
            self.clear()
        compatible = unicodedata.normalize("NFKC", without_ignorable(character))
        simple = self[character] = "".join(map(_plain, compatible))
        return simple


_MOST_READINGS = 20_000
_SIMPLE = _Readings()
"""A character in plain ASCII where it has such a reading; nothing where it cannot be seen."""


def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if category in {"Cf", "Mn", "Me"}:
        return ""
    if category == "Zs":
        return " "
    if category in {"Zl", "Zp"}:
        return "\n"
    if category == "Pd" or character == "\u2212":
        return "-"
    return str(unicodedata.digit(character, character))
