"""Contact reasons from a file: all of it or nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from portal.actor import Actor
from portal.demand.models import ContactReason
from portal.demand.queries import find_reason
from portal.demand.services import MAX_COST_MINOR, add_reason
from portal.errors import RuleBroken
from portal.i18n import gettext as _
from portal.people.models import Department
from portal.people.queries import find_department_by_key, get_department
from portal.tables import Row, TableError
from portal.text import compare_key

REQUIRED = ("key", "name")
OPTIONAL = ("parent", "owner", "avoidable_cost", "full_cost")


@dataclass(frozen=True, slots=True)
class Summary:
    """What an import of reasons did."""

    added: int
    known: int


def import_reasons(actor: Actor, rows: Iterable[Row]) -> Summary:
    """Add the reasons of a table; a known key is left as it is.

    Columns: ``key, name`` and any of ``parent`` (a reason above it in the file, or known),
    ``owner`` (a department's key; without one, the parent's owner), ``avoidable_cost`` and
    ``full_cost`` (money for one contact, such as ``5.80``, from today on).

    Raises
    ------
    TableError
        Naming the row and column; the caller's unit then rolls everything back.
    """
    added = known = 0
    for row in rows:
        is_new = _import_reason(actor, row)
        added += is_new
        known += not is_new
    return Summary(added, known)


def _import_reason(actor: Actor, row: Row) -> bool:
    key = row.values["key"]
    if (found := find_reason(key)) is not None and found.key == compare_key(key):
        return False
    parent = _parent(row)
    try:
        add_reason(
            actor,
            key,
            name=row.values["name"],
            parent=parent,
            owner=_owner(row, parent),
            avoidable_minor=_minor(row, "avoidable_cost"),
            full_minor=_minor(row, "full_cost"),
        )
    except RuleBroken as error:
        raise TableError(error.message, row=row.number, column=error.field) from error
    return True


def _parent(row: Row) -> ContactReason | None:
    label = row.values.get("parent", "")
    if not label:
        return None
    parent = find_reason(label)
    if parent is None:
        raise TableError(
            _("there is no contact reason %(label)s above this row", label=label),
            row=row.number,
            column="parent",
        )
    return parent


def _owner(row: Row, parent: ContactReason | None) -> Department:
    key = row.values.get("owner", "")
    if not key and parent is not None:
        return get_department(parent.owner_department_id)
    owner = find_department_by_key(key) if key else None
    if owner is None:
        message = _("there is no department %(key)s", key=key) if key else _("an owner is needed")
        raise TableError(message, row=row.number, column="owner")
    return owner


def _minor(row: Row, column: str) -> int:
    """Money such as ``5.80`` in minor units."""
    text = row.values.get(column, "") or "0"
    try:
        minor = Decimal(text) * 100
    except InvalidOperation:
        minor = Decimal("NaN")
    if not (
        minor.is_finite() and 0 <= minor <= MAX_COST_MINOR and minor == minor.to_integral_value()
    ):
        raise TableError(
            _("%(text)s is not an amount such as 5.80", text=text), row=row.number, column=column
        )
    return int(minor)
