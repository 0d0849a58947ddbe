"""A text as rules and the learned router read it: folded words, pairs of words, pieces of words."""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from portal.text import fold, words_of

__all__ = ["features_of", "fold", "heading_of", "pairs_of", "pieces_of", "words_of"]

_END = re.compile(r"[.!?\n]")
_PIECES = range(3, 6)
HEADING = "^"
"""Marks what stands in the heading, so that none is mistaken for a word of the text."""
_LONGEST_HEADING = 160


def features_of(words: list[str], heading: list[str]) -> list[str]:
    """What a text is weighed by: its words, pairs of neighbours, and pieces of 3 to 5 letters.

    A piece stays within a word, whose ends are marked, so that endings and compounds count
    (character n-grams inside word boundaries).  What the heading holds counts once more, as
    what it says there: a title names the matter, and the same words further down may not.
    """
    return [*_features(words), *(f"{HEADING}{feature}" for feature in _features(heading))]


def _features(words: list[str]) -> list[str]:
    features = [*words, *pairs_of(words)]
    for word in words:
        features.extend(pieces_of(word))
    return features


def heading_of(text: str) -> str:
    """The first sentence or line, as far as one is read; a text may be nothing more."""
    return _END.split(text.strip(), maxsplit=1)[0][:_LONGEST_HEADING]


def pairs_of(words: Iterable[str]) -> list[str]:
    """Neighbouring words."""
    return [f"{one} {other}" for one, other in pairwise(words)]


@lru_cache(maxsize=4096)
def pieces_of(word: str) -> tuple[str, ...]:
    """The pieces of a word, marked so that none is mistaken for a word."""
    ends = f"_{word}_"
    return tuple(
        f"~{ends[start : start + length]}"
        for length in _PIECES
        for start in range(len(ends) - length + 1)
    )
