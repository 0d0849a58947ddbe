"""People and departments from a file: all of it or nothing.

The rows may stand in any order: the departments of the whole file are made first, parents
before what is below them, then the people, then who heads what.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from portal.actor import Actor, Role
from portal.errors import RuleBroken
from portal.i18n import gettext as _
from portal.people.models import Department, Person
from portal.people.queries import find_department_by_key, find_person_by_email
from portal.people.services import (
    add_department,
    add_person,
    grant_role,
    name_orphans_desk,
    seat,
)
from portal.tables import Row, TableError
from portal.text import compare_key

REQUIRED = ("email", "name")
OPTIONAL = ("department", "role", "department_name", "parent", "takes_orphans")

_CHAIRS = (Role.HEAD, Role.DEPUTY)
_FACTS = ("department_name", "parent", "takes_orphans")


@dataclass(frozen=True, slots=True)
class Summary:
    """What an import of people did."""

    added: int
    known: int
    departments: int


@dataclass(slots=True)
class _Planned:
    """A department as the rows of the file describe it; each fact with the row that says it."""

    key: str
    row: int
    facts: dict[str, tuple[int, str]] = field(default_factory=dict)

    def say(self, number: int, column: str, value: str) -> None:
        """Take a fact over; two rows must not say different things."""
        row, before = self.facts.setdefault(column, (number, value))
        if compare_key(before) != compare_key(value):
            message = _("row %(row)s says %(before)s", row=row, before=before)
            raise TableError(message, row=number, column=column)


def import_people(actor: Actor, rows: Iterable[Row]) -> Summary:
    """Add the people (and the departments they name) of a table.

    Who and what is known is left as it is, apart from roles and chairs that the file adds.
    Columns: ``email, name`` and any of ``department`` (a key, however capitalised),
    ``department_name``, ``parent`` (a key), ``takes_orphans`` (``yes`` where the department
    gets what nobody owns) and ``role``; ``head`` and ``deputy`` are roles of the row's
    department.  Somebody with two roles has two rows.

    Raises
    ------
    TableError
        Naming the row and column; the caller's unit then rolls everything back.
    """
    table = list(rows)
    departments, made = _import_departments(actor, _plan(table))
    seen: dict[str, tuple[int, Person]] = {}
    added = sum(_import_person(actor, row, departments, seen) for row in table)
    _import_chairs(actor, table, departments, seen)
    return Summary(added, len(seen) - added, made)


def _plan(table: Sequence[Row]) -> dict[str, _Planned]:
    planned: dict[str, _Planned] = {}
    for row in table:
        key = compare_key(row.values.get("department", ""))
        for column in _FACTS:
            if row.values.get(column, "") and not key:
                raise TableError(_("of which department?"), row=row.number, column="department")
        if not key:
            continue
        department = planned.setdefault(key, _Planned(row.values["department"], row.number))
        for column in _FACTS:
            if value := row.values.get(column, ""):
                department.say(row.number, column, value)
    return planned


def _import_departments(
    actor: Actor, planned: dict[str, _Planned]
) -> tuple[dict[str, Department], int]:
    """The departments of the file by key, and how many of them are new."""
    known: dict[str, Department] = {}
    made = sum(_import_department(actor, key, planned, known, ()) for key in planned)
    desks = [one for one in planned.values() if _takes_orphans(one)]
    for one in desks[1:]:
        message = _("%(key)s takes them already; one desk does", key=desks[0].key)
        raise TableError(message, row=one.facts["takes_orphans"][0], column="takes_orphans")
    for one in desks:
        name_orphans_desk(actor, known[compare_key(one.key)])
    return known, made


def _import_department(
    actor: Actor,
    key: str,
    planned: dict[str, _Planned],
    known: dict[str, Department],
    below: tuple[str, ...],
) -> int:
    """Make a department, what is above it first; returns how many were made."""
    if key in known:
        return 0
    one = planned.get(key)
    if found := find_department_by_key(key):
        known[key] = found
        return 0
    if one is None or key in below:
        number, parent = planned[below[-1]].facts["parent"]
        message = (
            _("%(key)s would be below itself", key=parent)
            if key in below
            else _("there is no department %(key)s", key=parent)
        )
        raise TableError(message, row=number, column="parent")
    made = 0
    above = compare_key(one.facts["parent"][1]) if "parent" in one.facts else None
    if above is not None:
        made = _import_department(actor, above, planned, known, (*below, key))
    _row, name = one.facts.get("department_name", (one.row, one.key))
    with _naming(one.row, {"key": "department", "name": "department_name"}):
        parent_row = known[above] if above is not None else None
        known[key] = add_department(actor, one.key, name=name, parent=parent_row)
    return made + 1


def _takes_orphans(planned: _Planned) -> bool:
    number, value = planned.facts.get("takes_orphans", (planned.row, "no"))
    if value.casefold() not in {"yes", "no"}:
        message = _("%(value)s is neither yes nor no", value=value)
        raise TableError(message, row=number, column="takes_orphans")
    return value.casefold() == "yes"


@contextmanager
def _naming(row: int, columns: dict[str, str]) -> Iterator[None]:
    """Say in which row and column a rule is broken; ``columns`` maps fields to columns."""
    try:
        yield
    except RuleBroken as error:
        column = columns.get(error.field or "", error.field)
        raise TableError(error.message, row=row, column=column) from error


def _import_person(
    actor: Actor,
    row: Row,
    departments: dict[str, Department],
    seen: dict[str, tuple[int, Person]],
) -> bool:
    """Add the person of a row, unless known; returns whether they are new."""
    key = compare_key(row.values["email"])
    role = _role(row)
    home = departments.get(compare_key(row.values.get("department", "")))
    is_new = False
    if key in seen:
        _check_same_person(row, *seen[key])
    else:
        person = find_person_by_email(row.values["email"])
        if person is None:
            is_new = True
            with _naming(row.number, {}):
                person = add_person(actor, row.values["email"], name=row.values["name"], home=home)
        seen[key] = row.number, person
    if role not in _CHAIRS:
        grant_role(actor, seen[key][1], role, home if role is Role.HANDLER else None)
    return is_new


def _check_same_person(row: Row, number: int, person: Person) -> None:
    if compare_key(person.name) != compare_key(row.values["name"]):
        message = _("row %(row)s gives this address to %(name)s", row=number, name=person.name)
        raise TableError(message, row=row.number, column="email")


def _role(row: Row) -> Role:
    value = row.values.get("role", "").casefold() or Role.AGENT.value
    try:
        role = Role(value)
    except ValueError:
        known = ", ".join(Role)
        message = _("%(value)s is not a role; known: %(known)s", value=value[:60], known=known)
        raise TableError(message, row=row.number, column="role") from None
    if role in {*_CHAIRS, Role.HANDLER} and not row.values.get("department", ""):
        message = _("a %(role)s needs a department", role=role.value)
        raise TableError(message, row=row.number, column="department")
    return role


def _import_chairs(
    actor: Actor,
    table: Sequence[Row],
    departments: dict[str, Department],
    seen: dict[str, tuple[int, Person]],
) -> None:
    """Appoint who heads and who stands in; a chair that is filled already is left alone."""
    taken: dict[tuple[int, Role], Row] = {}
    for row in table:
        role = _role(row)
        if role not in _CHAIRS:
            continue
        department = departments[compare_key(row.values["department"])]
        _number, person = seen[compare_key(row.values["email"])]
        before = taken.setdefault((department.id, role), row)
        if compare_key(before.values["email"]) != compare_key(row.values["email"]):
            message = _("row %(row)s names another %(role)s", row=before.number, role=role.value)
            raise TableError(message, row=row.number, column="role")
        seat(actor, department, role, person)
