"""Rights by department, whatever order ideas are moved and joined in and people change chairs."""

from contextlib import suppress
from random import Random

import pytest
from flask import Flask
from sqlalchemy import select

from portal.actor import PROGRAM, Actor
from portal.database import reading, release, session, writing
from portal.errors import PortalError
from portal.ideas.lifecycle import State
from portal.ideas.models import Idea
from portal.people.models import Department, Person
from portal.people.services import appoint
from portal.routing.queries import find_open_transfer, list_author_ids
from portal.routing.services import answer_transfer, transfer_idea
from portal.triage.merging import merge_ideas, unmerge_ideas
from portal.triage.policies import can_triage
from tests.factories.people import actor_of, make_person
from tests.factories.triage import House, make_desk, make_house, submit
from tests.support.client import Client

STEPS = 25
WORDS = "A sentence that is long enough to be signed."
_IDEAS = select(Idea).order_by(Idea.id)


class Town:
    """A tree of departments three levels deep, ideas on its desks, and whoever sits in a chair."""

    def __init__(self, random: Random) -> None:
        self.random = random
        with writing():
            self.house: House = make_house()
            desk = make_desk("Letters", parent=self.house.billing.department)
            desks = [self.house.board, self.house.billing, self.house.metering, desk]
            self.departments = [one.department.id for one in desks]
            self.people = [person for one in desks for person in (one.head, one.deputy)]
            self.people += [make_person("Nobody in a chair"), self.house.colleague]
            for one in (*desks, *desks):
                submit(self.house.agent, one.reason)

    def step(self) -> str:
        """Something happens; what is not allowed at this moment just does not."""
        name = self.random.choice(("move", "move", "answer", "join", "part", "seat", "seat"))
        with suppress(PortalError), writing():
            getattr(self, f"_{name}")()
        release()
        return name

    def _idea(self) -> Idea:
        return self.random.choice(session().scalars(_IDEAS).all())

    def _department(self) -> Department:
        return session().get_one(Department, self.random.choice(self.departments))

    def _decider(self, department_id: int | None) -> Actor:
        """Whoever has the chair now."""
        department = session().get_one(Department, department_id)
        return actor_of(session().get_one(Person, department.head_id))

    def _move(self) -> None:
        idea = self._idea()
        actor = self._decider(idea.owner_department_id)
        transfer_idea(actor, idea, to=self._department(), reason=WORDS)

    def _answer(self) -> None:
        transfer = find_open_transfer(self._idea().id)
        if transfer is not None:
            actor = self._decider(transfer.to_department_id)
            answer_transfer(actor, transfer, accept=self.random.random() < 0.5, reason=WORDS)

    def _join(self) -> None:
        idea = self._idea()
        actor = self._decider(idea.owner_department_id)
        merge_ideas(actor, idea, self._idea(), sentence=WORDS)

    def _part(self) -> None:
        idea = self._idea()
        unmerge_ideas(self._decider(idea.owner_department_id), idea, sentence=WORDS)

    def _seat(self) -> None:
        people = [session().get_one(Person, one.id) for one in self.random.sample(self.people, 2)]
        appoint(PROGRAM, self._department(), head=people[0], deputy=people[1])

    def expected(self, person: Person, department_id: int | None) -> bool:
        """Whoever heads a department or one above it, or stands in for its head."""
        while department_id is not None:
            department = session().get_one(Department, department_id)
            if person.id in {department.head_id, department.deputy_id}:
                return True
            department_id = department.parent_id
        return False


@pytest.mark.threat(23)
@pytest.mark.parametrize("seed", range(3))
def test_who_decides_follows_the_tree_whatever_happens(app: Flask, seed: int) -> None:
    random = Random(seed)
    town = Town(random)
    happened = [town.step() for _each in range(STEPS)]
    yes = no = 0
    for number in range(STEPS):
        with reading():
            for idea in session().scalars(_IDEAS).all():
                authors = list_author_ids(idea.id)
                for person in town.people:
                    may = town.expected(person, idea.owner_department_id)
                    told = f"seed {seed}, {happened}: {person.name} and I-{idea.number}"
                    assert bool(can_triage(actor_of(person), idea, authors)) is may, told
                    yes, no = yes + may, no + (not may)
        if number % 8 == 0:
            _knock(app, town)
        happened.append(town.step())
    assert min(yes, no) > 200


def _knock(app: Flask, town: Town) -> None:
    """The bench of every idea opens to those alone who decide on it."""
    with reading():
        ideas = [
            (idea.number, idea.owner_department_id)
            for idea in session().scalars(_IDEAS.where(Idea.state == State.TRIAGE)).all()
        ]
        cells = [
            (number, person, town.expected(person, department_id))
            for number, department_id in ideas
            for person in town.people
        ]
    clients = {person.id: Client(app).sign_in(person) for person in town.people}
    for number, person, may in cells:
        answer = clients[person.id].get(f"/triage/I-{number}")
        assert answer.status_code == (200 if may else 404), (person.name, number)
