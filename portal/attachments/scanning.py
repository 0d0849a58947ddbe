"""Looking for personal data in the text of a file: it is kept out, for nothing can be masked."""

from collections import Counter
from collections.abc import Iterable, Iterator

from portal.attachments.refusals import Refused
from portal.i18n import gettext as _
from portal.i18n import ngettext
from portal.identifiers import Kind
from portal.masking import mask

_PART = 32 * 1024
_OVERLAP = 200


def refuse_personal_data(text: str) -> None:
    """Raise Refused, with what was found by kind, if the text holds personal data."""
    counts: Counter[Kind] = Counter()
    for part in _parts(text.splitlines()):
        for finding in mask(part).found:
            counts[finding.kind] += finding.count
        if counts:
            break
    if counts:
        found = ", ".join(_said(kind, count) for kind, count in counts.items())
        raise Refused(
            _("It holds personal data (%(found)s). Take it out and attach it again.", found=found)
        )


def _parts(lines: Iterable[str]) -> Iterator[str]:
    """The lines in parts of a bounded length."""
    part: list[str] = []
    length = 0
    for line in _cut(lines):
        part.append(line)
        length += len(line)
        if length > _PART:
            yield "\n".join(part)
            part, length = [], 0
    yield "\n".join(part)


def _cut(lines: Iterable[str]) -> Iterator[str]:
    """The lines, the long ones in pieces that overlap by more than any number is long."""
    for line in lines:
        for start in range(0, max(len(line), 1), _PART - _OVERLAP):
            yield line[start : start + _PART]


def _said(kind: Kind, count: int) -> str:
    match kind:
        case Kind.CARD:
            return ngettext("%(n)s card number", "%(n)s card numbers", count)
        case Kind.ACCOUNT:
            return ngettext("%(n)s account number", "%(n)s account numbers", count)
        case Kind.EMAIL:
            return ngettext("%(n)s mail address", "%(n)s mail addresses", count)
        case Kind.PHONE:
            return ngettext("%(n)s phone number", "%(n)s phone numbers", count)
