"""Valid card numbers, the disguises people and programs put them into, and a scan for them."""

import html
import re
import unicodedata
from collections.abc import Callable, Iterable
from random import Random

DIGITS = "0123456789"
ISSUERS = (
    *[("4", 16), ("4", 13), ("4", 19), ("51", 16), ("55", 16), ("2221", 16), ("2720", 16)],
    *[("34", 15), ("37", 15), ("300", 14), ("36", 14), ("6011", 16), ("65", 16), ("645", 16)],
    *[("3528", 16), ("3589", 16), ("62", 16), ("62", 19), ("2200", 16), ("6759", 16)],
)


def make_card(random: Random) -> str:
    """A number with a known issuer, its length and a right check digit (ISO/IEC 7812-1)."""
    prefix, length = random.choice(ISSUERS)
    body = prefix + "".join(random.choices(DIGITS, k=length - 1 - len(prefix)))
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(body))]
    return body + str(-sum(value // 10 + value % 10 for value in doubled) % 10)


def _groups(number: str) -> list[str]:
    return [number[place : place + 4] for place in range(0, len(number), 4)]


def _between(sign: str) -> Callable[[str, Random], str]:
    return lambda number, _random: sign.join(number)


def _script(number: str, random: Random) -> str:
    zero = random.choice([0x0660, 0x06F0, 0x0966, 0x09E6, 0x0E50, 0x1D7CE, 0x1D7F6])
    return number.translate({48 + value: zero + value for value in range(10)})


def _tags(number: str, random: Random) -> str:
    tag = random.choice(["b", "i", "span class='x'", "em"])
    place = random.randrange(1, len(number) - 1)
    return f"{number[:place]}<{tag}>{number[place:-1]}</{tag.split()[0]}>{number[-1]}"


def _markdown(number: str, random: Random) -> str:
    sign = random.choice(["**", "__", "~~", "`", "*"])
    place = random.randrange(1, len(number) - 1)
    return f"{number[:place]}{sign}{number[place:-1]}{sign}{number[-1]}"


def _line_breaks(number: str, random: Random) -> str:
    if random.random() < 0.5:
        return "\n".join(_groups(number))
    place, line_end = random.randrange(1, len(number)), random.choice(["\n", "-\n", "\n  "])
    return number[:place] + line_end + number[place:]


def _entities(number: str, random: Random) -> str:
    kinds = ["&#{};", "&#x{:x};", "&#0{};"]
    return "".join(random.choice(kinds).format(ord(digit)) for digit in number)


_MIXED = (" ", "-", ".", "\u200b", "\u00ad", "\ufe0f", "\u2060", "<b>", "</b>", "**", "\u00a0", "")


def _mixed(number: str, random: Random) -> str:
    pieces = [number[0]]
    for digit in number[1:]:
        written = chr(0xFF10 + int(digit)) if random.random() < 0.3 else digit
        pieces.append(random.choice(_MIXED) + written)
    return "".join(pieces)


DISGUISES: dict[str, Callable[[str, Random], str]] = {
    "spaces": lambda number, _random: " ".join(_groups(number)),
    "dashes": lambda number, random: random.choice(["-", "\u2013", " - "]).join(_groups(number)),
    "dots": lambda number, _random: ".".join(_groups(number)),
    "zero width": _between("\u200b"),
    "full width": lambda number, _random: number.translate(
        {48 + value: 0xFF10 + value for value in range(10)}
    ),
    "other scripts": _script,
    "tags": _tags,
    "markdown": _markdown,
    "line breaks": _line_breaks,
    "mixed": _mixed,
    "entities": _entities,
    "soft hyphens and variation selectors": lambda number, random: random.choice(
        ["\u00ad", "\ufe0f", "\U000e0101"]
    ).join(number),
}


def find_cards_in(data: bytes, cards: Iterable[str]) -> set[str]:
    """Which of these numbers stand in raw bytes, whatever stands between their digits.

    Everything but digits is thrown away first, whatever script they are of, so that no
    separator at all can hide one.
    """
    shown = html.unescape(data.decode(errors="ignore"))
    odd = {ord(sign): _digit(sign) for sign in set(shown) if not sign.isascii()}
    digits = re.sub("[^0-9]", "", shown.translate(odd))
    found: set[str] = set()
    by_length: dict[int, set[str]] = {}
    for card in cards:
        by_length.setdefault(len(card), set()).add(card)
    for length, wanted in by_length.items():
        windows = {digits[place : place + length] for place in range(len(digits) - length + 1)}
        found |= windows & wanted
    return found


def _digit(sign: str) -> str:
    value = unicodedata.digit(unicodedata.normalize("NFKC", sign)[:1], -1)
    return str(value) if value >= 0 else " "
