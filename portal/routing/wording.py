"""A text as rules and the learned router read it: folded words, pairs of words, pieces of words."""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain, combinations, islice, pairwise

from portal.text import fold, words_of

__all__ = [
    "features_of",
    "fold",
    "heading_of",
    "is_piece",
    "pairs_of",
    "pieces_of",
    "together_in",
    "words_of",
]

_END = re.compile(r"[.!?\n]")
_PIECES = range(3, 6)
HEADING = "^"
"""Marks what stands in the heading, so that none is mistaken for a word of the text."""
_LONGEST_HEADING = 160
_PIECE = "~"
"""Marks a piece of a word, so that none is mistaken for a word."""
TOGETHER = "&"
"""Joins two words that met."""
_OPENING = 12
"""So many different words open a text, of which any two count as met together."""


def features_of(words: list[str], heading: list[str]) -> tuple[list[str], list[str]]:
    """What a text is weighed by: its words, and the pieces of its words, each part on its own.

    With the words go pairs of neighbours, and any two words that meet in the opening: there
    ``reset`` and ``password`` say the same with a name between them.  A piece has 3 to 5 letters
    and stays within a word, whose ends are marked, so that endings and compounds count
    (character n-grams inside word boundaries).  What the heading holds counts once more, as
    what it says there: a title names the matter, and the same words further down may not.
    """
    said = [*words, *pairs_of(words), *together_in(words)]
    said.extend([f"{HEADING}{feature}" for feature in chain(heading, pairs_of(heading))])
    pieces = [piece for word in words for piece in pieces_of(word)]
    pieces.extend([f"{HEADING}{piece}" for word in heading for piece in pieces_of(word)])
    return said, pieces


def is_piece(feature: str) -> bool:
    """Whether a feature is a piece of a word; else it is a word, or two."""
    return feature.startswith(_PIECE, feature.startswith(HEADING))


def heading_of(text: str) -> str:
    """The first sentence or line, as far as one is read; a text may be nothing more."""
    return _END.split(text.strip(), maxsplit=1)[0][:_LONGEST_HEADING]


def pairs_of(words: Iterable[str]) -> list[str]:
    """Neighbouring words."""
    return [f"{one} {other}" for one, other in pairwise(words)]


def together_in(words: Iterable[str]) -> list[str]:
    """Any two different words among the first of a text, whichever comes first."""
    opening = sorted(islice(dict.fromkeys(words), _OPENING))
    return [f"{one}{TOGETHER}{other}" for one, other in combinations(opening, 2)]


@lru_cache(maxsize=4096)
def pieces_of(word: str) -> tuple[str, ...]:
    """The pieces of a word, marked."""
    ends = f"_{word}_"
    return tuple(
        f"{_PIECE}{ends[start : start + length]}"
        for length in _PIECES
        for start in range(len(ends) - length + 1)
    )
