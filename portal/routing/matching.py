"""Who gets an item, and why, as pure rules that need no database."""

from collections.abc import Collection, Iterable

from portal.columns import JsonObject
from portal.demand import owners
from portal.i18n import gettext as _

Leaders = tuple[int | None, int | None]
"""The ids of a department's head and deputy, as far as it has them."""


def choose_handler(upward: Iterable[Leaders], author_ids: Collection[int]) -> int | None:
    """The person who decides: the head, else the deputy, else those of the department above.

    Nobody decides on an idea they had a part in, so authors are passed over.  ``upward`` runs
    from the owning department to the root; None if nobody is left.
    """
    return next(
        (
            person_id
            for leaders in upward
            for person_id in leaders
            if person_id is not None and person_id not in author_ids
        ),
        None,
    )


def common_superior(path: str, other: str) -> int | None:
    """The id of the lowest department that stands above both, or is one of them.

    ``path`` and ``other`` are chains of ids such as ``/1/4/``; None without a common root.
    """
    shared = None
    for one, two in zip(path.strip("/").split("/"), other.strip("/").split("/"), strict=False):
        if one != two:
            break
        shared = int(one)
    return shared


def because_orphan(because: JsonObject, person: str) -> JsonObject:
    """The same reason with the name of the executive who looks at what nobody owns."""
    return {**because, "person": person} if because["rule"] == "orphan" else because


def because_handed_on(from_department: str, to_department: str, wanted: str) -> JsonObject:
    """Why: a head handed it on; ``wanted`` is the department the head had named."""
    return {
        "rule": "transfer",
        "from": from_department,
        "department": to_department,
        "wanted": wanted,
    }


def because_returned(from_department: str, to_department: str) -> JsonObject:
    """Why: the department it was handed to gave it back."""
    return {"rule": "return", "from": from_department, "department": to_department}


def because_called_back(from_department: str, to_department: str) -> JsonObject:
    """Why: whoever had handed it on took that back before it was answered."""
    return {"rule": "call_back", "from": from_department, "department": to_department}


def explain(because: JsonObject) -> str:
    """Why an item is where it is, in one sentence; empty for a rule that is not known."""
    match because:
        case {"rule": "orphan", "person": person}:
            return _("Nobody owns this yet, so it is with %(person)s.", person=person)
        case {"rule": "return", "from": giver, "department": department}:
            return _(
                "Back to %(department)s because %(giver)s returned it.",
                department=department,
                giver=giver,
            )
        case {"rule": "call_back", "department": department}:
            return _(
                "Back to %(department)s, which had handed it on by mistake.", department=department
            )
        case {"rule": "transfer", "from": giver, "department": department, "wanted": wanted}:
            return _explain_transfer(giver, department, wanted)
        case _:
            return owners.explain(because)


def _explain_transfer(giver: str, department: str, wanted: str) -> str:
    if department == wanted:
        return _(
            "To %(department)s because %(giver)s handed it on.",
            department=department,
            giver=giver,
        )
    return _(
        "To %(department)s, which stands above %(giver)s and %(wanted)s: it was handed on twice.",
        department=department,
        giver=giver,
        wanted=wanted,
    )
