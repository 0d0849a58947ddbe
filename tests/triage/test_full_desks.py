"""At fifteen undecided ideas the next goes to the deputy, and from both to their superior."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from portal import now
from portal.clocks.queries import find_governing
from portal.database import Database, reading, writing
from portal.errors import Conflict, NotAllowed
from portal.ideas.labels import mark_sentence
from portal.ideas.models import Idea, IdeaMark, MarkKind
from portal.ideas.queries import get_timeline
from portal.notifications.models import Notice, NoticeClass
from portal.people.models import Person
from portal.routing.room import MOST_UNDECIDED, Desk, choose_with_room, count_undecided
from portal.routing.services import transfer_idea
from portal.triage.services import accept_idea, ask_author
from portal.triage.standing_in import find_standing
from portal.triage.taking_back import find_full_desk, take_back
from tests.factories.people import actor_of
from tests.factories.triage import House, submit
from tests.support.statements import counting
from tests.triage.test_standing_in import DAY, MONDAY, be_away, holder_of, settle_at

pytestmark = pytest.mark.usefixtures("at_work")


@pytest.fixture
def at_work() -> object:
    """Monday morning, for the whole test."""
    with now.at(MONDAY):
        yield


def fill(house: House, count: int = MOST_UNDECIDED) -> list[Idea]:
    """So many more ideas for billing, as they arrive."""
    with writing():
        return [submit(house.agent, house.billing.reason) for _ in range(count)]


def arrive(house: House) -> Idea:
    """One more."""
    return fill(house, 1)[0]


def heard(person: Person, kind: str) -> list[Notice]:
    """What somebody was told of this kind."""
    with reading() as reader:
        found = select(Notice).where(Notice.person_id == person.id, Notice.kind == kind)
        return list(reader.scalars(found.order_by(Notice.id)))


def test_fifteen_lie_with_the_head_and_the_sixteenth_with_the_deputy(house: House) -> None:
    first = fill(house)
    assert {holder_of(idea) for idea in first} == {(house.billing.head.id, house.billing.head.id)}
    sixteenth = arrive(house)
    assert holder_of(sixteenth) == (house.billing.deputy.id, house.billing.deputy.id)
    with reading() as reader:
        stored = reader.get_one(Idea, sixteenth.id)
        assert stored.owner_department_id == house.billing.department.id
        clocks = [find_governing("idea", idea.id) for idea in (sixteenth, first[0])]
        assert len({clock.due_at for clock in clocks if clock}) == 1 < len(clocks)
        assert None not in clocks
        assert find_full_desk(stored) == "Head of Billing"
        mark = next(row for row in get_timeline(sixteenth.id) if row.what is MarkKind.OFFERED)
    said = mark_sentence(MarkKind.OFFERED, mark.actor_name, mark.person_name, mark.details)
    assert said == "The desk of Head of Billing is full: it waits on Deputy of Billing"


def test_it_is_told_as_an_assignment_and_the_head_hears_where_it_went(house: House) -> None:
    fill(house)
    arrive(house)
    (told,) = heard(house.billing.deputy, "handler.receive")
    assert told.notice_class is NoticeClass.OWED
    (heads,) = heard(house.billing.head, "desk.full")
    assert "went to Deputy of Billing" in heads.title
    assert heads.notice_class is NoticeClass.INFORMATION
    assert len(heard(house.billing.head, "handler.receive")) == MOST_UNDECIDED


def test_when_both_are_full_it_goes_to_their_superior_and_at_last_stays(house: House) -> None:
    fill(house, 2 * MOST_UNDECIDED)
    assert holder_of(arrive(house))[0] == house.board.head.id
    fill(house, 2 * MOST_UNDECIDED - 1)
    with reading():
        desks = (house.billing, house.board)
        held = count_undecided(one.id for desk in desks for one in (desk.head, desk.deputy))
    assert set(held.values()) == {MOST_UNDECIDED}
    last = arrive(house)
    assert holder_of(last)[0] == house.billing.head.id
    with reading() as reader:
        assert find_full_desk(reader.get_one(Idea, last.id)) is None


def test_a_decision_makes_room_and_a_question_does_not(house: House) -> None:
    ideas = fill(house)
    with writing() as unit:
        asked = unit.get_one(Idea, ideas[0].id)
        ask_author(actor_of(house.billing.head), asked, question="Which letter do you mean?")
    assert holder_of(arrive(house))[0] == house.billing.deputy.id
    with writing() as unit:
        done = unit.get_one(Idea, ideas[1].id)
        accept_idea(actor_of(house.billing.head), done, sentence="We do it, from May on.")
    assert holder_of(arrive(house))[0] == house.billing.head.id


def test_a_transfer_to_a_full_desk_lands_on_the_deputy_with_both_clocks(house: House) -> None:
    fill(house)
    with writing():
        idea = submit(house.agent, house.metering.reason)
        giver = actor_of(house.metering.head)
        transfer_idea(giver, idea, to=house.billing.department, reason="It is about bills.")
    assert holder_of(idea) == (house.billing.deputy.id, house.billing.deputy.id)
    (told,) = heard(house.billing.deputy, "handler.transfer")
    assert told.notice_class is NoticeClass.OWED


def test_while_the_head_is_away_the_desk_of_the_stand_in_counts(house: House) -> None:
    be_away(house.billing.head, MONDAY.date(), (MONDAY + 4 * DAY).date())
    ideas = fill(house)
    assert {holder_of(idea)[0] for idea in ideas} == {house.billing.deputy.id}
    above = arrive(house)
    assert holder_of(above) == (house.board.head.id, house.board.head.id)
    with reading():
        assert find_standing(above.id) is None
    assert settle_at(MONDAY + 5 * DAY) == MOST_UNDECIDED
    assert {holder_of(idea)[0] for idea in ideas} == {house.billing.head.id}
    assert holder_of(above)[0] == house.board.head.id


def test_who_is_away_gets_nothing_from_a_full_desk(house: House) -> None:
    be_away(house.billing.deputy, MONDAY.date(), (MONDAY + 4 * DAY).date())
    fill(house)
    assert holder_of(arrive(house))[0] == house.board.head.id


def test_the_deputy_who_falls_ill_is_stood_in_for_by_the_head(house: House) -> None:
    fill(house)
    idea = arrive(house)
    be_away(house.billing.deputy, MONDAY.date(), (MONDAY + 4 * DAY).date())
    assert holder_of(idea)[0] == house.billing.head.id
    settle_at(MONDAY + 5 * DAY)
    assert holder_of(idea)[0] == house.billing.deputy.id


def due_of(idea: Idea) -> datetime:
    """When the governing clock of an idea is due."""
    with reading():
        clock = find_governing("idea", idea.id)
        assert clock is not None
        return clock.due_at


def test_the_head_takes_it_back_with_its_clocks_as_they_run(house: House) -> None:
    fill(house)
    idea = arrive(house)
    due_at = due_of(idea)
    with now.at(MONDAY + timedelta(hours=3)), writing() as unit:
        take_back(actor_of(house.billing.head), unit.get_one(Idea, idea.id))
    assert holder_of(idea) == (house.billing.head.id, house.billing.head.id)
    assert due_of(idea) == due_at
    with reading() as reader:
        assert find_full_desk(reader.get_one(Idea, idea.id)) is None
        kinds = select(IdeaMark.kind).where(IdeaMark.idea_id == idea.id).order_by(IdeaMark.id)
        assert list(reader.scalars(kinds)) == [MarkKind.OFFERED, MarkKind.TAKEN_BACK]
    assert len(heard(house.billing.deputy, "desk.taken_back")) == 1
    with pytest.raises(Conflict), writing() as unit:
        take_back(actor_of(house.billing.head), unit.get_one(Idea, idea.id))


def test_nobody_takes_back_what_was_not_theirs(house: House) -> None:
    kept, idea = fill(house)[0], arrive(house)
    for person in (house.billing.deputy, house.metering.head, house.agent, house.board.head):
        with pytest.raises(NotAllowed), writing() as unit:
            take_back(actor_of(person), unit.get_one(Idea, idea.id))
    with pytest.raises(Conflict), writing() as unit:
        take_back(actor_of(house.billing.head), unit.get_one(Idea, kept.id))


def test_an_author_among_them_is_passed_over_as_ever(house: House) -> None:
    fill(house)
    with writing():
        idea = submit(house.billing.deputy, house.billing.reason)
    assert holder_of(idea)[0] == house.board.head.id


def test_an_arrival_costs_the_same_however_many_wait(house: House, database: Database) -> None:
    def cost() -> int:
        with counting(database) as seen, writing():
            submit(house.agent, house.billing.reason)
        return len(seen)

    cost()
    few = cost()
    fill(house, MOST_UNDECIDED - 3)
    assert abs(cost() - few) <= 1
    offered = cost()
    assert offered - few <= 12


PEOPLE = st.integers(min_value=1, max_value=6)


@given(
    st.lists(st.tuples(st.none() | PEOPLE, st.none() | PEOPLE), max_size=4),
    st.frozensets(PEOPLE),
    st.frozensets(PEOPLE),
    st.dictionaries(PEOPLE, st.integers(0, 2 * MOST_UNDECIDED)),
)
def test_never_nobody_never_an_author_and_never_a_full_desk_while_another_has_room(
    upward: list[tuple[int | None, int | None]],
    authors: frozenset[int],
    away: frozenset[int],
    held: dict[int, int],
) -> None:
    turn = [one for pair in upward for one in pair if one is not None and one not in authors]
    desk = choose_with_room(upward, authors, away, held)
    if not turn:
        assert desk is None
        return
    assert desk is not None
    assert desk.handler_id in turn
    if desk != Desk(turn[0]):
        assert held.get(desk.handler_id, 0) < MOST_UNDECIDED
        assert desk.handler_id not in away or set(turn) <= away
        assert desk.full_id is not None
        assert held[desk.full_id] >= MOST_UNDECIDED
