"""Where card, account and phone numbers and mail addresses stand in a plain text.

Cards: see :mod:`portal.cards`.  Accounts: IBAN by country, length and check digits (ISO 13616).
Phones: the numbering plans of the ``phonenumbers`` package, for what is written like a phone
number.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import count

import phonenumbers
from stdnum import iban, numdb

from portal import cards


class Kind(StrEnum):
    """What kind of personal data was found."""

    CARD = "card"
    ACCOUNT = "account"
    EMAIL = "email"
    PHONE = "phone"


@dataclass(frozen=True)
class Span:
    """A place to mask and what to put there; the security code of a card has no kind."""

    start: int
    end: int
    mask: str
    kind: Kind | None


_EMAIL = re.compile(
    r"(?<![\w.+%-])[\w.+%-]{1,64}@(?:[\w-]{1,63}\.)+(?:xn--[a-z0-9-]{1,59}|[^\W\d_]{2,63})",
    re.IGNORECASE,
)


def find_emails(plain: str) -> Iterator[Span]:
    """Mail addresses."""
    for found in _EMAIL.finditer(plain):
        yield Span(found.start(), found.end(), "[mail]", Kind.EMAIL)


_IBAN_START = re.compile(r"([A-Za-z](?<![A-Za-z0-9].)[A-Za-z]) ?[0-9]{2}")
_SEPARATORS = re.compile(r"[ .-]+")
_IBAN_CLASSES = {"n": "[0-9]", "a": "[A-Za-z]", "c": "[A-Za-z0-9]"}


@lru_cache(maxsize=700)
def _iban_rest(country: str) -> re.Pattern[str] | None:
    """What follows the check digits in a country, from the registry (``4!a6!n8!n``)."""
    facts = dict(numdb.get("iban").info(country)[0][1])
    if "bban" not in facts:
        return None
    parts = re.findall(r"([0-9]+)!?([nac])", facts["bban"])
    rest = (f"(?:[ .-]{{0,2}}{_IBAN_CLASSES[kind]}){{{count}}}" for count, kind in parts)
    return re.compile("".join(rest) + "(?![A-Za-z0-9])")


def find_accounts(plain: str) -> Iterator[Span]:
    """IBANs, in one piece or in groups."""
    for start in _IBAN_START.finditer(plain):
        rest = _iban_rest(start[1].upper())
        found = rest.match(plain, start.end()) if rest else None
        if not found:
            continue
        number = _SEPARATORS.sub("", plain[start.start() : found.end()])
        if iban.is_valid(number, check_country=False):
            mask = f"[account ••{number[-2:]}]"
            yield Span(start.start(), found.end(), mask, Kind.ACCOUNT)


_DIGITS = re.compile(r"[0-9]+")
_NAMED_CODE = re.compile(
    r"\b(?:cvv2?|cvc2?|cvn|csc|cid|cv2|security (?:code|number)|card code)"
    r"(?: (?:is|code|number))?[\s:=#.]{0,3}([0-9]{3,4})(?![0-9])",
    re.IGNORECASE,
)
_EXPIRY = r"(?:exp[a-z.]{0,8}[: ]{0,2})?(?:0[1-9]|1[0-2]) ?[/-] ?(?:20)?[0-9]{2}"
_BARE_CODE = re.compile(
    rf"[ ,;/|]{{1,3}}(?:{_EXPIRY}[ ,;/|]{{1,3}}([0-9]{{3,4}})(?![0-9])"
    r"|([0-9]{3})(?=\s*(?:\Z|[\n,;.)])))",
    re.IGNORECASE,
)


def find_cards(plain: str, is_own: Callable[[int, int], bool]) -> Iterator[Span]:
    """Card numbers that are not the house's own, and the security codes that stand by them."""
    any_card = False
    for card in cards.find_cards(plain):
        if is_own(card.start, card.end):
            continue
        any_card = True
        yield Span(card.start, card.end, f"[card ••{card.digits[-4:]}]", Kind.CARD)
        if code := _BARE_CODE.match(plain, card.end):
            yield Span(*code.span(code.lastindex or 0), "[card code]", None)
    if any_card:
        for code in _NAMED_CODE.finditer(plain):
            yield Span(*code.span(1), "[card code]", None)


_ALONE = r"(?<![\w#].)"
"""After the first character, by whose kind a search looks for a pattern quickly."""
_MORE = r"(?:(?:[ ()./-]{1,3}[0-9]{2,15}|(?<=\))[0-9]{2,15})(?![0-9]))"


def _national(known: int) -> str:
    """A national number, of whose first group so many digits have been read."""
    long, short = f"{{{7 - known},{15 - known}}}", f"{{{1 - known},{6 - known}}}"
    rest = rf"\)?(?![0-9]){_MORE}"
    return rf"(?:[0-9]{long}{rest}{{0,6}}+|[0-9]{short}{rest}{{1,6}}+)"


_DIGITS_BY_WORLD = r" ?[0-9]{1,15}(?![0-9])(?:[ ()./-]{0,3}[0-9]{1,15}(?![0-9])){0,7}+"
_INTERNATIONAL = rf"\+{_DIGITS_BY_WORLD}"
_NATIONAL = rf"\(?{_national(0)}"
_PREFIXED_NUMBER = re.compile(
    rf"(?P<number>[+0(]{_ALONE}"
    rf"(?:(?<=\+){_DIGITS_BY_WORLD}|(?<=0){_national(1)}|(?<=\(){_national(0)}))"
)
_GROUPED_NUMBER = re.compile(
    rf"(?P<number>[0-9]{_ALONE}"
    r"(?:(?<=1)[ .-][0-9])?[0-9]{2}[ .-][0-9]{3}[ .-][0-9]{4})(?![0-9])"
)
_NAMES = (
    "tel", "telephone", "telefon", "tel[eé]fono", "t[eé]l[eé]phone", "phone", "ph",
    "mobile?", "m[oó]vil", "portable", "cell", "cellphone", "cellulare", "handy", "fax",
    "whatsapp", "sms", "call@", "ring@", "reach@",
)  # fmt: skip
_ME = " (?:me|us|him|her|them)(?: back)?(?: on| at)?"


def _words(patterns: Sequence[str]) -> str:
    """Any of these words, by its first letter, which a search can look for quickly."""
    rests: dict[str, list[str]] = {}
    for name in patterns:
        rests.setdefault(name[0], []).append(name[1:].replace("@", _ME))
    firsts = "".join(rests)
    either = (f"(?<=[{one}{one.upper()}])(?:{'|'.join(rests[one])})" for one in rests)
    return rf"[{firsts}{firsts.upper()}](?<!\w.)(?i:{'|'.join(either)})"


_NAMED_NUMBER = re.compile(
    rf"{_words(_NAMES)}(?i:[ .]{{0,2}}(?:no|nr|number|nummer|is)?[ .:=]{{0,3}})"
    rf"(?P<number>{_INTERNATIONAL}|{_NATIONAL})"
)
_PART_OF_MORE = re.compile(r"\w[./-]")
_DATE_OR_FIGURE = re.compile(
    r"(?<![0-9])(?:0?[1-9]|[12][0-9]|3[01])([./-])(?:0?[1-9]|1[0-2])\1(?:19|20)?[0-9]{2}(?!\1?[0-9])"
    r"|(?:19|20)[0-9]{2}([./-])(?:0[1-9]|1[0-2])\2[0-3][0-9]"
    r"|^0\.[0-9]+$"
    r"|^[0-2][0-9]\.[0-5][0-9] ?- ?[0-2][0-9]\.[0-5][0-9]"
)
_LOOK_UPS_PER_TEXT = 60


def find_phones(plain: str, regions: Sequence[str]) -> Iterator[Span]:
    """Phone numbers: international ones, and national ones of the regions.

    A number without ``+`` or a leading zero counts only in the grouping 3-3-4 or after a word
    such as "tel".  Looking one up takes 0.05 ms a region, so from the 60th of one text on,
    being written like a phone number suffices.
    """
    look_ups = count(1)
    for pattern in (_PREFIXED_NUMBER, _GROUPED_NUMBER, _NAMED_NUMBER):
        check = _CHECKS[pattern]
        position = last = 0
        while candidate := pattern.search(plain, position):
            start, end = candidate.span("number")
            position = start + 1
            if end - start < 7 or (start > last + 1 and _PART_OF_MORE.match(plain, start - 2)):
                continue
            for stop in _group_ends(plain, start, end):
                written = plain[start:stop]
                if _is_written_like_a_phone(written) and (
                    next(look_ups) > _LOOK_UPS_PER_TEXT or _is_phone(written, regions, check)
                ):
                    yield Span(start, stop, f"[phone ••{_last_two(written)}]", Kind.PHONE)
                    position = last = stop
                    break


def _group_ends(plain: str, start: int, end: int) -> list[int]:
    """Where a number that begins at ``start`` may end: after whole groups, longest first."""
    return [group.end() for group in _DIGITS.finditer(plain, start, end)][::-1]


def _is_written_like_a_phone(written: str) -> bool:
    digits = sum(map(str.isdigit, written))
    fewest = 8 if written[0] == "0" else 7
    return fewest <= digits <= 15 and not _DATE_OR_FIGURE.search(written)


_Check = Callable[[phonenumbers.PhoneNumber], bool]
_CHECKS: dict[re.Pattern[str], _Check] = {
    _PREFIXED_NUMBER: phonenumbers.is_valid_number,
    _GROUPED_NUMBER: phonenumbers.is_valid_number,
    _NAMED_NUMBER: phonenumbers.is_possible_number,
}


def _is_phone(written: str, regions: Sequence[str], check: _Check) -> bool:
    """Whether a numbering plan knows the number; one that says it is a phone need only fit."""
    if written.startswith("00"):
        written = "+" + written[2:]
    if written.startswith("+"):
        return _fits(written, None, phonenumbers.is_possible_number)
    return any(_fits(written, region, check) for region in regions)


def _fits(written: str, region: str | None, check: _Check) -> bool:
    try:
        return check(phonenumbers.parse(written, region))
    except phonenumbers.NumberParseException:
        return False


def _last_two(written: str) -> str:
    return "".join(filter(str.isdigit, written))[-2:]
