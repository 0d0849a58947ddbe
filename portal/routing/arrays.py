"""The learned router as plain arrays, so that a page needs no numpy to read a text with it.

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
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

ZERO = 2048
"""What stands for a weight of nothing; weights go from 0 to 4095, in 12 bits."""
RARITY_STEPS = 16
"""Steps of the squared rarity (inverse document frequency), which is below 256."""
TIMES_STEPS = 16
"""Steps of the damped count: a feature that occurs n times counts 1 + ln n."""

_MAGIC = b"portal router 2\n"
_FIELD = 4


class NotArrays(ValueError):
    """Bytes that are no learned router of ours."""


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

    def fields(self, row: int) -> tuple[int, ...]:
        """The whole numbers of a row, or of a sum of rows: one for each label, and the two."""
        return self._layout.unpack(row.to_bytes(self._layout.size, "little"))

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
