"""People and departments."""

from itertools import count

from portal.actor import PROGRAM, Actor, Role
from portal.database import session
from portal.people import queries, services
from portal.people.models import Department, Person

_serial = count(1)


def make_department(
    name: str = "Billing", *, parent: Department | None = None, **changes: object
) -> Department:
    """A department; inside a writing unit."""
    key = f"{name.lower().replace(' ', '-')}-{next(_serial)}"
    return services.add_department(PROGRAM, key, name=name, parent=parent, **changes)


def make_person(
    name: str = "Amina Yusuf",
    *,
    home: Department | None = None,
    role: Role = Role.AGENT,
    scope: Department | None = None,
) -> Person:
    """A person with one role beside the agent's; inside a writing unit."""
    person = services.add_person(
        PROGRAM, f"person{next(_serial)}@test.example", name=name, home=home
    )
    if role is not Role.AGENT:
        services.grant_role(PROGRAM, person, role, scope)
    return person


def make_headed_department(
    name: str = "Billing", **changes: object
) -> tuple[Department, Person, Person]:
    """A department with its head and deputy; inside a writing unit."""
    department = make_department(name, **changes)
    head = make_person(f"Head of {name}", home=department)
    deputy = make_person(f"Deputy of {name}", home=department)
    services.appoint(PROGRAM, department, head=head, deputy=deputy)
    session().flush()
    return department, head, deputy


def actor_of(person: Person) -> Actor:
    """The actor of a person as the database has it now."""
    return queries.get_actor(person.id)
