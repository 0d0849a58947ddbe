"""A decision can be taken back within a minute, as if it had never been signed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import func, select

from portal import now
from portal.actor import PROGRAM
from portal.audit.models import AuditRow
from portal.clocks.models import Clock
from portal.database import Base, Database, reading, release, session, writing
from portal.demand.services import set_cost
from portal.errors import Conflict, NotAllowed
from portal.ideas.lifecycle import Move, State
from portal.ideas.models import Idea, IdeaMove, SilentMove
from portal.ideas.queries import get_timeline
from portal.ideas.services import add_comment, withdraw_idea
from portal.insights.models import DemandType
from portal.jobs.services import run_ready_tasks
from portal.notifications.models import Notice
from portal.people.absences import note_absence
from portal.people.models import Person
from portal.rewards.models import Posting
from portal.routing.services import transfer_idea
from portal.triage import putting_off, services, trying
from portal.triage.appealing import appeal
from portal.triage.held import find_held, list_undoable
from portal.triage.models import Decision, HeldDecision
from portal.triage.queries import find_last_decision, list_decisions
from portal.triage.undoing import HOLD, sign_undoably, undo_decision
from tests.factories.insights import make_insight
from tests.factories.people import actor_of
from tests.factories.triage import Desk, House, submit

MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1, hours=1)
SECOND = timedelta(seconds=1)
WORDS = "A sentence that is long enough to be signed."
LATER = TUESDAY.date() + timedelta(days=60)
STORY = {"audit_rows", "audit_head", "audit_asides", "idea_moves", "silent_moves", "decisions"}
"""What tells of the past."""
UNREAD = {"outbox_tasks": {"ANY"}, "ideas": {"version"}, "rate_counts": {"ANY"}}
"""The worker's own list, where a task finds nothing to do any more; and what counts the steps."""

Act = Callable[[Any, Idea], object]
ACTS: dict[str, Act] = {
    "accept": lambda a, i: services.accept_idea(a, i, sentence=WORDS),
    "ask": lambda a, i: services.ask_author(a, i, question=WORDS),
    "decline": lambda a, i: services.decline_idea(
        a, i, reason_code="system", sentence=WORDS, would_change=WORDS
    ),
    "defer": lambda a, i: putting_off.defer_idea(a, i, sentence=WORDS, review_on=LATER),
    "exists": lambda a, i: services.point_out(a, i, sentence=WORDS, place="In the handbook"),
    "test": lambda a, i: trying.begin_test(
        a, i, sentence=WORDS, scope=WORDS, stop_rule=WORDS, days=5
    ),
}


def hand_in(house: House) -> Idea:
    """An idea on the desk of billing, since Monday."""
    with now.at(MONDAY), writing():
        return submit(house.agent, house.billing.reason)


def sign(who: Person, idea: Idea, act: Act, at: datetime = TUESDAY) -> None:
    """Decide, so that it can be undone."""
    with now.at(at), writing() as unit:
        found = unit.get_one(Idea, idea.id)
        sign_undoably(actor_of(who), found, lambda: act(actor_of(who), found))


def undo(who: Person, idea: Idea, at: datetime = TUESDAY + 59 * SECOND) -> None:
    """Take it back, by default in the last second."""
    with now.at(at), writing() as unit:
        undo_decision(actor_of(who), unit.get_one(Idea, idea.id))


def work(at: datetime = TUESDAY + HOLD) -> None:
    """What the worker does when the minute is over."""
    with now.at(at):
        run_ready_tasks()


def everything(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, but for what tells of the past."""
    release()
    found = {}
    with database.writer.connect() as connection:
        for table in Base.metadata.sorted_tables:
            out = UNREAD.get(table.name, set())
            if table.name in STORY or "ANY" in out:
                continue
            columns = [one for one in table.c if one.name not in out]
            rows = connection.execute(select(*columns)).all()
            found[table.name] = sorted((tuple(row) for row in rows), key=repr)
    return found


def state_of(idea: Idea) -> State:
    """Where it stands."""
    with reading() as unit:
        return unit.get_one(Idea, idea.id).state


def told() -> tuple[int, int]:
    """How many notices and postings there are."""
    with reading() as unit:
        counts = [unit.scalar(select(func.count()).select_from(one)) for one in (Notice, Posting)]
        return counts[0] or 0, counts[1] or 0


@pytest.mark.parametrize("name", ACTS)
def test_an_undone_decision_leaves_every_row_as_it_was(
    house: House, database: Database, name: str
) -> None:
    idea = hand_in(house)
    before = everything(database)
    sign(house.billing.head, idea, ACTS[name])
    assert state_of(idea) is not State.TRIAGE
    undo(house.billing.head, idea)
    assert everything(database) == before
    work()
    work(TUESDAY + timedelta(hours=1))
    assert everything(database)["notices"] == before["notices"]
    with reading() as unit:
        actions = set(unit.scalars(select(AuditRow.action).where(AuditRow.object_id == idea.id)))
        assert {"decision.signed", "decision.undone", "idea.undo"} <= actions
        (decision,) = unit.scalars(select(Decision))
        assert decision.undone_at == TUESDAY + 59 * SECOND
        assert list_decisions(idea.id) == []
        assert find_last_decision(idea.id) is None


def test_a_price_that_was_signed_can_be_taken_back(house: House, database: Database) -> None:
    with now.at(MONDAY), writing():
        reason = session().merge(house.billing.reason)
        set_cost(PROGRAM, reason, valid_from=MONDAY.date(), avoidable_minor=640, full_minor=900)
        make_insight(reason_id=reason.id, demand_type=DemandType.FAILURE)
    idea = hand_in(house)
    before = everything(database)

    def accept_cost(actor: Any, found: Idea) -> object:
        return putting_off.accept_cost(
            actor, found, sentence=WORDS, alternative=WORDS, review_on=LATER
        )

    sign(house.billing.head, idea, accept_cost)
    assert state_of(idea) is State.COST_ACCEPTED
    undo(house.billing.head, idea)
    assert everything(database) == before


def test_nobody_is_told_before_the_minute_is_over_and_then_everybody_is(house: House) -> None:
    idea = hand_in(house)
    before = told()
    sign(house.billing.head, idea, ACTS["accept"])
    work(TUESDAY + 59 * SECOND)
    assert told() == before
    with reading():
        assert list_decisions(idea.id) == []
        assert get_timeline(idea.id)[0].what is Move.RECEIVE
        assert [one.number for one in _undoable(house.billing, TUESDAY)] == [idea.number]
    work()
    notices, postings = told()
    assert notices > before[0]
    assert postings > before[1]
    with reading() as unit:
        assert get_timeline(idea.id)[0].what is Move.ACCEPT
        assert len(list_decisions(idea.id)) == 1
        kinds = unit.scalars(select(Notice.kind).where(Notice.person_id == house.agent.id))
        assert "author.accept" in set(kinds)
        assert unit.scalars(select(SilentMove)).all() == []
        assert unit.scalars(select(HeldDecision)).all() == []
    with pytest.raises(Conflict, match="minute is over"):
        undo(house.billing.head, idea, TUESDAY + HOLD + SECOND)
    work(TUESDAY + timedelta(hours=1))
    assert told()[0] == notices


def _undoable(desk: Desk, at: datetime) -> list[Any]:
    with now.at(at):
        return list_undoable(actor_of(desk.head))


def test_when_the_minute_is_over_it_cannot_be_undone_even_if_the_worker_is_late(
    house: House,
) -> None:
    idea = hand_in(house)
    sign(house.billing.head, idea, ACTS["decline"])
    with pytest.raises(Conflict, match="minute is over"):
        undo(house.billing.head, idea, TUESDAY + HOLD)
    assert state_of(idea) is State.DECLINED
    work(TUESDAY + timedelta(hours=2))
    with reading():
        assert len(list_decisions(idea.id)) == 1


def test_the_signer_alone_can_undo_and_only_once(house: House) -> None:
    idea = hand_in(house)
    sign(house.billing.head, idea, ACTS["accept"])
    with pytest.raises(NotAllowed):
        undo(house.billing.deputy, idea)
    undo(house.billing.head, idea)
    with pytest.raises(Conflict, match="undone already"):
        undo(house.billing.head, idea)
    assert state_of(idea) is State.TRIAGE


def test_what_was_undone_can_be_decided_anew_and_is_then_told_once(house: House) -> None:
    idea = hand_in(house)
    sign(house.billing.head, idea, ACTS["accept"])
    undo(house.billing.head, idea, TUESDAY + 5 * SECOND)
    sign(house.billing.head, idea, ACTS["decline"], TUESDAY + 10 * SECOND)
    work(TUESDAY + HOLD)
    with reading():
        assert list_decisions(idea.id) == []
    work(TUESDAY + HOLD + 10 * SECOND)
    with reading() as unit:
        (decision,) = list_decisions(idea.id)
        assert decision.kind == "decline"
        kinds = set(unit.scalars(select(Notice.kind).where(Notice.person_id == house.agent.id)))
        assert "author.decline" in kinds
        assert "author.accept" not in kinds
        shown = [row.what for row in get_timeline(idea.id)]
        assert shown == [Move.DECLINE, Move.RECEIVE, Move.ROUTE, Move.SUBMIT]


def test_when_somebody_acts_in_between_it_is_told_first_and_stays(house: House) -> None:
    idea = hand_in(house)
    sign(house.billing.head, idea, ACTS["accept"])
    with now.at(TUESDAY + 10 * SECOND), writing() as unit:
        withdraw_idea(actor_of(house.agent), unit.get_one(Idea, idea.id))
    with pytest.raises(Conflict, match=r"Amina Yusuf changed this .* ago"):
        undo(house.billing.head, idea, TUESDAY + 20 * SECOND)
    assert state_of(idea) is State.WITHDRAWN
    with reading() as unit:
        shown = [row.what for row in get_timeline(idea.id)]
        assert shown[:2] == [Move.WITHDRAW, Move.ACCEPT]
        kinds = list(unit.scalars(select(Notice.kind).order_by(Notice.id)))
        assert "author.accept" in kinds
    work()
    with reading() as unit:
        assert list(unit.scalars(select(Notice.kind).order_by(Notice.id))) == kinds


def test_what_colleagues_say_in_between_stays_and_does_not_hinder(house: House) -> None:
    idea = hand_in(house)
    sign(house.billing.head, idea, ACTS["decline"])
    with now.at(TUESDAY + SECOND), writing() as unit:
        add_comment(actor_of(house.colleague), unit.get_one(Idea, idea.id), body="Me too.")
    undo(house.billing.head, idea)
    with reading() as unit:
        found = unit.get_one(Idea, idea.id)
        assert (found.state, found.comment_count) == (State.TRIAGE, 1)


def test_an_idea_that_waits_on_somebody_else_by_now_is_left_as_it_is(house: House) -> None:
    idea = hand_in(house)
    sign(house.billing.head, idea, ACTS["accept"])
    with writing() as unit:
        unit.get_one(Idea, idea.id).handler_id = house.billing.deputy.id
    with pytest.raises(Conflict, match="happened to this idea since"):
        undo(house.billing.head, idea)
    assert state_of(idea) is State.ACCEPTED


def test_an_appeal_is_unheard_again(house: House, database: Database) -> None:
    idea = hand_in(house)
    with now.at(MONDAY), writing() as unit:
        ACTS["decline"](actor_of(house.billing.head), unit.get_one(Idea, idea.id))
        appeal(actor_of(house.agent), unit.get_one(Idea, idea.id), reason=WORDS)
    before = everything(database)
    sign(house.board.head, idea, ACTS["accept"])
    undo(house.board.head, idea)
    assert everything(database) == before
    assert state_of(idea) is State.APPEALED


def try_out(author: Person, idea: Idea) -> None:
    """The author tries it out; inside a writing unit."""
    trying.try_out(
        actor_of(author),
        idea,
        plan=WORDS,
        undo=WORDS,
        days=3,
        money_minor=0,
        is_harmless=True,
    )


def test_a_veto_and_the_end_of_a_test_lead_back_to_the_test(
    house: House, database: Database
) -> None:
    tried, tested = hand_in(house), hand_in(house)
    with now.at(TUESDAY), writing() as unit:
        try_out(house.agent, unit.get_one(Idea, tried.id))
        ACTS["test"](actor_of(house.billing.head), unit.get_one(Idea, tested.id))
    before = everything(database)
    sign(house.billing.head, tried, lambda a, i: trying.veto(a, i, sentence=WORDS))
    sign(house.billing.head, tested, lambda a, i: trying.stop_test(a, i, sentence=WORDS))
    for idea in (tried, tested):
        undo(house.billing.head, idea)
        assert state_of(idea) is State.TESTING
    assert everything(database) == before


def test_a_hand_over_is_open_again(house: House, database: Database) -> None:
    idea = hand_in(house)
    with now.at(MONDAY), writing() as unit:
        transfer_idea(
            actor_of(house.billing.head),
            unit.get_one(Idea, idea.id),
            to=house.metering.department,
            reason=WORDS,
        )
    before = everything(database)
    sign(house.metering.head, idea, ACTS["accept"])
    undo(house.metering.head, idea)
    assert everything(database) == before


def test_who_stands_in_stands_in_again(house: House, database: Database) -> None:
    with now.at(MONDAY - timedelta(hours=1)), writing() as unit:
        head = unit.get_one(Person, house.billing.head.id)
        note_absence(
            actor_of(head),
            head,
            from_on=MONDAY.date(),
            until_on=MONDAY.date() + timedelta(days=4),
            zone=now.house_zone(),
        )
    idea = hand_in(house)
    before = everything(database)
    assert len(before["stand_ins"]) == 1
    sign(house.billing.deputy, idea, ACTS["decline"])
    undo(house.billing.deputy, idea)
    assert everything(database) == before


def test_a_veto_that_is_followed_by_a_yes_is_told_before_it(house: House) -> None:
    idea = hand_in(house)
    with now.at(TUESDAY), writing() as unit:
        try_out(house.agent, unit.get_one(Idea, idea.id))
    sign(house.billing.head, idea, lambda a, i: trying.veto(a, i, sentence=WORDS))
    sign(house.billing.head, idea, ACTS["accept"], TUESDAY + 5 * SECOND)
    undo(house.billing.head, idea, TUESDAY + 6 * SECOND)
    assert state_of(idea) is State.TRIAGE
    with reading() as unit:
        kinds = set(unit.scalars(select(Notice.kind).where(Notice.person_id == house.agent.id)))
        assert "author.veto" in kinds
        assert "author.accept" not in kinds


def test_the_same_decision_sent_twice_has_one_minute(house: House) -> None:
    idea = hand_in(house)
    version = idea.version

    def accept(actor: Any, found: Idea) -> object:
        return services.accept_idea(actor, found, sentence=WORDS, version=version)

    sign(house.billing.head, idea, accept)
    sign(house.billing.head, idea, accept, TUESDAY + 30 * SECOND)
    with reading():
        held = find_held(idea.id)
        assert held is not None
        assert held.until == TUESDAY + HOLD
        assert len(held.move_ids) == 1


@pytest.mark.parametrize("rivals", ["worker and signer", "signer twice"])
def test_of_two_at_once_one_wins_whole(house: House, rivals: str) -> None:
    idea = hand_in(house)
    notices = told()[0]
    sign(house.billing.head, idea, ACTS["decline"])
    barrier, outcomes = Barrier(2), list[str]()

    def take_back() -> None:
        barrier.wait()
        try:
            undo(house.billing.head, idea)
            outcomes.append("undone")
        except Conflict:
            outcomes.append("refused")

    def tell() -> None:
        barrier.wait()
        work()
        outcomes.append("worked")

    threads = [
        Thread(target=take_back),
        Thread(target=tell if rivals == "worker and signer" else take_back),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading() as unit:
        assert unit.scalars(select(HeldDecision)).all() == []
        steps = list(unit.scalars(select(IdeaMove.verb).where(IdeaMove.idea_id == idea.id)))
        running = unit.scalars(
            select(Clock).where(Clock.subject_id == idea.id, Clock.stopped_at.is_(None))
        ).all()
    if "undone" in outcomes:
        assert state_of(idea) is State.TRIAGE
        assert steps.count(Move.UNDO) == 1
        assert len(running) == 2
        assert told()[0] == notices
    else:
        assert state_of(idea) is State.DECLINED
        assert running == []
        assert told()[0] > notices
    if rivals == "signer twice":
        assert sorted(outcomes) == ["refused", "undone"]
