"""Reading people, departments and who is signed in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import Row, and_, bindparam, select
from sqlalchemy.orm import aliased

from portal import reference
from portal.actor import ROLE_CAPABILITIES, UNSCOPED, Actor, Capability, Role
from portal.database import session
from portal.errors import NotFound
from portal.i18n import gettext as _
from portal.now import today
from portal.people.models import (
    Department,
    OneTimeLink,
    Person,
    PortalFact,
    RoleAssignment,
    SignInSession,
)
from portal.text import compare_key

_Scope = aliased(Department, name="scope")
_Below = aliased(Department, name="below")

_WITH_ROLES = (
    select(
        Person.id,
        Person.name,
        Person.email,
        Person.hue,
        Person.home_department_id,
        Person.locale,
        Person.time_zone,
        Person.single_keys,
        RoleAssignment.role,
        RoleAssignment.department_id,
        _Below.id.label("below_id"),
    )
    .outerjoin(
        RoleAssignment,
        and_(RoleAssignment.person_id == Person.id, RoleAssignment.ended_at.is_(None)),
    )
    .outerjoin(_Scope, _Scope.id == RoleAssignment.department_id)
    .outerjoin(_Below, _Below.path.startswith(_Scope.path))
    .where(Person.is_active)
)

_BY_SESSION = (
    _WITH_ROLES.add_columns(
        SignInSession.last_seen_at,
        SignInSession.created_at,
        SignInSession.expires_at,
        SignInSession.proved_at,
        SignInSession.must_enrol,
        select(PortalFact.value)
        .where(PortalFact.name == reference.FACT)
        .scalar_subquery()
        .label("stamp"),
    )
    .join(SignInSession, SignInSession.person_id == Person.id)
    .where(SignInSession.id_hash == bindparam("id_hash"))
)
_BY_ID = _WITH_ROLES.where(Person.id == bindparam("person_id"))


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person as the pages need them, with what they may do and how they are signed in."""

    id: int
    name: str
    email: str
    hue: int
    locale: str | None
    time_zone: str | None
    single_keys: bool
    actor: Actor
    roles: frozenset[Role] = frozenset()
    proved_at: datetime | None = None
    must_enrol: bool = False

    @property
    def face(self) -> "Face":
        """How pages show them."""
        return Face(self.id, self.name, self.hue)


def initials(name: str) -> str:
    """The first letters of the first and last word of a name."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def find_by_session(id_hash: bytes) -> tuple[SignedIn, Row[Any]] | None:
    """Who is signed in with this session (the SHA-256 of its id), and its row of times."""
    rows = session().execute(_BY_SESSION, {"id_hash": id_hash}).all()
    if not rows:
        return None
    times = rows[0]
    reference.note_stamp(times.stamp)
    person = replace(_signed_in(rows), proved_at=times.proved_at, must_enrol=times.must_enrol)
    return person, times


def get_actor(person_id: int) -> Actor:
    """The actor of an active person.

    Raises
    ------
    NotFound
        If there is no such person or they have left.
    """
    rows = session().execute(_BY_ID, {"person_id": person_id}).all()
    if not rows:
        raise NotFound(_("This person has no active account."))
    return _signed_in(rows).actor


def _signed_in(rows: Sequence[Any]) -> SignedIn:
    first = rows[0]
    return SignedIn(
        id=first.id,
        name=first.name,
        email=first.email,
        hue=first.hue,
        locale=first.locale,
        time_zone=first.time_zone,
        single_keys=first.single_keys,
        actor=_actor(first, rows),
        roles=frozenset(Role(row.role) for row in rows if row.role is not None),
    )


def _actor(person: Any, rows: Iterable[Any]) -> Actor:
    everywhere: set[Capability] = set()
    within: dict[Capability, set[int]] = {}
    for row in rows:
        if row.role is None:
            continue
        for capability in ROLE_CAPABILITIES[Role(row.role)]:
            if capability in UNSCOPED or row.department_id is None:
                everywhere.add(capability)
            elif row.below_id is not None:
                within.setdefault(capability, set()).add(row.below_id)
    return Actor(
        id=person.id,
        name=person.name,
        home_department_id=person.home_department_id,
        everywhere=frozenset(everywhere),
        within=MappingProxyType({key: frozenset(value) for key, value in within.items()}),
    )


_PERSON_BY_EMAIL = select(Person).where(Person.email_key == bindparam("email_key"))


def find_person_by_email(email: str) -> Person | None:
    """The person with this address, however it is capitalised."""
    return session().scalar(_PERSON_BY_EMAIL, {"email_key": compare_key(email)})


def get_person(person_id: int) -> Person:
    """A person by id, active or not; raises NotFound."""
    person = session().get(Person, person_id)
    if person is None:
        raise NotFound(_("There is no such person."))
    return person


class Face(NamedTuple):
    """A person as lists show them: ``hue`` colours the avatar."""

    id: int
    name: str
    hue: int
    note: str | None = None

    @property
    def initials(self) -> str:
        """Up to two letters for the avatar."""
        return initials(self.name)


_FACES = select(Person.id, Person.name, Person.hue).where(
    Person.id.in_(bindparam("ids", expanding=True))
)


def list_faces(person_ids: Iterable[int | None]) -> dict[int, Face]:
    """Several people by id, in one statement; unknown ids are left out."""
    ids = sorted({person_id for person_id in person_ids if person_id is not None})
    if not ids:
        return {}
    rows = session().execute(_FACES, {"ids": ids})
    return {row.id: Face(row.id, row.name, row.hue) for row in rows}


def find_department_by_key(key: str) -> Department | None:
    """The department with this key, however it is capitalised."""
    return session().scalar(select(Department).where(Department.key == compare_key(key)))


def get_department(department_id: int) -> Department:
    """A department by id; raises NotFound."""
    department = session().get(Department, department_id)
    if department is None:
        raise NotFound(_("There is no such department."))
    return department


@dataclass(frozen=True, slots=True)
class DepartmentRow:
    """A department as lists and choices show it; see :class:`portal.people.models.Department`."""

    id: int
    key: str
    name: str
    parent_id: int | None
    path: str
    head_id: int | None
    deputy_id: int | None
    takes_orphans: bool
    is_team: bool
    valid_until: date | None


_DEPARTMENTS = select(*(getattr(Department, entry.name) for entry in fields(DepartmentRow)))


def list_departments(*, teams: bool = False) -> Sequence[DepartmentRow]:
    """Today's departments in the order of the tree; with ``teams``, the teams among them too."""
    day = today()
    return [
        row
        for row in reference.kept("departments", _load_departments)
        if (row.valid_until is None or row.valid_until > day) and (teams or not row.is_team)
    ]


def _load_departments() -> Sequence[DepartmentRow]:
    return sorted((DepartmentRow(*row) for row in session().execute(_DEPARTMENTS)), key=_place)


def _place(department: DepartmentRow) -> list[int]:
    """Where a department stands in the tree: /1/9/ before /1/10/."""
    return [int(step) for step in department.path.split("/") if step]


def get_orphans_desk() -> Department:
    """The department of the named executive who gets what nobody owns; raises NotFound."""
    desk = session().scalar(select(Department).where(Department.takes_orphans))
    if desk is None:
        raise NotFound(_("No department takes what nobody owns. An administrator names one."))
    return desk


def get_accountable(department: Department) -> int:
    """The id of the person who answers for a department: its head, else deputy, else upward."""
    while True:
        for person_id in (department.head_id, department.deputy_id):
            if person_id is not None:
                return person_id
        if department.parent_id is None:
            raise NotFound(_("Nobody heads %(name)s.", name=department.name))
        department = get_department(department.parent_id)


_PEOPLE = (
    select(Person.id, Person.name, Person.hue, Department.name.label("home"))
    .outerjoin(Department, Department.id == Person.home_department_id)
    .where(Person.is_active)
    .order_by(Person.name, Person.id)
)


def list_people(department_id: int | None = None) -> list[Face]:
    """Active people by name, noted with the department they belong to."""
    statement = _PEOPLE
    if department_id is not None:
        statement = statement.where(Person.home_department_id == department_id)
    return [Face(row.id, row.name, row.hue, row.home) for row in session().execute(statement)]


def list_members(actor: Actor) -> frozenset[int]:
    """The people whose department the actor heads, or whom they administer."""
    if actor.can(Capability.ADMINISTER):
        return frozenset(session().scalars(select(Person.id).where(Person.is_active)))
    departments = actor.within.get(Capability.TRIAGE)
    if not departments:
        return frozenset()
    members = select(Person.id).where(Person.home_department_id.in_(departments))
    return frozenset(session().scalars(members))


_ASSIGNMENTS = (
    select(RoleAssignment.id, RoleAssignment.role, Department.name.label("department"))
    .outerjoin(Department, Department.id == RoleAssignment.department_id)
    .where(RoleAssignment.person_id == bindparam("person_id"), RoleAssignment.ended_at.is_(None))
    .order_by(RoleAssignment.id)
)


def list_assignments(person_id: int) -> Sequence[Row[int, Role, str]]:
    """The roles a person holds: id, role, and the department's name or None for everywhere."""
    return session().execute(_ASSIGNMENTS, {"person_id": person_id}).all()


def get_assignment(person_id: int, assignment_id: int) -> RoleAssignment:
    """A role that a person still holds; raises NotFound."""
    held = session().get(RoleAssignment, assignment_id)
    if held is None or held.person_id != person_id or held.ended_at is not None:
        raise NotFound(_("This role was taken back already."))
    return held


def has_people() -> bool:
    """Whether anybody has an account yet."""
    return session().scalar(select(Person.id).limit(1)) is not None


def find_link(token_hash: bytes) -> OneTimeLink | None:
    """A one-time link by the SHA-256 of its token."""
    return session().get(OneTimeLink, token_hash)


def find_fact(name: str) -> str | None:
    """A fact about this installation."""
    return session().scalar(select(PortalFact.value).where(PortalFact.name == name))
