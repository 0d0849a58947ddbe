"""Masking of card, account and phone numbers and mail addresses, before the first write.

What is found is replaced for good: nothing here keeps, logs or returns what stood there.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from html import unescape
from itertools import islice

from portal.i18n import gettext as _
from portal.i18n import ngettext
from portal.identifiers import (
    Kind,
    Span,
    find_accounts,
    find_cards,
    find_emails,
    find_phones,
)
from portal.own_formats import find_own
from portal.plaintext import PlainText, plain_readings


@dataclass(frozen=True)
class MaskingPolicy:
    """What is masked: the kinds, the countries whose phone numbers count, own number formats."""

    kinds: frozenset[Kind] = frozenset(Kind)
    regions: tuple[str, ...] = ("US", "GB", "DE", "FR", "ES", "IT", "NL")
    own_formats: tuple[str, ...] = ()


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

_MAY_HOLD = re.compile(r"[\d@&\xb2\xb3\xb9]|[^\x00-\u024f]")
_DIGIT = re.compile("[0-9]")
_FIGURE = re.compile(r"[\d@\xb2\xb3\xb9]|[^\x00-\u024f\u2022]")
"""What may stand for a digit or an @; a letter of another script is not spared, for a text
that is blanked is a list of numbers or an attack."""

# Masking one number can uncover another.  Two rounds are usual; a text that still yields after
# six was made to, and loses its digits.  So does one with hundreds of numbers: it is a list.
_ROUNDS = 6
_MOST_FINDINGS = 200


def _default_policy() -> MaskingPolicy:
    return DEFAULT_POLICY


_read_policy: Callable[[], MaskingPolicy] = _default_policy


def use_policy_of(source: Callable[[], MaskingPolicy]) -> None:
    """Let ``mask`` ask here for the policy that the portal's administrators set."""
    global _read_policy
    _read_policy = source


_settled: ContextVar[MaskingPolicy | None] = ContextVar("settled_policy", default=None)


@contextmanager
def settled(policy: MaskingPolicy | None = None) -> Iterator[None]:
    """Keep to one policy within the block; without one ask once, for thousands of texts."""
    token = _settled.set(policy or _read_policy())
    try:
        yield
    finally:
        _settled.reset(token)


def mask(text: str, policy: MaskingPolicy | None = None) -> Masked:
    """The text with personal data replaced by ``[card ••1234]``, ``[mail]`` and so on.

    Irreversible, and stable: a masked text is masked to itself.  Time grows linearly with the
    length of the text; in one with more than 200 numbers every digit is replaced.
    """
    if not _MAY_HOLD.search(text):
        return Masked(text)
    policy = policy or _settled.get() or _read_policy()
    counts: Counter[Kind] = Counter()
    for _round in range(_ROUNDS):
        spans = _spans(text, policy)
        counts.update(span.kind for span in spans if span.kind)
        if not spans:
            break
        if len(spans) > _MOST_FINDINGS:
            text = _without_figures(text)
            break
        text = _replace(text, spans)
    else:
        text = _without_figures(text)
    return Masked(text, tuple(Finding(kind, counts[kind]) for kind in Kind if counts[kind]))


def is_masked(text: str) -> bool:
    """Whether there is nothing left to mask in a text."""
    return mask(text).text == text


def _without_figures(text: str) -> str:
    """The text without a single digit or sign of a mail address, however written."""
    return _FIGURE.sub("•", unescape(text))


def describe(found: Sequence[Finding]) -> str:
    """What was masked, in sentences for the writer; empty when nothing was."""
    if not found:
        return ""
    sentences = [_("We masked %(things)s.", things=_listed(found)), _not_saved(found)]
    if cards := sum(finding.count for finding in found if finding.kind is Kind.CARD):
        sentences.append(
            ngettext(
                "The card number cannot be brought back, by anyone.",
                "The card numbers cannot be brought back, by anyone.",
                cards,
            )
        )
    return " ".join(sentences)


def foretell(found: Sequence[Finding]) -> str:
    """What will be masked once it is sent; empty when nothing will."""
    return _("We will mask %(things)s.", things=_listed(found)) if found else ""


def _listed(found: Sequence[Finding]) -> str:
    names = [_named(finding) for finding in found]
    if len(names) == 1:
        return names[0]
    return _("%(most)s and %(last)s", most=", ".join(names[:-1]), last=names[-1])


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
        for span in islice(_found_in(reading, policy), _MOST_FINDINGS + 1)
    ]
    return _merged(found)


def _found_in(reading: PlainText, policy: MaskingPolicy) -> Iterator[Span]:
    plain = reading.text
    if Kind.EMAIL in policy.kinds and "@" in plain:
        yield from find_emails(plain)
    if not _DIGIT.search(plain):
        return
    is_own = find_own(plain, policy.own_formats)
    if Kind.ACCOUNT in policy.kinds:
        yield from find_accounts(plain)
    if Kind.CARD in policy.kinds:
        yield from find_cards(plain, is_own)
    if Kind.PHONE in policy.kinds:
        for span in find_phones(plain, policy.regions):
            if not is_own(span.start, span.end):
                yield span


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
