"""Masking of card, account and phone numbers and mail addresses, before the first write.

What is found is replaced for good: nothing here keeps, logs or returns what stood there.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from portal.i18n import gettext as _
from portal.i18n import ngettext
from portal.identifiers import (
    Kind,
    OwnNumber,
    Span,
    find_accounts,
    find_cards,
    find_emails,
    find_phones,
)
from portal.plaintext import PlainText, plain_readings

MASKING_VERSION = 1
"""Goes up whenever the rules find something else; masked previews are cached under it."""


@dataclass(frozen=True)
class MaskingPolicy:
    """What is masked: the kinds, the countries whose phone numbers count, own number formats."""

    kinds: frozenset[Kind] = frozenset(Kind)
    regions: tuple[str, ...] = ("US", "GB", "DE")
    own_numbers: tuple[OwnNumber, ...] = ()


@dataclass(frozen=True)
class Finding:
    """How many of a kind were masked; counts alone, never what was found."""

    kind: Kind
    count: int


@dataclass(frozen=True)
class Masked:
    """The text that may be stored, and what was taken out of it."""

    text: str
    found: tuple[Finding, ...] = ()


DEFAULT_POLICY = MaskingPolicy()

# Masking one number can uncover another.  Two rounds are usual; a text that still yields after
# ten was made to, and loses its digits.
_ROUNDS = 10


def mask(text: str, policy: MaskingPolicy = DEFAULT_POLICY) -> Masked:
    """The text with personal data replaced by ``[card ••1234]``, ``[mail]`` and so on.

    Irreversible, and stable: a masked text is masked to itself.  Time grows linearly with the
    length of the text.
    """
    counts: Counter[Kind] = Counter()
    for _round in range(_ROUNDS):
        spans = _spans(text, policy)
        if not spans:
            break
        text = _replace(text, spans)
        counts.update(span.kind for span in spans if span.kind)
    else:
        text = "".join("•" if sign.isdigit() or sign == "@" else sign for sign in text)
    return Masked(text, tuple(Finding(kind, counts[kind]) for kind in Kind if counts[kind]))


def describe(found: Sequence[Finding]) -> str:
    """What was masked, in sentences for the writer; empty when nothing was."""
    if not found:
        return ""
    names = [_named(finding) for finding in found]
    listed = names[0]
    if len(names) > 1:
        listed = _("%(most)s and %(last)s", most=", ".join(names[:-1]), last=names[-1])
    sentences = [_("We masked %(things)s.", things=listed), _not_saved(found)]
    if cards := sum(finding.count for finding in found if finding.kind is Kind.CARD):
        sentences.append(
            ngettext(
                "The card number cannot be brought back, by anyone.",
                "The card numbers cannot be brought back, by anyone.",
                cards,
            )
        )
    return " ".join(sentences)


def _named(finding: Finding) -> str:
    match finding.kind:
        case Kind.CARD:
            return ngettext("a card number", "%(n)s card numbers", finding.count)
        case Kind.ACCOUNT:
            return ngettext("an account number", "%(n)s account numbers", finding.count)
        case Kind.EMAIL:
            return ngettext("a mail address", "%(n)s mail addresses", finding.count)
        case Kind.PHONE:
            return ngettext("a phone number", "%(n)s phone numbers", finding.count)


def _not_saved(found: Sequence[Finding]) -> str:
    total = sum(finding.count for finding in found)
    if total == 1:
        return _("It was not saved.")
    return _("Neither was saved.") if total == 2 else _("None of them was saved.")


def _spans(text: str, policy: MaskingPolicy) -> list[Span]:
    """Everything to mask, in order, without overlaps."""
    found = [
        Span(*reading.source(span.start, span.end), span.mask, span.kind)
        for reading in plain_readings(text)
        for span in _found_in(reading, policy)
    ]
    return _merged(found)


def _found_in(reading: PlainText, policy: MaskingPolicy) -> Iterator[Span]:
    plain = reading.text
    if Kind.EMAIL in policy.kinds and "@" in plain:
        yield from find_emails(plain)
    if any(map(str.isdigit, plain)):
        if Kind.ACCOUNT in policy.kinds:
            yield from find_accounts(plain)
        if Kind.CARD in policy.kinds:
            yield from find_cards(plain, policy.own_numbers)
        if Kind.PHONE in policy.kinds:
            yield from find_phones(plain, policy.regions)


def _merged(spans: Iterable[Span]) -> list[Span]:
    """Overlapping spans as one, named by the longer; what is masked is never less."""
    merged: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if not merged or span.start >= merged[-1].end:
            merged.append(span)
        elif span.end > merged[-1].end:
            longer = max(merged[-1], span, key=lambda span: span.end - span.start)
            merged[-1] = Span(merged[-1].start, span.end, longer.mask, longer.kind)
    return merged


def _replace(text: str, spans: Sequence[Span]) -> str:
    pieces, last = [], 0
    for span in spans:
        pieces += [text[last : span.start], span.mask]
        last = span.end
    return "".join([*pieces, text[last:]])
