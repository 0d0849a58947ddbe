"""A text as rules and the learned router read it: folded words, pairs of words, pieces of words."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

_WORD = re.compile(r"[^\W_]+")
_PIECES = range(3, 6)
_LONGEST = 40
"""Letters of a word that are read; what is longer is no word of a language."""


def fold(text: str) -> str:
    """The text without case and accents: ``Größe`` and ``GROSSE`` read the same."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def words_of(text: str) -> list[str]:
    """The folded words in their order: runs of letters and digits."""
    return [word[:_LONGEST] for word in _WORD.findall(fold(text))]


def features_of(words: list[str]) -> list[str]:
    """What a text is weighed by: its words, pairs of neighbours, and pieces of 3 to 5 letters.

    A piece stays within a word, whose ends are marked, so that endings and compounds count
    (character n-grams inside word boundaries).
    """
    features = [*words, *pairs_of(words)]
    for word in words:
        features.extend(pieces_of(word))
    return features


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
