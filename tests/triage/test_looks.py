"""Every look at the inbox: the list, and the count beside its name, over worlds made at random."""

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import combinations
from random import Random

import pytest
from sqlalchemy import insert

from portal.actor import Actor
from portal.clocks.models import Clock, ClockKind
from portal.database import Database, reading, session, writing
from portal.ideas.lifecycle import State
from portal.ideas.models import Idea, IdeaAuthor
from portal.now import now
from portal.people.models import Person
from portal.routing.models import Transfer
from portal.triage.lists import Look, View, count_inbox_by_view, list_inbox
from tests.factories.people import actor_of
from tests.factories.triage import Desk, House
from tests.support.statements import counting

LOOKS = [Look.of(*views) for size in (1, 2) for views in combinations(View, size)]
LOOKS += [Look.of(*views) for views in list(combinations(View, 3))[::12]]
STATES = [
    *(State.TRIAGE, State.TRIAGE, State.APPEALED, State.NEEDS_INFO, State.TESTING),
    *(State.ACCEPTED, State.DECLINED, State.DRAFT, State.COMMITTED),
]


@dataclass
class Known:
    """What was made of one idea, for a reckoning without the database."""

    number: int
    desk: Desk
    state: State
    handler: Person
    author: Person
    is_late: bool
    is_handed: bool
    runs: set[ClockKind] = field(default_factory=set)

    def is_in(self, view: View, reader: Person) -> bool:
        """Whether a view shows it, said in other words than the statements."""
        desk = self.state in {State.TRIAGE, State.APPEALED}
        with_us = desk or self.state in {State.TESTING, State.ACCEPTED}
        return {
            View.DECIDE: desk,
            View.UNANSWERED: desk and ClockKind.FIRST_REPLY in self.runs,
            View.AUTHOR: self.state is State.NEEDS_INFO,
            View.HANDED: self.state is State.TRIAGE and self.is_handed,
            View.COMMIT: self.state is State.ACCEPTED,
            View.OVERDUE: with_us and self.is_late,
            View.MINE: with_us and self.handler.id == reader.id,
            View.APPEALED: self.state is State.APPEALED,
            View.TESTING: self.state is State.TESTING,
            View.VETO: self.state is State.TESTING and ClockKind.VETO in self.runs,
        }[view]


def make_world(house: House, seed: int) -> list[Known]:
    """Ideas in any state, with any clocks, on two desks; inside a writing unit."""
    random, moment = Random(seed), now()
    people = [house.billing.head, house.billing.deputy, house.metering.head, house.agent]
    known = []
    for number in range(1, 41):
        one = Known(
            number=number,
            desk=random.choice([house.billing, house.billing, house.metering]),
            state=random.choice(STATES),
            handler=random.choice(people),
            author=random.choice(people),
            is_late=random.random() < 0.4,
            is_handed=random.random() < 0.3,
        )
        known.append(one)
        due_at = moment + timedelta(hours=random.randrange(1, 99)) * (-1 if one.is_late else 1)
        idea = Idea(
            number=number,
            title=f"Idea {number}",
            problem="The bill does not say that the reading is a guess.",
            proposal="Say so.",
            state=one.state,
            submitter_id=one.author.id,
            owner_department_id=one.desk.department.id,
            handler_id=one.handler.id,
            waits_since=moment,
            due_at=due_at,
            is_paused=one.state is State.NEEDS_INFO,
            routed_because={},
            masked={},
            created_at=moment,
            moved_at=moment,
        )
        session().add(idea)
        session().flush()
        session().execute(
            insert(IdeaAuthor).values(idea_id=idea.id, person_id=one.author.id, share_percent=100)
        )
        if one.is_handed:
            _hand(house, idea, moment)
        for kind in (ClockKind.DECIDE, ClockKind.FIRST_REPLY, ClockKind.VETO):
            _start(random, one, idea, kind)
    return known


def _hand(house: House, idea: Idea, moment: object) -> None:
    session().add(
        Transfer(
            idea_id=idea.id,
            hop=1,
            from_department_id=house.board.department.id,
            to_department_id=idea.owner_department_id,
            reason="It is yours.",
            asked_by_id=house.board.head.id,
            asked_at=moment,
        )
    )


def _start(random: Random, one: Known, idea: Idea, kind: ClockKind) -> None:
    """A clock that runs, has run out or was stopped, or none."""
    fate = random.choice(["none", "runs", "stopped", "over"])
    if fate == "none":
        return
    moment = now()
    session().add(
        Clock(
            subject_kind="idea",
            subject_id=idea.id,
            kind=kind,
            is_governing=kind is ClockKind.DECIDE,
            department_id=one.desk.department.id,
            accountable_id=one.handler.id,
            started_at=moment - timedelta(days=9),
            due_at=moment + timedelta(days=-1 if fate == "over" else 1),
            stopped_at=moment if fate == "stopped" else None,
        )
    )
    if fate == "runs" or (fate == "over" and kind is not ClockKind.VETO):
        one.runs.add(kind)


@pytest.mark.parametrize("seed", range(3))
def test_every_look_lists_what_its_count_says_and_what_is_in_all_of_its_views(
    house: House, seed: int
) -> None:
    with writing():
        known = make_world(house, seed)
    readers = {
        house.billing.head: {house.billing},
        house.billing.deputy: {house.billing},
        house.board.head: {house.board, house.billing, house.metering},
    }
    for reader, desks in readers.items():
        reach = {desk.department.id for desk in desks}
        mine = [one for one in known if one.desk.department.id in reach and one.author != reader]
        with reading():
            _compare(actor_of(reader), reader, mine)


def _compare(actor: Actor, reader: Person, mine: list[Known]) -> None:
    counts = count_inbox_by_view(actor)
    for look in LOOKS:
        listed = [row.number for row in list_inbox(actor, look)]
        wanted = {one.number for one in mine if all(one.is_in(v, reader) for v in look.views)}
        assert set(listed) == wanted, look
        assert len(listed) == len(wanted) == counts.of(look), look


def test_the_counts_of_every_look_cost_one_statement(house: House, database: Database) -> None:
    with writing():
        make_world(house, 7)
        reader = actor_of(house.billing.head)
    with reading(), counting(database) as seen:
        counts = count_inbox_by_view(reader)
        assert sum(counts.of(look) for look in LOOKS) > 0
    assert len([one for one in seen if "SELECT" in str(one).upper()]) == 1


@pytest.mark.parametrize("look", LOOKS[:30], ids=str)
def test_a_look_comes_back_from_its_address(look: Look) -> None:
    assert Look.read(str(look)) == look


@pytest.mark.parametrize("text", ["", "nonsense", "mine.nonsense", ".", "mine..overdue", "MINE"])
def test_an_address_that_is_no_look_is_the_plain_inbox(text: str) -> None:
    assert Look.read(text) == Look.of(View.DECIDE)
