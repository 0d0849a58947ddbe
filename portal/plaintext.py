"""A text as a reader sees it, with the way back to where each character came from.

Masking looks for numbers in what is seen, not in what was typed: full-width digits, digits with
something invisible between them and digits split by markup all read the same.  What shows
nothing are the default-ignorable code points of Unicode Standard Annex 44.
"""

import html
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate, chain, count, repeat

_IGNORABLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_DENSE = r"[^\x00-\x7f](?:[^\x80-\U0010ffff&<*_~`\\]{0,8}[^\x00-\x7f])*+"
"""What is not plain ASCII, with what stands close between."""
_ODD = re.compile(f"({_DENSE})")
_MARKUP = re.compile(r"[&<*_~`\\]")
_ODD_OR_MARKUP = re.compile(rf"({_DENSE}|&#?\w{{1,31}};|<[!/]?[A-Za-z-][^<>]{{0,500}}>|[*_~`\\]+)")


class PlainText:
    """A plain reading, with the way back to the source.

    Works on the source cut into what is read as it stands and what is read otherwise, in turns.
    Places are looked up where something was found, so that a text of nothing but markup costs
    no more than to cut it.
    """

    def __init__(self, text: str, cuts: Sequence[str] = (), shown: Sequence[str] = ()) -> None:
        self.text = text
        self._cuts, self._shown = cuts, shown

    def source(self, start: int, end: int) -> tuple[int, int]:
        """Where the (not empty) stretch from ``start`` to ``end`` stands in the source."""
        if not self._cuts:
            return start, end
        return self._place(start)[0], self._place(end - 1)[1]

    @cached_property
    def _ends(self) -> list[int]:
        return list(accumulate(map(len, self._shown)))

    @cached_property
    def _source_ends(self) -> list[int]:
        return list(accumulate(map(len, self._cuts)))

    def _place(self, place: int) -> tuple[int, int]:
        """From where to where a character of the reading was typed; an entity is one piece."""
        cut = bisect_right(self._ends, place)
        within = place - self._ends[cut] + len(self._shown[cut])
        end = self._source_ends[cut]
        start = end - len(self._cuts[cut])
        if cut % 2 and self._cuts[cut][0] == "&":
            return start, end
        origin = start + (self._origins(cut)[within] if cut % 2 else within)
        return origin, origin + 1

    def _origins(self, cut: int) -> Sequence[int]:
        """From which character of a piece each one of its reading comes; the last is kept."""
        if self._last[0] != cut:
            read = map(_SIMPLE.__getitem__, self._cuts[cut])
            self._last = cut, list(chain.from_iterable(map(repeat, count(), map(len, read))))
        return self._last[1]

    _last: tuple[int, Sequence[int]] = (-1, ())


def without_ignorable(text: str) -> str:
    """The text without code points that show nothing (zero-width, direction marks, fillers)."""
    return _IGNORABLE.sub("", text)


def plain_readings(text: str) -> Iterator[PlainText]:
    """The text without its markup, and with it when that makes a difference.

    Both count: a number may be split by tags, and it may stand inside one.
    """
    has_markup = _MARKUP.search(text) is not None
    typed = PlainText(text) if text.isascii() else _reading(text, _ODD)
    shown = _reading(text, _ODD_OR_MARKUP) if has_markup else typed
    yield shown
    if typed.text != shown.text:
        yield typed


def _reading(text: str, odd: re.Pattern[str]) -> PlainText:
    cuts = odd.split(text)
    if len(cuts) == 1:
        return PlainText(text)
    shown = cuts.copy()
    shown[1::2] = map(_SHOWN.__getitem__, cuts[1::2])
    return PlainText("".join(shown), cuts, shown)


class _Shown(dict[str, str]):
    """The plain readings of short pieces that are not read as they stand."""

    def __missing__(self, piece: str) -> str:
        """Work it out: what an entity stands for, nothing for markup, characters one by one."""
        if piece[0] in "<*_~`\\":
            read = ""
        else:
            typed = html.unescape(piece) if piece[0] == "&" else piece
            read = "".join(map(_SIMPLE.__getitem__, typed))
        if len(piece) <= _SHORT:
            if len(self) > _MOST_READINGS:
                self.clear()
            self[piece] = read
        return read


_SHORT = 12
_SHOWN = _Shown()


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
