"""The learned router as plain arrays: applied in a page without numpy, in about a millisecond.

Training leaves one row for each feature (a word, two words, a piece of a word): how much it
speaks for each label.  Words and pieces are weighed apart, each by their own length, so that the
many pieces of a long word do not drown it.  A row is kept as one long integer of 32-bit fields,
so that adding two rows adds all labels at once.  The fields hold whole numbers around ``ZERO``;
the last two hold the square of the feature's rarity, for that length, and a 1 that counts the
features.
"""

import json
import struct
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from math import exp, log, sqrt
from operator import itemgetter

from portal.routing.wording import (
    HEADING,
    features_of,
    fold,
    heading_of,
    pairs_of,
    pieces_of,
    words_of,
)

ZERO = 2048
"""What stands for a weight of nothing; weights go from 0 to 4095, in 12 bits."""
RARITY_STEPS = 16
"""Steps of the squared rarity (inverse document frequency), which is below 256."""
TIMES_STEPS = 16
"""Steps of the damped count: a feature that occurs n times counts 1 + ln n."""
MOST_CHARACTERS = 4_000
"""As much of a text is read: more does not change where it belongs, and no field overflows."""

_MAGIC = b"portal router 2\n"
_FIELD = 4


class NotArrays(ValueError):
    """Bytes that are no learned router of ours."""


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


@dataclass(frozen=True)
class Arrays:
    """What was learned.

    ``rows`` are the packed weights by feature; ``step`` is the size of one whole number of
    weight; ``offsets`` are added to a label's score; ``sharpness`` turns scores into
    probabilities (temperature scaling, Guo et al. 2017).
    """

    labels: tuple[str, ...]
    rows: Mapping[str, int]
    step: float
    offsets: tuple[float, ...]
    sharpness: float

    @cached_property
    def _layout(self) -> struct.Struct:
        return struct.Struct(f"<{len(self.labels) + 2}I")

    def guesses(self, text: str) -> list[Guess]:
        """Every label with its confidence, the surest first; confidences sum to 1."""
        scores = self._scores(read_features(text))
        highest = max(scores)
        parts = [exp(self.sharpness * (score - highest)) for score in scores]
        whole = sum(parts)
        ranked = sorted(zip(parts, self.labels, strict=True), key=itemgetter(0), reverse=True)
        return [Guess(label, part / whole) for part, label in ranked]

    def _scores(self, parts: Sequence[list[str]]) -> list[float]:
        said = [self._said(features) for features in parts]
        return [sum(amounts) for amounts in zip(self.offsets, *said, strict=True)]

    def _said(self, features: list[str]) -> Sequence[float]:
        """What features say for each label, as if their text had length 1."""
        by_count: dict[int, int] = {}
        row_of = self.rows.get
        for feature, count in Counter(features).items():
            row = row_of(feature)
            if row is not None:
                by_count[count] = by_count.get(count, 0) + row
        total, length = 0, 0
        for count, row in by_count.items():
            times = round(TIMES_STEPS * (1 + log(count)))
            total += times * row
            length += times * times * self._fields(row)[-2]
        if not length:
            return [0.0] * len(self.labels)
        *sums, _rarity, weight = self._fields(total)
        unit = self.step / sqrt(length / RARITY_STEPS)
        return [(one - ZERO * weight) * unit for one in sums]

    def _fields(self, row: int) -> tuple[int, ...]:
        return self._layout.unpack(row.to_bytes(self._layout.size, "little"))

    def telling_words(self, text: str, label: str, most: int = 3) -> list[str]:
        """The words and pairs that speak most for a label against the others, as folded."""
        words = read_words(text)
        place = self.labels.index(label)
        said = dict.fromkeys(chain(words, pairs_of(words)), 0.0)
        for read, mark in ((words, ""), (read_words(heading_of(text)), HEADING)):
            for word in said.keys() & read:
                parts = (word, *pieces_of(word))
                said[word] += self._says([f"{mark}{part}" for part in parts], place)
            for pair in said.keys() & pairs_of(read):
                said[pair] += self._says([f"{mark}{pair}"], place)
        ranked = sorted(said.items(), key=lambda one: (-one[1], one[0]))
        telling: list[str] = []
        for words_said, amount in ranked:
            known = any(f" {words_said} " in f" {one} " for one in telling)
            if amount > 0 and len(words_said) > 1 and not known and len(telling) < most:
                telling.append(words_said)
        return telling

    def _says(self, features: Sequence[str], place: int) -> float:
        """How much features say for a label, above what they say for all on average."""
        amount = 0.0
        for feature in features:
            row = self.rows.get(feature)
            if row is not None:
                fields = self._fields(row)[:-2]
                amount += fields[place] - sum(fields) / len(fields)
        return amount

    def to_bytes(self) -> bytes:
        """The router as it is stored: a head in JSON, the features, the rows; packed."""
        head = {
            "labels": self.labels,
            "step": self.step,
            "offsets": self.offsets,
            "sharpness": self.sharpness,
        }
        size = self._layout.size
        rows = b"".join(row.to_bytes(size, "little") for row in self.rows.values())
        parts = json.dumps(head).encode(), "\t".join(self.rows).encode(), rows
        return _MAGIC + zlib.compress(b"\n".join(parts), 6)


def read_arrays(stored: bytes) -> Arrays:
    """A router from its bytes, which hold numbers and words alone: nothing in them can run.

    Raises
    ------
    NotArrays
        For bytes that :meth:`Arrays.to_bytes` did not write, or not in this version.
    """
    if not stored.startswith(_MAGIC):
        raise NotArrays("not a learned router of this version")
    try:
        head, features, rows = zlib.decompress(stored[len(_MAGIC) :]).split(b"\n", 2)
        fields = json.loads(head)
        size = _FIELD * (len(fields["labels"]) + 2)
        names = features.decode().split("\t") if features else []
    except (zlib.error, ValueError, KeyError, TypeError) as error:
        raise NotArrays("a damaged learned router") from error
    if len(rows) != size * len(names):
        raise NotArrays("a damaged learned router")
    packed = (int.from_bytes(rows[at : at + size], "little") for at in range(0, len(rows), size))
    return Arrays(
        labels=tuple(fields["labels"]),
        rows=dict(zip(names, packed, strict=True)),
        step=fields["step"],
        offsets=tuple(fields["offsets"]),
        sharpness=fields["sharpness"],
    )
