"""Number formats of the house, such as ``KD-########``, which are nobody's personal data.

A format is a row of characters that must stand there, and ``#`` for any digit.  It becomes a
pattern of fixed length, so nothing an administrator types can make masking slow.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import lru_cache

from portal.cards import LENGTHS
from portal.errors import RuleBroken
from portal.i18n import gettext as _

MAX_FORMATS = 20
MAX_LENGTH = 40
_LEAST_FIXED = 2
_LEAST_DIGITS = 4
_LEAST_FIXED_OF_CARDS = 4
_FORMAT = re.compile(r"[0-9A-Za-z#./-]+")


def check_format(typed: str) -> str:
    """The format as it is kept, in capitals.

    Two letters or digits of it are fixed at least; four of one that a card number could have,
    so that it lets no more than a hundredth of an issuer's cards through.

    Raises
    ------
    RuleBroken
        On ``own_formats``, if it holds other characters or would cover too much.
    """
    written = typed.strip().upper()
    if not _FORMAT.fullmatch(written) or len(written) > MAX_LENGTH:
        raise RuleBroken(
            _(
                "A format is up to %(n)s letters, digits, - . / and # for any digit.",
                n=MAX_LENGTH,
            ),
            field="own_formats",
        )
    fixed, free = sum(map(str.isalnum, written)), written.count("#")
    is_like_a_card = fixed + free in LENGTHS and not any(map(str.isalpha, written))
    least = _LEAST_FIXED_OF_CARDS if is_like_a_card else _LEAST_FIXED
    if fixed < least or free + fixed < _LEAST_DIGITS:
        raise RuleBroken(
            _(
                "%(format)s would cover too much. Fix %(n)s letters or digits of it or more.",
                format=written,
                n=least,
            ),
            field="own_formats",
        )
    return written


def check_formats(typed: str) -> tuple[str, ...]:
    """The formats typed one a line, each checked, none twice; raises as :func:`check_format`."""
    lines = dict.fromkeys(check_format(line) for line in typed.splitlines() if line.strip())
    if len(lines) > MAX_FORMATS:
        raise RuleBroken(
            _("Up to %(n)s formats. Put several into one.", n=MAX_FORMATS), field="own_formats"
        )
    return tuple(lines)


def find_own(plain: str, formats: Sequence[str]) -> Callable[[int, int], bool]:
    """Whether a stretch of the text lies within a number of the house."""
    if not formats:
        return lambda _start, _end: False
    spans = [found.span() for found in _pattern(tuple(formats)).finditer(plain)]
    starts = [start for start, _end in spans]

    def is_own(start: int, end: int) -> bool:
        place = bisect_right(starts, start) - 1
        return place >= 0 and end <= spans[place][1]

    return is_own


@lru_cache(maxsize=32)
def _pattern(formats: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the formats, the longest first; where a digit follows, a space may stand between."""
    each = ("".join(map(_piece, one)) for one in sorted(formats, key=len, reverse=True))
    return re.compile(rf"(?<![0-9A-Za-z])(?:{'|'.join(each)})(?![0-9A-Za-z])", re.IGNORECASE)


def _piece(sign: str) -> str:
    if sign == "#":
        return "[ .-]?[0-9]"
    return f"[ .-]?{sign}" if sign.isdigit() else re.escape(sign)
