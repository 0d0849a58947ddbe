"""A text as rules and the learned router read it: folded words, pairs of words, pieces of words."""

from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from portal.text import fold, words_of

__all__ = ["features_of", "fold", "pairs_of", "pieces_of", "words_of"]

_PIECES = range(3, 6)


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
