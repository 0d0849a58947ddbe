"""People, departments and roles: what may be done with them."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import delete, func, select, update

from portal.actor import Actor, Role
from portal.audit.services import record
from portal.database import lock_row, session
from portal.errors import RuleBroken
from portal.events import publish
from portal.i18n import gettext as _
from portal.now import now, today
from portal.people import policies
from portal.people.events import ChairsChanged, PersonLeft
from portal.people.links import drop_links
from portal.people.models import Department, Person, PortalFact, RoleAssignment
from portal.people.queries import find_department_by_key, find_person_by_email, get_person
from portal.people.sign_in import end_sessions
from portal.text import compare_key, one_line

HUES = 5
MAX_NAME = 120


def add_department(
    actor: Actor,
    key: str,
    *,
    name: str,
    parent: Department | None = None,
    takes_orphans: bool = False,
    is_team: bool = False,
    valid_from: date | None = None,
) -> Department:
    """Add a department below ``parent``; its key is its short name in imports, without case."""
    policies.can_set_departments.require(actor)
    key, name = compare_key(one_line(key)), one_line(name)
    if not 0 < len(key) <= 64:
        raise RuleBroken(_("A department's key has 1 to 64 characters."), field="key")
    if not 0 < len(name) <= MAX_NAME:
        raise RuleBroken(_("A name has 1 to %(n)s characters.", n=MAX_NAME), field="name")
    if find_department_by_key(key) is not None:
        raise RuleBroken(_("The key %(key)s is taken.", key=key), field="key")
    department = Department(
        key=key,
        name=name,
        parent_id=parent.id if parent else None,
        path="",
        takes_orphans=takes_orphans,
        is_team=is_team,
        valid_from=valid_from or today(),
    )
    session().add(department)
    session().flush()
    department.path = f"{parent.path if parent else '/'}{department.id}/"
    record(actor, "department.added", "department", department.id, key=key)
    return department


def appoint(
    actor: Actor, department: Department, *, head: Person | None, deputy: Person | None
) -> None:
    """Name a department's head and deputy, with the roles; who goes gives the role back."""
    policies.can_set_departments.require(actor)
    before = {department.head_id, department.deputy_id} - {None}
    department.head_id = head.id if head else None
    department.deputy_id = deputy.id if deputy else None
    for person, role in ((head, Role.HEAD), (deputy, Role.DEPUTY)):
        _end_chair(actor, department, role, but=person)
        if person is not None:
            grant_role(actor, person, role, department)
    record(
        actor,
        "department.appointed",
        "department",
        department.id,
        head_id=department.head_id,
        deputy_id=department.deputy_id,
    )
    gone = frozenset(one for one in before if one) - {department.head_id, department.deputy_id}
    if gone:
        session().flush()
        publish(ChairsChanged(department.id, frozenset(one for one in gone if one)))


def seat(actor: Actor, department: Department, role: Role, person: Person) -> None:
    """Make somebody a department's head or deputy and leave the other chair as it is."""
    chairs = {Role.HEAD: department.head_id, Role.DEPUTY: department.deputy_id}
    if chairs[role] == person.id:
        return
    chairs[role] = person.id
    head, deputy = (get_person(one) if one else None for one in chairs.values())
    appoint(actor, department, head=head, deputy=deputy)


def _end_chair(actor: Actor, department: Department, role: Role, *, but: Person | None) -> None:
    held = select(RoleAssignment).where(
        RoleAssignment.department_id == department.id,
        RoleAssignment.role == role,
        RoleAssignment.ended_at.is_(None),
    )
    for assignment in session().scalars(held):
        if but is None or assignment.person_id != but.id:
            end_role(actor, assignment)


def name_orphans_desk(actor: Actor, department: Department) -> None:
    """Let this department, and no other, get what nobody owns."""
    policies.can_set_departments.require(actor)
    if department.takes_orphans:
        return
    session().execute(
        update(Department).where(Department.takes_orphans).values(takes_orphans=False)
    )
    department.takes_orphans = True
    record(actor, "department.takes_orphans", "department", department.id)


def add_person(
    actor: Actor,
    email: str,
    *,
    name: str,
    home: Department | None = None,
    roles: Iterable[tuple[Role, Department | None]] = ((Role.AGENT, None),),
    password_hash: str | None = None,
) -> Person:
    """Add an account.  The address is unique however it is capitalised."""
    policies.can_add_people.require(actor)
    address, name = one_line(email), one_line(name)
    if not 0 < len(name) <= MAX_NAME:
        raise RuleBroken(_("A name has 1 to %(n)s characters.", n=MAX_NAME), field="name")
    if "@" not in address or "." not in address.rpartition("@")[2] or len(address) > 254:
        raise RuleBroken(
            _("This address has no ending, such as .example. Add it and try again."),
            field="email",
        )
    if find_person_by_email(address) is not None:
        raise RuleBroken(_("%(email)s has an account already.", email=address), field="email")
    person = Person(
        email=address,
        email_key=compare_key(address),
        name=name,
        hue=sum(address.encode()) % HUES,
        home_department_id=home.id if home else None,
        password_hash=password_hash,
        created_at=now(),
    )
    session().add(person)
    session().flush()
    for role, department in roles:
        grant_role(actor, person, role, department)
    record(actor, "person.added", "person", person.id)
    return person


APART = frozenset({Role.ADMINISTRATOR, Role.PERSON_OF_TRUST})
"""Two roles that open a seal together, so nobody holds both."""


def _keep_apart(person: Person, role: Role) -> None:
    """Raise RuleBroken (field ``role``) for the second of two roles that watch each other."""
    if role not in APART:
        return
    other = select(RoleAssignment.id).where(
        RoleAssignment.person_id == person.id,
        RoleAssignment.role.in_(APART - {role}),
        RoleAssignment.ended_at.is_(None),
    )
    if session().scalar(other.limit(1)) is not None:
        raise RuleBroken(
            _("Nobody is both an administrator and a person of trust: they open a seal together."),
            field="role",
        )


def grant_role(actor: Actor, person: Person, role: Role, department: Department | None) -> None:
    """Give a role for a department and all below it (None: everywhere); twice is once.

    Whoever gets one signs in again: a session's limits and proofs are those of its roles.
    """
    policies.can_grant.require(actor, person)
    _keep_apart(person, role)
    department_id = department.id if department else None
    held = session().scalar(
        select(RoleAssignment.id).where(
            RoleAssignment.person_id == person.id,
            RoleAssignment.role == role,
            RoleAssignment.department_id.is_(None)
            if department_id is None
            else RoleAssignment.department_id == department_id,
            RoleAssignment.ended_at.is_(None),
        )
    )
    if held is not None:
        return
    end_sessions(person.id)
    session().add(
        RoleAssignment(
            person_id=person.id,
            role=role,
            department_id=department_id,
            granted_at=now(),
            granted_by_id=actor.id,
        )
    )
    record(actor, "role.granted", "person", person.id, role=role.value, department_id=department_id)


def end_role(actor: Actor, assignment: RoleAssignment) -> None:
    """Take a role back, and sign its holder out everywhere; the last administrator stays."""
    policies.can_add_people.require(actor)
    if assignment.role is Role.ADMINISTRATOR and _count_administrators() == 1:
        raise RuleBroken(_("This is the last administrator. Name another one first."))
    assignment.ended_at = now()
    end_sessions(assignment.person_id)
    record(actor, "role.ended", "person", assignment.person_id, role=assignment.role.value)


_ADMINISTRATORS = (
    select(RoleAssignment.id)
    .where(RoleAssignment.role == Role.ADMINISTRATOR, RoleAssignment.ended_at.is_(None))
    .order_by(RoleAssignment.id)
)


def _count_administrators() -> int:
    """How many there are; of two who would take the last two away at once, one waits here."""
    session().execute(lock_row(_ADMINISTRATORS)).all()
    statement = (
        select(func.count(func.distinct(RoleAssignment.person_id)))
        .join(Person, Person.id == RoleAssignment.person_id)
        .where(
            RoleAssignment.role == Role.ADMINISTRATOR,
            RoleAssignment.ended_at.is_(None),
            Person.is_active,
        )
    )
    return session().scalar(statement) or 0


def _is_last_administrator(person: Person) -> bool:
    holds = select(RoleAssignment.id).where(
        RoleAssignment.person_id == person.id,
        RoleAssignment.role == Role.ADMINISTRATOR,
        RoleAssignment.ended_at.is_(None),
    )
    return session().scalar(holds.limit(1)) is not None and _count_administrators() == 1


def deactivate_person(actor: Actor, person: Person) -> None:
    """Close an account; every browser of theirs is signed out with the next click."""
    policies.can_close_account.require(actor, person)
    if _is_last_administrator(person):
        raise RuleBroken(_("This is the last administrator. Name another one first."))
    person.is_active = False
    end_sessions(person.id)
    drop_links(person.id)
    record(actor, "person.deactivated", "person", person.id)
    session().flush()
    publish(PersonLeft(person.id))


def update_own_settings(
    actor: Actor,
    person: Person,
    *,
    named_on_boards: bool,
    single_keys: bool,
    time_zone: str | None,
) -> None:
    """Change one's own settings: consent to be named on boards, keys, time zone."""
    policies.can_set_own.require(actor, person)
    person.named_on_boards = named_on_boards
    person.single_keys = single_keys
    person.time_zone = time_zone
    record(actor, "person.settings", "person", person.id, named_on_boards=named_on_boards)


def set_fact(name: str, value: str) -> None:
    """Store a fact about this installation."""
    if session().get(PortalFact, name) is None:
        session().add(PortalFact(name=name, value=value))
    else:
        session().execute(update(PortalFact).where(PortalFact.name == name).values(value=value))


def forget_fact(name: str) -> None:
    """Remove a fact about this installation."""
    session().execute(delete(PortalFact).where(PortalFact.name == name))
