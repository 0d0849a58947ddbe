"""Who may give and take roles, whatever is tried in whatever order, and at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import Random
from threading import Barrier

import pytest
from sqlalchemy import select

from portal.actor import PROGRAM, Actor, Role
from portal.database import Database, reading, release, session, writing
from portal.errors import NotAllowed, PortalError
from portal.people import services
from portal.people.models import Person, RoleAssignment
from portal.people.queries import get_actor
from tests.factories.people import make_department, make_person

STEPS = 100
Roles = dict[int, frozenset[Role]]


def _roles() -> Roles:
    """The roles that count, by person; nobody has any whose account is closed."""
    held = (
        select(RoleAssignment.person_id, RoleAssignment.role)
        .join(Person, Person.id == RoleAssignment.person_id)
        .where(RoleAssignment.ended_at.is_(None), Person.is_active)
    )
    found: dict[int, set[Role]] = {}
    with reading() as unit:
        for person_id, role in unit.execute(held):
            found.setdefault(person_id, set()).add(role)
    return {person_id: frozenset(roles) for person_id, roles in found.items()}


def _administrators(roles: Roles) -> set[int]:
    return {person_id for person_id, held in roles.items() if Role.ADMINISTRATOR in held}


def _try(random: Random, actor: Actor, ids: list[int], department_id: int) -> None:
    """Something that changes who may do what, chosen at random."""
    person = session().get_one(Person, random.choice(ids))
    act = random.choice(["grant", "end", "close", "add"])
    if act == "grant":
        services.grant_role(actor, person, random.choice(list(Role)), None)
    elif act == "close":
        services.deactivate_person(actor, person)
    elif act == "add":
        address = f"new{random.random()}@test.example"
        roles = [(Role.ADMINISTRATOR, None)]
        ids.append(services.add_person(actor, address, name="New", roles=roles).id)
    else:
        held = select(RoleAssignment).where(
            RoleAssignment.person_id == person.id, RoleAssignment.ended_at.is_(None)
        )
        for assignment in session().scalars(held):
            services.end_role(actor, assignment)


@pytest.mark.threat(22)
@pytest.mark.parametrize("seed", range(2))
def test_only_another_administrator_gives_a_role_and_the_last_one_stays(
    database: Database, seed: int
) -> None:
    random = Random(seed)
    with writing():
        home = make_department()
        ids = [make_person(role=Role.ADMINISTRATOR).id for _each in range(3)]
        ids += [make_person(home=home, role=Role.LEADER).id, make_person(home=home).id]
        home_id = home.id
    done = 0
    for _step in range(STEPS):
        before, who = _roles(), random.choice(ids)
        try:
            with writing():
                _try(random, get_actor(who), ids, home_id)
        except PortalError:
            assert _roles() == before
            continue
        after = _roles()
        done += after != before
        assert _administrators(after), "nobody can let anybody in any more"
        if who not in _administrators(before):
            assert after == before, "changed by somebody who is no administrator"
        own = before.get(who, frozenset())
        assert after.get(who, frozenset()) <= own, "a role of one's own giving"
    assert done > 5


@pytest.mark.threat(22)
def test_two_administrators_who_close_each_other_at_once_leave_one(database: Database) -> None:
    for _round in range(8):
        with writing() as unit:
            for one in unit.scalars(select(Person)):
                one.is_active = False
            pair = [make_person(role=Role.ADMINISTRATOR).id for _each in range(2)]
        gate = Barrier(2)
        acts: list[Callable[[], None]] = [_closing(pair, gate), _closing(pair[::-1], gate)]
        with ThreadPoolExecutor(2) as pool:
            for future in [pool.submit(act) for act in acts]:
                future.result(60)
        assert len(_administrators(_roles())) == 1


def _closing(pair: list[int], gate: Barrier) -> Callable[[], None]:
    def close() -> None:
        with reading():
            actor = get_actor(pair[0])
        gate.wait(30)
        try:
            with writing() as unit:
                services.deactivate_person(actor, unit.get_one(Person, pair[1]))
        except PortalError:
            pass
        finally:
            release()

    return close


@pytest.mark.threat(22)
def test_the_program_is_held_to_the_last_administrator_too(database: Database) -> None:
    with writing():
        only = make_person(role=Role.ADMINISTRATOR)
    with pytest.raises(PortalError), writing():
        services.deactivate_person(PROGRAM, only)
    with pytest.raises(NotAllowed), writing():
        services.grant_role(get_actor(only.id), only, Role.LEADER, None)
