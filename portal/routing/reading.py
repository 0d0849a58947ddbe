"""What a learned router makes of one text: where it belongs, how sure that is, which words say so.

Run by pages, in plain Python: no numpy.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from math import exp, log, sqrt
from operator import itemgetter

from portal.routing.arrays import RARITY_STEPS, TIMES_STEPS, ZERO, Arrays
from portal.routing.wording import (
    HEADING,
    TOGETHER,
    features_of,
    fold,
    heading_of,
    pairs_of,
    pieces_of,
    together_in,
    words_of,
)

MOST_CHARACTERS = 4_000
"""As much of a text is read: more does not change where it belongs, and no field overflows."""
_SAYS_LITTLE = 0.25
"""With less than this share of what the strongest word says, a word explains nothing."""
_IN_FULL = 2
"""A word speaks with all of its row; two words that met speak each with half of theirs."""


@dataclass(frozen=True, slots=True)
class Guess:
    """A label and how sure the router is of it, between 0 and 1."""

    label: str
    confidence: float


def read_words(text: str) -> list[str]:
    """The words of as much of a text as is read; folding can make it longer, so it is cut twice."""
    return words_of(fold(text[:MOST_CHARACTERS])[:MOST_CHARACTERS])


def read_features(text: str) -> tuple[list[str], list[str]]:
    """Everything that a text is weighed by, words and pieces, as often as it stands there."""
    return features_of(read_words(text), read_words(heading_of(text)))


@dataclass(frozen=True, slots=True)
class _Part:
    """Features of a text, added up: ``total`` is packed, ``unit`` is the weight of one step."""

    total: int
    unit: float


class Reading:
    """A text as a router reads it; what was worked out is kept for the next question."""

    def __init__(self, arrays: Arrays, text: str) -> None:
        self._arrays = arrays
        self._words = read_words(text)
        self._heading = read_words(heading_of(text))

    @cached_property
    def guesses(self) -> list[Guess]:
        """Every label with its confidence, the surest first; confidences sum to 1."""
        scores = self.scores
        highest = max(scores)
        parts = [exp(self._arrays.sharpness * (score - highest)) for score in scores]
        whole = sum(parts)
        ranked = sorted(
            zip(parts, self._arrays.labels, strict=True), key=itemgetter(0), reverse=True
        )
        return [Guess(label, part / whole) for part, label in ranked]

    @cached_property
    def scores(self) -> list[float]:
        """What the text says for each label, in their order."""
        scores = list(self._arrays.offsets)
        for part in self._parts:
            if part.unit:
                *sums, _rarity, weight = self._arrays.fields(part.total)
                none = ZERO * weight
                scores = [
                    score + (one - none) * part.unit
                    for score, one in zip(scores, sums, strict=True)
                ]
        return scores

    @cached_property
    def _parts(self) -> tuple[_Part, _Part]:
        """Words, and pieces of words."""
        words, pieces = features_of(self._words, self._heading)
        return self._add_up(words), self._add_up(pieces)

    def _add_up(self, features: list[str]) -> _Part:
        by_count: dict[int, int] = {}
        row_of = self._arrays.rows.get
        for feature, count in Counter(features).items():
            row = row_of(feature)
            if row is not None:
                by_count[count] = by_count.get(count, 0) + row
        total, length = 0, 0
        for count, row in by_count.items():
            times = round(TIMES_STEPS * (1 + log(count)))
            total += times * row
            length += times * times * self._arrays.fields(row)[-2]
        return _Part(total, self._arrays.step / sqrt(length / RARITY_STEPS) if length else 0.0)

    def telling_words(self, label: str, most: int = 3) -> list[str]:
        """The words and pairs that speak most for a label against the others, as folded.

        Fewer than ``most`` where the rest say next to nothing, beside the one that says most.
        """
        place = self._arrays.labels.index(label)
        ranked = sorted(self._evidence, key=lambda one: (-one[1][place], one[0]))
        least = max(0.0, ranked[0][1][place] * _SAYS_LITTLE) if ranked else 0.0
        telling: list[str] = []
        for said, amounts in ranked:
            if len(telling) == most or amounts[place] <= least:
                break
            if len(said) > 1 and not any(f" {said} " in f" {one} " for one in telling):
                telling.append(said)
        return telling

    @cached_property
    def _evidence(self) -> list[tuple[str, list[float]]]:
        """What words and neighbours say for each label, above what they say for all on average.

        A word speaks with its pieces, and shares what it says together with another.
        """
        words, pieces = self._parts
        own, within = self._speakers()
        return [
            (said, self._say([(own.get(said, 0), words.unit), (within.get(said, 0), pieces.unit)]))
            for said in own.keys() | within.keys()
        ]

    def _say(self, parts: Iterable[tuple[int, float]]) -> list[float]:
        """What packed sums say for each label against all; each row stands in them twice."""
        amounts = [0.0] * len(self._arrays.labels)
        for total, unit in parts:
            if total and unit:
                sums = self._arrays.fields(total)[:-2]
                mean = sum(sums) / len(sums)
                amounts = [
                    amount + (one - mean) * unit * TIMES_STEPS / _IN_FULL
                    for amount, one in zip(amounts, sums, strict=True)
                ]
        return amounts

    def _speakers(self) -> tuple[dict[str, int], dict[str, int]]:
        """Words and neighbours with the sums of their own rows, and of their pieces'."""
        row_of = self._arrays.rows.get
        own: dict[str, int] = {}
        within: dict[str, int] = {}
        for words, mark in ((self._words, ""), (self._heading, HEADING)):
            for said in dict.fromkeys(chain(words, pairs_of(words))):
                row = row_of(f"{mark}{said}")
                if row is not None:
                    own[said] = own.get(said, 0) + _IN_FULL * row
            for word in dict.fromkeys(words):
                for piece in pieces_of(word):
                    row = row_of(f"{mark}{piece}")
                    if row is not None:
                        within[word] = within.get(word, 0) + _IN_FULL * row
        for pair in together_in(self._words):
            row = row_of(pair)
            if row is not None:
                for word in pair.split(TOGETHER):
                    own[word] = own.get(word, 0) + row
        return own, within
