"""People and departments from a file: all of it or nothing."""

from collections.abc import Iterable
from dataclasses import dataclass

from portal.actor import Actor, Role
from portal.errors import RuleBroken
from portal.i18n import gettext as _
from portal.people.models import Department
from portal.people.queries import find_department_by_key, find_person_by_email, get_person
from portal.people.services import add_department, add_person, appoint, grant_role
from portal.tables import Row, TableError

REQUIRED = ("email", "name")
OPTIONAL = ("department", "role", "department_name", "parent")


@dataclass(frozen=True, slots=True)
class Summary:
    """What an import of people did."""

    added: int
    known: int
    departments: int


def import_people(actor: Actor, rows: Iterable[Row]) -> Summary:
    """Add the people (and the departments they name) of a table.

    A known address is left as it is, apart from a role it did not have.  Columns:
    ``email, name`` and any of ``department`` (a key), ``department_name``, ``parent`` (a key)
    and ``role``; ``head`` and ``deputy`` are roles of the row's department.

    Raises
    ------
    TableError
        Naming the row and column; the caller's unit then rolls everything back.
    """
    added = known = departments = 0
    for row in rows:
        department, is_new = _department(actor, row)
        departments += is_new
        role = _role(row)
        person = find_person_by_email(row.values["email"])
        if person is None:
            try:
                person = add_person(
                    actor, row.values["email"], name=row.values["name"], home=department
                )
            except RuleBroken as error:
                raise TableError(error.message, row=row.number, column=error.field) from error
            added += 1
        else:
            known += 1
        if role in {Role.HEAD, Role.DEPUTY}:
            if department is None:
                raise TableError(
                    _("a head or deputy needs a department"), row=row.number, column="department"
                )
            _appoint(actor, department, role, person.id)
        elif role is not Role.AGENT:
            grant_role(actor, person, role, department if role is Role.HANDLER else None)
    return Summary(added, known, departments)


def _department(actor: Actor, row: Row) -> tuple[Department | None, bool]:
    key = row.values.get("department", "")
    if not key:
        return None, False
    found = find_department_by_key(key)
    if found is not None:
        return found, False
    parent_key = row.values.get("parent", "")
    parent = find_department_by_key(parent_key) if parent_key else None
    if parent_key and parent is None:
        raise TableError(
            _("there is no department %(key)s", key=parent_key), row=row.number, column="parent"
        )
    name = row.values.get("department_name", "") or key
    return add_department(actor, key, name=name, parent=parent), True


def _role(row: Row) -> Role:
    value = row.values.get("role", "") or Role.AGENT.value
    try:
        return Role(value)
    except ValueError:
        known = ", ".join(Role)
        raise TableError(
            _("%(value)s is not a role; known: %(known)s", value=value, known=known),
            row=row.number,
            column="role",
        ) from None


def _appoint(actor: Actor, department: Department, role: Role, person_id: int) -> None:
    head = get_person(department.head_id) if department.head_id else None
    deputy = get_person(department.deputy_id) if department.deputy_id else None
    person = get_person(person_id)
    if role is Role.HEAD:
        appoint(actor, department, head=person, deputy=deputy)
    else:
        appoint(actor, department, head=head, deputy=person)
