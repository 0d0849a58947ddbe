"""Whose a contact reason is, and why, in a form that stands on the item and can be said."""

from dataclasses import dataclass

from portal.columns import JsonObject
from portal.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class Desk:
    """The department something goes to; ``because`` is what :func:`explain` says in words."""

    department_id: int
    because: JsonObject


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


def explain(because: JsonObject) -> str:
    """The sentence for either way; an empty one for a rule that is not known here."""
    match because:
        case {"rule": "reason", "reason": reason, "department": department}:
            return _(
                "To %(department)s because the contact reason “%(reason)s” is theirs.",
                department=department,
                reason=reason,
            )
        case {"rule": "orphan", "department": department}:
            return _(
                "To %(department)s because it names no contact reason; "
                "what nobody owns is looked at there.",
                department=department,
            )
        case _:
            return ""
