"""Where card numbers stand in a plain text.

A card has 13 to 19 digits, the Luhn check digit (ISO/IEC 7812-1 annex B) and a known issuer
prefix with its length; one random 16-digit number in forty passes by chance, so a house names
its own number formats.

The digits are looked at all at once: their values are the bytes of one long integer, so that
adding it to itself, shifted by a byte, adds every digit to its neighbour.  A dozen such
additions give the Luhn sum of every window of a text, in the time of a few copies of it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress

LENGTHS = range(13, 20)
_BY_ISSUER = {
    "visa": (16, 13, 19),
    "mastercard": (16,),
    "amex": (15,),
    "diners": (14,),
    "discover": (16, 17, 18, 19),
    "jcb": (16, 17, 18, 19),
    "mir": (16, 17, 18, 19),
    "unionpay": (16, 17, 18, 19),
    "maestro": (16, 13, 14, 15, 17, 18, 19),
}
_ISSUER = re.compile(
    "(?P<visa>4)"
    "|(?P<mastercard>5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)"
    "|(?P<amex>3[47])"
    "|(?P<diners>30[0-59]|3[689])"
    "|(?P<discover>6011|64[4-9]|65)"
    "|(?P<jcb>352[89]|35[3-8])"
    "|(?P<mir>220[0-4])"
    "|(?P<unionpay>62|81[0-7])"
    "|(?P<maestro>5018|5020|5038|5893|6304|6759|676[1-3])"
)
_FEWEST = LENGTHS.start
_DIGITS = b"0123456789"
_NOT_DIGITS = bytes(set(range(256)) - set(_DIGITS))


def _table(default: int, **values: bytes) -> bytes:
    """A table for ``bytes.translate``: the values named ``_1`` and so on, else the default."""
    table = bytearray([default] * 256)
    for name, members in values.items():
        for member in members:
            table[member] = int(name[1:])
    return bytes(table)


def _first_digits(length: int) -> bytes:
    """The digits that a number of this length can begin with."""
    prefixes = (f"{number:04}" for number in range(10_000))
    firsts = {
        prefix[0]
        for prefix in prefixes
        if (issuer := _ISSUER.match(prefix)) and length in _BY_ISSUER[issuer.lastgroup or ""]
    }
    return "".join(firsts).encode()


_EACH = {f"_{one}": bytes([one]) for one in _DIGITS}
_GAPS = _table(ord("x"), _32=b" ./-_", _10=b"\n\t", **_EACH)
_HERE = _table(0, _8=_DIGITS)
_BEFORE = _table(4, _16=_DIGITS, _1=b" ", _2=b"\n")
_NO_DIGIT = bytes(value for value in range(256) if not value & 8)
_GLUED, _SPACED, _LINED = (_table(48, _49=bytes([8 | one])) for one in (16, 1, 2))
_BEGINS = {length: _table(48, _49=_first_digits(length)) for length in LENGTHS}
_FLAG = _table(0, _1=b"1")
_ANY = re.compile(rb"[^\0]")
_VALUE = bytes(value % 48 % 10 for value in range(256))
_DOUBLED = bytes((0, 2, 4, 6, 8, 1, 3, 5, 7, 9)).ljust(256, b"\0")
_TENS = _table(48, _49=bytes(range(0, 180, 10)))


@dataclass(frozen=True, slots=True)
class Card:
    """A card number: where it stands, and its digits."""

    start: int
    end: int
    digits: str


def find_cards(plain: str) -> Iterator[Card]:
    """Card numbers, which begin and end where a group of digits does, from left to right.

    Between two digits may stand up to three spaces, full stops, slashes or dashes.  Line breaks
    count too between groups of four digits or more, and twice in a number elsewhere, so that a
    column of figures is none.
    """
    data = plain.encode("ascii", "replace")
    digits = data.translate(None, _NOT_DIGITS)
    if len(digits) < _FEWEST:
        return
    fitting = _fitting(digits, _marks(data))
    places: list[int] = []
    ends = 0
    for found in _ANY.finditer(fitting):
        first = found.start()
        length = _card_length(digits[first : first + 4], fitting[first])
        if length and first >= ends:
            places = places or list(compress(range(len(data)), data.translate(_HERE)))
            ends = first + length
            yield Card(places[first], places[ends - 1] + 1, digits[first:ends].decode())


@lru_cache(maxsize=10_000)
def _card_length(prefix: bytes, fitting: int) -> int:
    """How long the card is that begins with these digits, of the lengths that would do; or 0."""
    issuer = _ISSUER.match(prefix.decode())
    lengths = _BY_ISSUER[issuer.lastgroup or ""] if issuer else ()
    return next((one for one in lengths if fitting >> (one - _FEWEST) & 1), 0)


def _marks(data: bytes) -> bytes:
    """What stands before every digit: 24 a digit, 9 a gap, 10 a gap with a line break."""
    gaps = data.translate(_GAPS, b"\r").replace(b"    ", b"x")
    for long, short in ((b"   ", b" "), (b"  ", b" "), (b" \n", b"\n"), (b"\n ", b"\n")):
        gaps = gaps.replace(long, short)
    for more in (b"\n\n", b"x\n", b"x "):
        gaps = gaps.replace(more, b"x")
    here = int.from_bytes(gaps.translate(_HERE), "little")
    before = int.from_bytes(gaps.translate(_BEFORE), "little") << 8
    return (here | before).to_bytes(len(gaps) + 1, "little").translate(None, _NO_DIGIT)


def _fitting(digits: bytes, marks: bytes) -> bytes:
    """For every digit, the lengths of the numbers with a right check digit that begin there.

    Bit 0 stands for 13 digits, bit 6 for 19.
    """
    size = len(digits)
    glued, spaced, lined = (_bits(marks, table) for table in (_GLUED, _SPACED, _LINED))
    four_before = glued << 1 & glued << 2 & glued << 3
    four_after = glued >> 1 & glued >> 2 & glued >> 3
    stray = lined & ~(four_before & four_after)
    joined = glued | spaced | lined
    ends = ~glued >> 1 & (1 << size) - 1 | 1 << size - 1
    alive = ~glued & (1 << size) - 1
    once = twice = thrice = fitting = 0
    sums: dict[int, int] = {}
    for length in range(2, LENGTHS.stop):
        place = length - 1
        here = stray >> place
        once, twice, thrice = once | here, twice | once & here, thrice | twice & here
        alive &= joined >> place & ~thrice
        if not alive:
            break
        if length in LENGTHS:
            sums = sums or _luhn_sums(digits)
            right = int(_bytes(sums[length], size)[::-1].translate(_TENS), 2)
            fits = alive & right & ends >> place & _bits(digits, _BEGINS[length])
            if fits:
                flags = format(fits, f"0{size}b").encode().translate(_FLAG)
                fitting |= int.from_bytes(flags, "big") << length - _FEWEST
    return _bytes(fitting, size)


def _luhn_sums(digits: bytes) -> dict[int, int]:
    """The Luhn sum of every window of 13 to 19 digits, as the byte of its first digit.

    No sum exceeds 171, so no byte runs over into the next.
    """
    values = digits.translate(_VALUE)
    plain = int.from_bytes(values, "little")
    two = int.from_bytes(values.translate(_DOUBLED), "little") + (plain >> 8)
    four = two + (two >> 16)
    eight = four + (four >> 32)
    twelve = eight + (four >> 64)
    sixteen = eight + (eight >> 64)
    even = {12: twelve, 14: twelve + (two >> 96), 16: sixteen, 18: sixteen + (two >> 128)}
    odd = {length + 1: plain + (sums >> 8) for length, sums in even.items()}
    return even | odd


def _bits(flags: bytes, table: bytes) -> int:
    return int(flags[::-1].translate(table), 2)


def _bytes(number: int, size: int) -> bytes:
    return (number & (1 << 8 * size) - 1).to_bytes(size, "little")
