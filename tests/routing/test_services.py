"""How an idea reaches a desk, and how it is handed on."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from portal import now
from portal.actor import PROGRAM
from portal.clocks.models import ClockKind
from portal.clocks.queries import find_due, find_governing, get_calendar, list_open
from portal.database import reading, session, writing
from portal.errors import Conflict, NotAllowed, RuleBroken
from portal.ideas.lifecycle import Move, State
from portal.ideas.models import Idea
from portal.ideas.queries import get_timeline
from portal.ideas.services import withdraw_idea
from portal.notifications.models import Notice
from portal.people import services as people
from portal.people.models import Person
from portal.routing.matching import explain
from portal.routing.models import TransferOutcome
from portal.routing.queries import count_hops, find_open_transfer, get_open_transfer
from portal.routing.services import answer_transfer, call_back, transfer_idea
from tests.factories.people import actor_of
from tests.factories.triage import House, make_desk, submit
from tests.support.client import Client

MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
REASON = "The date on it is yours, the text is ours."


def test_an_idea_goes_to_the_department_that_owns_its_reason(house: House) -> None:
    with writing():
        idea = submit(house.agent, house.billing.reason)
    assert idea.state is State.TRIAGE
    assert idea.owner_department_id == house.billing.department.id
    assert idea.handler_id == house.billing.head.id
    assert explain(idea.routed_because).startswith("To Billing because the contact reason")
    assert [row.what for row in get_timeline(idea.id)] == [Move.RECEIVE, Move.ROUTE, Move.SUBMIT]


def test_what_nobody_owns_goes_to_the_named_executive(house: House) -> None:
    with writing():
        idea = submit(house.agent)
    assert idea.handler_id == house.board.head.id
    assert explain(idea.routed_because) == "Nobody owns this yet, so it is with Head of Board."


def test_a_desk_owes_a_reply_in_three_days_and_a_decision_in_ten(house: House) -> None:
    with now.at(MONDAY), writing():
        idea = submit(house.agent, house.billing.reason)
    clocks = {clock.kind: clock for clock in list_open("idea", idea.id)}
    assert set(clocks) == {ClockKind.FIRST_REPLY, ClockKind.DECIDE}
    assert clocks[ClockKind.FIRST_REPLY].due_at == due_after(3)
    assert clocks[ClockKind.DECIDE].due_at == due_after(10) == idea.due_at
    assert {clock.accountable_id for clock in clocks.values()} == {house.billing.head.id}
    assert clocks[ClockKind.DECIDE].is_governing


def test_a_head_does_not_decide_on_an_idea_of_their_own(house: House) -> None:
    with writing():
        idea = submit(house.billing.head, house.billing.reason)
    assert idea.handler_id == house.billing.deputy.id


def test_when_head_and_deputy_had_the_idea_their_superior_decides(house: House) -> None:
    both = [(house.billing.head.id, 50), (house.billing.deputy.id, 50)]
    with writing():
        idea = submit(house.billing.head, house.billing.reason, authors=both)
    assert idea.handler_id == house.board.head.id


def test_an_idea_of_all_who_could_decide_goes_to_the_named_executive(house: House) -> None:
    with writing():
        island = make_desk("Island")
        both = [(island.head.id, 50), (island.deputy.id, 50)]
        idea = submit(island.head, island.reason, authors=both)
    assert idea.owner_department_id == house.board.department.id
    assert idea.handler_id == house.board.head.id


def test_an_idea_that_nobody_could_decide_is_refused(house: House) -> None:
    both = [(house.board.head.id, 50), (house.board.deputy.id, 50)]
    with pytest.raises(RuleBroken, match="Nobody is left"), writing():
        submit(house.board.head, house.board.reason, authors=both)


def test_somebody_who_has_left_is_passed_over(house: House) -> None:
    with writing():
        head = session().merge(house.billing.head)
        people.deactivate_person(PROGRAM, head)
        idea = submit(house.agent, house.billing.reason)
    assert idea.handler_id == house.billing.deputy.id


def due_after(days: int, start: datetime = MONDAY) -> datetime:
    """The end of so many business days."""
    return get_calendar(None).add_business_days(start, days)


def hand_on(house: House) -> Idea:
    """An idea that billing has handed to metering on the first Monday."""
    with now.at(MONDAY), writing():
        idea = submit(house.agent, house.billing.reason)
    with now.at(MONDAY + timedelta(days=1)), writing():
        idea = session().merge(idea)
        transfer_idea(
            actor_of(house.billing.head), idea, to=house.metering.department, reason=REASON
        )
    return idea


def test_a_transfer_never_resets_the_authors_clock(house: House) -> None:
    idea = hand_on(house)
    governing = find_governing("idea", idea.id)
    assert governing is not None
    assert governing.kind is ClockKind.DECIDE
    assert governing.started_at == MONDAY
    assert governing.due_at == due_after(10) == idea.due_at
    assert governing.accountable_id == house.metering.head.id == idea.handler_id
    assert governing.department_id == house.metering.department.id
    accept_by = find_due("idea", idea.id, ClockKind.ACCEPT_TRANSFER)
    assert accept_by == due_after(2, MONDAY + timedelta(days=1))


def test_a_transfer_says_why_and_where_from(house: House) -> None:
    idea = hand_on(house)
    assert explain(idea.routed_because) == "To Metering because Billing handed it on."
    assert get_timeline(idea.id)[0].sentence == REASON


def test_the_receiver_accepts_and_the_author_has_had_a_reply(house: House) -> None:
    idea = hand_on(house)
    with writing():
        transfer = get_open_transfer(idea.id)
        answer_transfer(actor_of(house.metering.deputy), transfer, accept=True)
    assert transfer.outcome is TransferOutcome.ACCEPTED
    assert [clock.kind for clock in list_open("idea", idea.id)] == [ClockKind.DECIDE]


def test_the_receiver_returns_it_with_a_reason(house: House) -> None:
    idea = hand_on(house)
    with writing():
        transfer = get_open_transfer(idea.id)
        answer_transfer(actor_of(house.metering.head), transfer, accept=False, reason="Not us.")
        idea = session().get_one(Idea, idea.id)
    assert transfer.outcome is TransferOutcome.RETURNED
    assert idea.handler_id == house.billing.head.id
    assert explain(idea.routed_because) == "Back to Billing because Metering returned it."
    assert find_open_transfer(idea.id) is None
    assert find_due("idea", idea.id, ClockKind.ACCEPT_TRANSFER) is None
    assert idea.due_at == due_after(10)


def test_a_return_needs_a_reason(house: House) -> None:
    idea = hand_on(house)
    with pytest.raises(RuleBroken), writing():
        answer_transfer(
            actor_of(house.metering.head), get_open_transfer(idea.id), accept=False, reason=" "
        )


def test_the_second_hop_goes_to_the_common_superior(house: House) -> None:
    idea = hand_on(house)
    with writing():
        answer_transfer(actor_of(house.metering.head), get_open_transfer(idea.id), accept=True)
        idea = session().get_one(Idea, idea.id)
        transfer_idea(
            actor_of(house.metering.head), idea, to=house.billing.department, reason=REASON
        )
    assert idea.owner_department_id == house.board.department.id
    assert idea.handler_id == house.board.head.id
    assert "stands above Metering and Billing" in explain(idea.routed_because)


def test_a_circle_of_hand_overs_ends_with_whoever_stands_above_and_never_stops_the_clock(
    house: House, client: Client
) -> None:
    with now.at(MONDAY), writing():
        letters = make_desk("Letters", parent=house.board.department)
        idea = submit(house.agent, house.billing.reason)
        due_at = idea.due_at
    ring = [house.billing, house.metering, letters, house.billing]
    came = []
    for day, (giver, taker) in enumerate(pairwise(ring), 1):
        with now.at(MONDAY + timedelta(days=day)), writing():
            idea = session().get_one(Idea, idea.id)
            holder = house.board if idea.owner_department_id == house.board.department.id else giver
            transfer_idea(actor_of(holder.head), idea, to=taker.department, reason=REASON)
            assert idea.due_at == due_at, "the author's clock runs on"
            answer_transfer(
                actor_of(session().get_one(Person, idea.handler_id)),
                get_open_transfer(idea.id),
                accept=True,
            )
            came.append(idea.owner_department_id)
    board = house.board.department.id
    assert came == [house.metering.department.id, board, house.billing.department.id]
    assert [clock.kind for clock in list_open("idea", idea.id)] == [ClockKind.DECIDE]
    hops = [row for row in get_timeline(idea.id) if row.what in {Move.ROUTE, Move.TRANSFER}]
    stays = [row.left_at - row.at if row.left_at else None for row in hops]
    assert stays == [None, *[timedelta(days=1)] * 3]
    page = client.sign_in(house.agent).get(f"/ideas/I-{idea.number}").text
    assert page.count("on this desk for 1 day") == 3


def test_the_superior_settles_whose_it_is(house: House) -> None:
    idea = hand_on(house)
    with writing():
        answer_transfer(actor_of(house.metering.head), get_open_transfer(idea.id), accept=True)
        idea = session().get_one(Idea, idea.id)
        metering, board = actor_of(house.metering.head), actor_of(house.board.head)
        transfer_idea(metering, idea, to=house.billing.department, reason=REASON)
        answer_transfer(board, get_open_transfer(idea.id), accept=True)
        transfer_idea(board, idea, to=house.billing.department, reason=REASON)
    assert idea.owner_department_id == house.billing.department.id


def test_departments_without_a_common_superior_meet_at_the_orphans_desk(house: House) -> None:
    with writing():
        island = make_desk("Island")
        idea = submit(house.agent, island.reason)
        transfer_idea(actor_of(island.head), idea, to=house.billing.department, reason=REASON)
        answer_transfer(actor_of(house.billing.head), get_open_transfer(idea.id), accept=True)
        transfer_idea(actor_of(house.billing.head), idea, to=island.department, reason=REASON)
    assert idea.owner_department_id == house.board.department.id


@pytest.mark.parametrize("who", ["agent", "metering", "author"])
def test_only_who_answers_for_the_department_hands_on(house: House, who: str) -> None:
    with writing():
        author = house.billing.deputy if who == "author" else house.agent
        idea = submit(author, house.billing.reason)
        person = {"agent": house.agent, "metering": house.metering.head, "author": author}[who]
        with pytest.raises(NotAllowed):
            transfer_idea(actor_of(person), idea, to=house.metering.department, reason=REASON)


def test_a_transfer_needs_a_reason_and_another_department(house: House) -> None:
    with writing():
        idea = submit(house.agent, house.billing.reason)
        head = actor_of(house.billing.head)
        with pytest.raises(RuleBroken) as no_reason:
            transfer_idea(head, idea, to=house.metering.department, reason="")
        with pytest.raises(RuleBroken) as same:
            transfer_idea(head, idea, to=house.billing.department, reason=REASON)
    assert (no_reason.value.field, same.value.field) == ("reason", "to")


def test_what_was_handed_over_is_answered_before_it_is_handed_on(house: House) -> None:
    idea = hand_on(house)
    with pytest.raises(Conflict), writing():
        transfer_idea(
            actor_of(house.metering.head),
            session().get_one(Idea, idea.id),
            to=house.board.department,
            reason=REASON,
        )


def test_a_transfer_is_answered_once_and_not_after_the_idea_has_gone(house: House) -> None:
    idea, other = hand_on(house), hand_on(house)
    metering = actor_of(house.metering.head)
    with writing():
        transfer = get_open_transfer(idea.id)
        answer_transfer(metering, transfer, accept=True)
        with pytest.raises(Conflict):
            answer_transfer(metering, transfer, accept=True)
        withdraw_idea(actor_of(house.agent), session().get_one(Idea, other.id))
        with pytest.raises(Conflict):
            answer_transfer(metering, get_open_transfer(other.id), accept=True)


def test_what_was_handed_on_by_mistake_is_taken_back_as_if_it_had_not_been(house: House) -> None:
    with now.at(MONDAY), writing():
        idea = submit(house.agent, house.billing.reason)
        before = [(c.kind, c.due_at, c.accountable_id) for c in list_open("idea", idea.id)]
    with now.at(MONDAY + timedelta(days=1)), writing():
        kept = session().get_one(Idea, idea.id)
        head = actor_of(house.billing.head)
        transfer = transfer_idea(head, kept, to=house.metering.department, reason=REASON)
        for person in (house.metering.head, house.billing.deputy, house.agent):
            with pytest.raises(NotAllowed):
                call_back(actor_of(person), transfer)
        call_back(head, transfer)
        assert transfer.outcome is TransferOutcome.CALLED_BACK
        assert kept.owner_department_id == house.billing.department.id
        assert kept.handler_id == house.billing.head.id
        after = [(c.kind, c.due_at, c.accountable_id) for c in list_open("idea", idea.id)]
        assert after == before
        assert count_hops(idea.id) == 0, "the next one is the first"
        assert explain(kept.routed_because or {}) == (
            "Back to Billing, which had handed it on by mistake."
        )
        with pytest.raises(Conflict):
            call_back(head, transfer)
    with reading() as reader:
        told = select(Notice.kind).where(Notice.person_id == house.metering.head.id)
        assert reader.scalars(told.order_by(Notice.id)).all() == [
            "handler.transfer",
            "transfer.called_back",
        ]


def test_what_was_answered_is_not_called_back(house: House) -> None:
    idea = hand_on(house)
    with writing():
        transfer = get_open_transfer(idea.id)
        answer_transfer(actor_of(house.metering.head), transfer, accept=True)
        with pytest.raises(Conflict, match="answered already"):
            call_back(actor_of(house.billing.head), transfer)


def test_a_number_in_a_reason_is_masked_before_it_is_kept(house: House) -> None:
    with writing():
        idea = submit(house.agent, house.billing.reason)
        transfer = transfer_idea(
            actor_of(house.billing.head),
            idea,
            to=house.metering.department,
            reason="He paid with 4111 1111 1111 1111 at your desk.",
        )
    assert "4111 1111" not in transfer.reason
