"""Whose a contact reason is, and why, in a form that stands on the item and can be said."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.columns import JsonObject
from portal.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class Desk:
    """The department something goes to; ``because`` is what :func:`explain` says in words."""

    department_id: int
    because: JsonObject

    @property
    def is_orphaned(self) -> bool:
        """Whether it is only there because nobody owns it."""
        return bool(self.because["rule"] == "orphan")


@dataclass(frozen=True, slots=True)
class Owner:
    """A department, the person who answers for it, and why it is theirs."""

    department_id: int
    accountable_id: int
    because: JsonObject


def by_reason(reason: str, department: str) -> JsonObject:
    """Why: the contact reason is that department's."""
    return {"rule": "reason", "reason": reason, "department": department}


def by_orphanage(department: str) -> JsonObject:
    """Why: nobody owns it, so the named executive's desk takes it."""
    return {"rule": "orphan", "reason": None, "department": department}


def by_rule(rule: str, department: str, words: Sequence[str]) -> JsonObject:
    """Why: an administrators' rule says so, because of these words of the text, if of any."""
    return {"rule": "ruled", "name": rule, "department": department, "words": list(words)}


def by_words(department: str, percent: int, words: Sequence[str]) -> JsonObject:
    """Why: the learned router is so sure, because of these words."""
    return {"rule": "learned", "department": department, "percent": percent, "words": list(words)}


def explain(because: JsonObject) -> str:
    """The sentence for each way; an empty one for a rule that is not known here."""
    match because:
        case {"rule": "reason", "reason": reason, "department": department}:
            return _(
                "To %(department)s because the contact reason “%(reason)s” is theirs.",
                department=department,
                reason=reason,
            )
        case {"rule": "ruled", "name": name, "department": department, "words": words}:
            return _explain_rule(name, department, words)
        case {"rule": "learned", "department": department, "percent": percent, "words": words}:
            return _explain_words(department, percent, words)
        case {"rule": "orphan", "department": department}:
            return _(
                "To %(department)s because it names no contact reason; "
                "what nobody owns is looked at there.",
                department=department,
            )
        case _:
            return ""


def _explain_rule(name: str, department: str, words: Sequence[str]) -> str:
    if not words:
        return _(
            "To %(department)s: the rule “%(name)s” says so.", department=department, name=name
        )
    return _(
        "To %(department)s: the rule “%(name)s” says so, because of %(words)s.",
        department=department,
        name=name,
        words=_quoted(words),
    )


def _explain_words(department: str, percent: int, words: Sequence[str]) -> str:
    if not words:
        return _(
            "To %(department)s: items that read like this are theirs, %(percent)s %% sure.",
            department=department,
            percent=percent,
        )
    return _(
        "To %(department)s: items that read like this are theirs, %(percent)s %% sure, "
        "because of %(words)s.",
        department=department,
        percent=percent,
        words=_quoted(words),
    )


def _quoted(words: Sequence[str]) -> str:
    return ", ".join(f"“{word}”" for word in words)
