"""Bringing what people typed into the form that may be stored."""

from dataclasses import dataclass

from portal.columns import JsonObject
from portal.errors import RuleBroken
from portal.i18n import ngettext
from portal.identifiers import Kind
from portal.masking import Finding, describe, mask
from portal.text import normalise, one_line

_ONE_LINE = frozenset({"title"})


@dataclass(frozen=True, slots=True)
class Written:
    """Texts by field, normalised and masked, and how much of each kind was masked in them."""

    text: dict[str, str]
    found: dict[str, int]


def mask_fields(**fields: str | None) -> Written:
    """Normalise and mask several fields; a title is brought onto one line.

    Raises RuleBroken for characters that cannot be kept.
    """
    texts: dict[str, str] = {}
    found: dict[str, int] = {}
    for name, typed in fields.items():
        clean = one_line if name in _ONE_LINE else normalise
        masked = mask(clean(typed or "").strip())
        texts[name] = masked.text
        for finding in masked.found:
            found[finding.kind.value] = found.get(finding.kind.value, 0) + finding.count
    return Written(texts, found)


def require_room(text: str, limit: int, *, field: str) -> None:
    """Raise RuleBroken on the field if the text is longer than ``limit`` characters."""
    if (over := len(text) - limit) > 0:
        raise RuleBroken(
            ngettext(
                "%(n)s character too many. Cut it.", "%(n)s characters too many. Cut it.", over
            ),
            field=field,
        )


def describe_counts(counts: JsonObject) -> str:
    """What was masked, in sentences, from stored counts; empty when nothing was."""
    return describe([Finding(kind, counts[kind.value]) for kind in Kind if counts.get(kind.value)])
