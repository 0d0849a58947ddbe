"""Reading contact reasons, their owners and what a contact costs."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import bindparam, select

from portal.database import session
from portal.demand.models import ContactReason, ReasonCost
from portal.demand.owners import Desk, Owner, by_orphanage, by_reason
from portal.errors import NotFound, RuleBroken
from portal.i18n import gettext as _
from portal.now import today
from portal.people.models import Department
from portal.people.queries import get_accountable, get_department, get_orphans_desk
from portal.reference import kept
from portal.text import compare_key

STEP = " › "


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """A reason as lists show it: ``label`` names it with its parents, roots have depth 0."""

    id: int
    key: str
    name: str
    parent_id: int | None
    owner_department_id: int
    is_active: bool
    label: str
    depth: int = 0


_ROWS = select(
    ContactReason.id,
    ContactReason.key,
    ContactReason.name,
    ContactReason.parent_id,
    ContactReason.owner_department_id,
    ContactReason.is_active,
    ContactReason.name.label("label"),
).order_by(ContactReason.name_key, ContactReason.id)


def list_reasons(*, retired: bool = False) -> list[ReasonRow]:
    """Reasons in the order of the tree, siblings by name; with ``retired``, those too."""
    rows = kept("reasons", _load_reasons)
    return [row for row in rows if retired or row.is_active]


def _load_reasons() -> list[ReasonRow]:
    return in_tree_order(ReasonRow(*row) for row in session().execute(_ROWS))


def in_tree_order(rows: Iterable[ReasonRow]) -> list[ReasonRow]:
    """Every parent right before what is below it, with depth and label filled in."""
    children: dict[int | None, list[ReasonRow]] = defaultdict(list)
    for row in rows:
        children[row.parent_id].append(row)

    def below(parent: ReasonRow) -> Iterator[ReasonRow]:
        yield parent
        for child in children[parent.id]:
            label = f"{parent.label}{STEP}{child.name}"
            yield from below(replace(child, depth=parent.depth + 1, label=label))

    return [row for root in children[None] for row in below(root)]


def list_below(rows: Iterable[ReasonRow], reason_id: int) -> list[int]:
    """The ids of a reason and all below it, from rows in tree order."""
    ids: list[int] = []
    for row in rows:
        if row.id == reason_id or row.parent_id in ids:
            ids.append(row.id)
    return ids


def get_reason(reason_id: int) -> ContactReason:
    """A reason by id; raises NotFound."""
    reason = session().get(ContactReason, reason_id)
    if reason is None:
        raise NotFound(_("There is no such contact reason."))
    return reason


_BY_KEY = select(ContactReason).where(ContactReason.key == bindparam("key"))
_BY_NAME = (
    select(ContactReason)
    .where(ContactReason.name_key == bindparam("name_key"), ContactReason.is_active)
    .order_by(ContactReason.id)
    .limit(2)
)


def find_reason(label: str) -> ContactReason | None:
    """The reason with this key, else the one with this name, however it is capitalised.

    Raises
    ------
    RuleBroken
        If several reasons bear the name, so that only a key can tell them apart.
    """
    key = compare_key(label)
    found = session().scalar(_BY_KEY, {"key": key})
    if found is not None:
        return found
    named = session().scalars(_BY_NAME, {"name_key": key}).all()
    if len(named) > 1:
        raise RuleBroken(
            _("Several contact reasons are called %(name)s; use the key of one.", name=label),
            field="reason",
        )
    return named[0] if named else None


_COST = (
    select(ReasonCost.avoidable_minor, ReasonCost.full_minor)
    .where(ReasonCost.reason_id == bindparam("reason_id"), ReasonCost.valid_from <= bindparam("on"))
    .order_by(ReasonCost.valid_from.desc())
    .limit(1)
)


def get_cost(reason_id: int, on: date) -> tuple[int, int]:
    """What one contact costs on a day, avoidable and full, in minor units; 0 where unknown."""
    row = session().execute(_COST, {"reason_id": reason_id, "on": on}).one_or_none()
    return (row.avoidable_minor, row.full_minor) if row else (0, 0)


_COSTS = (
    select(ReasonCost.reason_id, ReasonCost.avoidable_minor, ReasonCost.full_minor)
    .where(ReasonCost.valid_from <= bindparam("on"))
    .order_by(ReasonCost.reason_id, ReasonCost.valid_from)
)


def list_costs(on: date) -> dict[int, tuple[int, int]]:
    """What a contact costs on a day, by reason, as :func:`get_cost`; unknown ones are left out."""
    rows = session().execute(_COSTS, {"on": on})
    return {row.reason_id: (row.avoidable_minor, row.full_minor) for row in rows}


_HISTORY = (
    select(ReasonCost)
    .where(ReasonCost.reason_id == bindparam("reason_id"))
    .order_by(ReasonCost.valid_from.desc())
)


def list_cost_history(reason_id: int) -> list[ReasonCost]:
    """Every cost of a reason, the newest day first."""
    return list(session().scalars(_HISTORY, {"reason_id": reason_id}))


_OWNER = (
    select(
        ContactReason.name.label("reason"), Department.id, Department.name, Department.valid_until
    )
    .join(Department, Department.id == ContactReason.owner_department_id)
    .where(ContactReason.id == bindparam("reason_id"))
)


def find_desk(reason_id: int | None) -> Desk:
    """Where something about a reason goes: its owner; without one, the orphans' desk.

    A department that is closed owns nothing any more.

    Raises
    ------
    NotFound
        If there is no such reason, or no department takes what nobody owns.
    """
    if reason_id is not None:
        row = session().execute(_OWNER, {"reason_id": reason_id}).one_or_none()
        if row is None:
            raise NotFound(_("There is no such contact reason."))
        if row.valid_until is None or row.valid_until > today():
            return Desk(row.id, by_reason(row.reason, row.name))
    desk = get_orphans_desk()
    return Desk(desk.id, by_orphanage(desk.name))


def find_owner(reason_id: int | None) -> Owner:
    """As :func:`find_desk`, with the person who answers for that department."""
    desk = find_desk(reason_id)
    accountable_id = get_accountable(get_department(desk.department_id))
    return Owner(desk.department_id, accountable_id, desk.because)
