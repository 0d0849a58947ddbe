"""Deciding, asking, answering."""

from datetime import UTC, datetime, timedelta

import pytest

from portal import now
from portal.actor import PROGRAM
from portal.audit.models import AuditRow
from portal.clocks.models import ClockKind
from portal.clocks.queries import find_governing, get_calendar, list_open
from portal.database import reading, session, writing
from portal.errors import Conflict, NotAllowed, RuleBroken
from portal.ideas.lifecycle import Move, State
from portal.ideas.models import Idea
from portal.ideas.queries import get_timeline
from portal.ideas.services import support_idea, withdraw_idea
from portal.routing.queries import find_open_transfer
from portal.routing.services import transfer_idea
from portal.triage.jobs import return_unanswered
from portal.triage.models import Decision, DecisionKind, DeclineReason
from portal.triage.queries import list_decisions
from portal.triage.services import accept_idea, answer_question, ask_author, decline_idea
from tests.factories.people import actor_of
from tests.factories.triage import House, submit

MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
YES = "Yes. I would want it so myself."
NO = "The supplier offers it only from version nine on."
CHANGE = "The upgrade, planned for the second quarter."


def due_after(days: int, start: datetime) -> datetime:
    """The end of so many business days."""
    return get_calendar(None).add_business_days(start, days)


def in_triage(house: House, **changes: object) -> Idea:
    """An idea of the agent that reached billing on Monday."""
    with now.at(MONDAY), writing():
        return submit(house.agent, house.billing.reason, **changes)


def decline(house: House, idea: Idea, **changes: object) -> Decision:
    """A whole no by the head of billing."""
    values = {"reason_code": "system", "sentence": NO, "would_change": CHANGE, **changes}
    return decline_idea(actor_of(house.billing.head), idea, **values)


def reload(idea: Idea) -> Idea:
    """The idea as this unit reads it."""
    return session().get_one(Idea, idea.id)


def test_a_yes_is_signed_and_a_promise_is_owed_within_fifteen_days(house: House) -> None:
    idea = in_triage(house)
    tuesday = MONDAY + DAY
    with now.at(tuesday), writing():
        decision = accept_idea(actor_of(house.billing.head), reload(idea), sentence=YES)
        idea = reload(idea)
    assert idea.state is State.ACCEPTED
    assert (decision.kind, decision.sentence) == (DecisionKind.ACCEPT, YES)
    assert (decision.signed_by_id, decision.signed_at) == (house.billing.head.id, tuesday)
    (clock,) = list_open("idea", idea.id)
    assert clock.kind is ClockKind.COMMIT
    assert clock.is_governing
    assert clock.accountable_id == house.billing.head.id == idea.handler_id
    assert clock.due_at == due_after(15, tuesday) == idea.due_at
    latest = get_timeline(idea.id)[0]
    assert (latest.what, latest.sentence) == (Move.ACCEPT, YES)
    assert latest.details == {"decision_id": decision.id}


def test_a_no_has_a_code_a_sentence_and_what_would_change_it(house: House) -> None:
    idea = in_triage(house)
    with writing():
        decision = decline(house, reload(idea))
        idea = reload(idea)
    assert idea.state is State.DECLINED
    assert decision.reason_code == DeclineReason.SYSTEM
    assert (decision.sentence, decision.would_change) == (NO, CHANGE)
    assert (idea.handler_id, idea.due_at) == (None, None)
    assert list_open("idea", idea.id) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason_code": "because"}, "reason_code"),
        ({"sentence": "No, sorry."}, "sentence"),
        ({"sentence": " " * 40}, "sentence"),
        ({"would_change": ""}, "would_change"),
    ],
)
def test_half_a_no_is_not_taken(house: House, changes: dict[str, str], field: str) -> None:
    idea = in_triage(house)
    with pytest.raises(RuleBroken) as broken, writing():
        decline(house, reload(idea), **changes)
    assert broken.value.field == field


def test_a_question_lets_the_decisions_clock_stand_still(house: House) -> None:
    idea = in_triage(house)
    with now.at(MONDAY + DAY), writing():
        ask_author(actor_of(house.billing.head), reload(idea), question="How often in a week?")
        idea = reload(idea)
    assert idea.state is State.NEEDS_INFO
    assert idea.handler_id == house.agent.id
    assert idea.is_paused
    clocks = {clock.kind: clock for clock in list_open("idea", idea.id)}
    assert set(clocks) == {ClockKind.DECIDE, ClockKind.ANSWER}
    assert clocks[ClockKind.DECIDE].paused_at == MONDAY + DAY
    assert clocks[ClockKind.ANSWER].accountable_id == house.agent.id
    assert clocks[ClockKind.ANSWER].due_at == idea.due_at == due_after(10, MONDAY + DAY)


def asked(house: House) -> Idea:
    """An idea whose author was asked on Tuesday."""
    idea = in_triage(house)
    with now.at(MONDAY + DAY), writing():
        ask_author(actor_of(house.billing.head), reload(idea), question="How often in a week?")
    return idea


def test_an_answer_brings_it_back_with_the_time_that_was_left(house: House) -> None:
    idea = asked(house)
    with now.at(MONDAY + 3 * DAY), writing():
        answer_question(actor_of(house.agent), reload(idea), answer="Two or three times a shift.")
        idea = reload(idea)
    (question,) = list_decisions(idea.id)
    assert question.answer == "Two or three times a shift."
    assert question.answered_by_id == house.agent.id
    assert idea.state is State.TRIAGE
    assert (idea.handler_id, idea.is_paused) == (house.billing.head.id, False)
    governing = find_governing("idea", idea.id)
    assert governing is not None
    assert governing.paused_at is None
    assert governing.started_at == MONDAY
    assert governing.due_at == idea.due_at
    calendar = get_calendar(None)
    left = calendar.business_seconds(MONDAY + DAY, due_after(10, MONDAY))
    assert calendar.business_seconds(MONDAY + 3 * DAY, idea.due_at) == left


def test_whoever_meets_the_same_may_answer_but_nobody_else(house: House) -> None:
    idea = asked(house)
    colleague = actor_of(house.colleague)
    with pytest.raises(NotAllowed), writing():
        answer_question(colleague, reload(idea), answer="Daily.")
    with writing():
        support_idea(colleague, reload(idea), occurred_on=MONDAY.date())
        answer_question(colleague, reload(idea), answer="Daily.")
        with pytest.raises(Conflict):
            answer_question(actor_of(house.agent), reload(idea), answer="Weekly.")


def test_an_unanswered_question_comes_back_after_ten_business_days(house: House) -> None:
    idea = asked(house)
    with now.at(due_after(10, MONDAY + DAY) - timedelta(minutes=1)):
        return_unanswered()
    with reading():
        assert reload(idea).state is State.NEEDS_INFO
    with now.at(due_after(10, MONDAY + DAY)):
        return_unanswered()
        return_unanswered()
    with reading():
        assert reload(idea).state is State.TRIAGE
        assert reload(idea).handler_id == house.billing.head.id
        moves = [row.what for row in get_timeline(idea.id)]
        assert moves[:2] == [Move.RETURN_UNANSWERED, Move.ASK]


def test_the_first_touch_of_a_human_ends_the_wait_for_a_reply(house: House) -> None:
    idea = asked(house)
    assert ClockKind.FIRST_REPLY not in {clock.kind for clock in list_open("idea", idea.id)}


def test_a_decision_on_what_was_handed_over_accepts_the_hand_over(house: House) -> None:
    idea = in_triage(house)
    with writing():
        head, to = actor_of(house.billing.head), house.metering.department
        transfer = transfer_idea(head, reload(idea), to=to, reason="The date is yours.")
        accept_idea(actor_of(house.metering.head), reload(idea), sentence=YES)
    assert transfer.answered_by_id == house.metering.head.id
    assert find_open_transfer(idea.id) is None
    assert [clock.kind for clock in list_open("idea", idea.id)] == [ClockKind.COMMIT]


@pytest.mark.parametrize("who", ["agent", "metering", "author", "program"])
def test_nobody_else_decides(house: House, who: str) -> None:
    author = house.billing.deputy if who == "author" else house.agent
    with writing():
        idea = submit(author, house.billing.reason)
    actors = {
        "agent": actor_of(house.colleague),
        "metering": actor_of(house.metering.head),
        "author": actor_of(author),
        "program": PROGRAM,
    }
    with pytest.raises(NotAllowed), writing():
        accept_idea(actors[who], reload(idea), sentence=YES)


def test_of_two_decisions_at_once_the_second_is_told_who_was_faster(house: House) -> None:
    idea = in_triage(house)
    seen = idea.version
    with now.at(MONDAY), writing():
        accept_idea(actor_of(house.billing.deputy), reload(idea), sentence=YES, version=seen)
    with now.at(MONDAY + timedelta(minutes=2)), pytest.raises(Conflict) as late, writing():
        decline(house, reload(idea), version=seen)
    assert late.value.message == (
        "Deputy of Billing decided this 2 minutes ago. What you wrote is kept below."
    )


def test_a_decision_on_an_older_version_is_refused_even_in_triage(house: House) -> None:
    idea = asked(house)
    with writing():
        answer_question(actor_of(house.agent), reload(idea), answer="Two or three times a shift.")
    with pytest.raises(Conflict, match="Amina Yusuf changed this"), writing():
        decline(house, reload(idea), version=reload(idea).version - 1)


def test_the_same_decision_sent_twice_is_one(house: House) -> None:
    idea = in_triage(house)
    head, seen = actor_of(house.billing.head), idea.version
    with writing():
        first = accept_idea(head, reload(idea), sentence=YES, version=seen)
    with writing():
        again = accept_idea(head, reload(idea), sentence=YES, version=seen)
        assert again.id == first.id
        assert len(list_decisions(idea.id)) == 1


def test_what_was_taken_back_cannot_be_decided(house: House) -> None:
    idea = in_triage(house)
    with writing():
        withdraw_idea(actor_of(house.agent), reload(idea))
    with pytest.raises(Conflict, match="Amina Yusuf changed this"), writing():
        accept_idea(actor_of(house.billing.head), reload(idea), sentence=YES)


def test_a_decision_is_audited_and_what_was_written_is_masked(house: House) -> None:
    idea = in_triage(house)
    with writing():
        decision = decline(house, reload(idea), sentence=f"{NO} Ask jo@example.com about it.")
    assert "jo@example.com" not in decision.sentence
    with reading() as unit:
        rows = unit.query(AuditRow).filter(AuditRow.object_id == idea.id).all()
    assert {"idea.decline", "decision.signed"} <= {row.action for row in rows}
    assert all("jo@example.com" not in str(row.details) for row in rows)
