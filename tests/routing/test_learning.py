"""What the router learns from, when it acts alone, and what it suggests."""

from datetime import timedelta

import pytest

from portal import now
from portal.actor import PROGRAM
from portal.database import session, writing
from portal.errors import NotAllowed, RuleBroken
from portal.ideas.lifecycle import Move
from portal.ideas.services import move_idea
from portal.insights.services import add_insight
from portal.jobs.services import run_ready_tasks
from portal.now import today
from portal.people.models import Department
from portal.routing import router
from portal.routing.jobs import learn_anew, learn_when_due
from portal.routing.learning import ask_to_learn, gather_lessons, set_router
from portal.routing.matching import explain
from portal.routing.models import LearnedRouter
from portal.routing.queries import get_open_transfer
from portal.routing.router import find_acting, find_router, suggest
from portal.routing.services import answer_transfer, transfer_idea
from tests.factories.people import actor_of
from tests.factories.triage import House, submit

BILLS = ("The refund of the bill is late", "A bill twice as high", "No refund, a wrong bill")
METERS = ("The meter is broken", "Nobody came to read the meter", "A new meter, please")


@pytest.fixture
def learned(house: House, monkeypatch: pytest.MonkeyPatch) -> House:
    """A house in which customers said things about bills and meters, and the router learned."""
    monkeypatch.setattr(router, "LEAST_EXAMPLES", 24)
    agent = actor_of(house.agent)
    with writing():
        for desk, texts in ((house.billing, BILLS), (house.metering, METERS)):
            for number in range(4):
                for text in texts:
                    add_insight(agent, text=f"{text} ({number})", reason_id=desk.reason.id)
    learn_anew({})
    return house


def test_a_router_that_has_seen_enough_acts_alone_and_says_why(learned: House) -> None:
    with writing():
        set_router(PROGRAM, is_on=True, confidence_percent=60)
        idea = submit(
            learned.agent,
            title="Refund",
            problem="The refund of a wrong bill is late.",
            proposal="Refund the bill at once.",
        )
    assert idea.owner_department_id == learned.billing.department.id
    assert idea.handler_id == learned.billing.head.id
    said = explain(idea.routed_because)
    assert said.startswith("To Billing: items that read like this are theirs,")
    assert "% sure, because of “" in said
    assert "refund" in said


def test_a_router_that_is_not_sure_leaves_it_to_the_named_executive(learned: House) -> None:
    with writing():
        set_router(PROGRAM, is_on=True, confidence_percent=100)
        idea = submit(learned.agent, problem="A refund?", proposal="A meter?")
    assert idea.owner_department_id == learned.board.department.id


def test_a_router_that_is_off_or_has_seen_little_never_acts_alone(
    learned: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert find_acting() is not None
    with writing():
        set_router(PROGRAM, is_on=False, confidence_percent=60)
    assert find_acting() is None
    with writing():
        set_router(PROGRAM, is_on=True, confidence_percent=60)
    monkeypatch.setattr(router, "LEAST_EXAMPLES", 300)
    assert find_acting() is None


def test_suggestions_name_departments_and_words_and_leave_out_who_has_it(learned: House) -> None:
    first, *others = suggest("The refund of a bill")
    assert (first.department, "refund" in first.words) == ("Billing", True)
    assert len(others) <= 2
    without = suggest("The refund of a bill", without={first.department_id})
    assert "Billing" not in {one.department for one in without}
    assert suggest("  ") == []


def test_a_closed_department_is_suggested_to_nobody(learned: House) -> None:
    with writing() as unit:
        unit.get_one(Department, learned.billing.department.id).valid_until = today()
    assert "Billing" not in {one.department for one in suggest("The refund of a bill")}


def test_before_anything_was_learned_nothing_is_suggested(house: House) -> None:
    assert suggest("The refund") == []
    assert find_acting() is None


def test_without_an_example_the_names_of_reasons_are_all_there_is(house: House) -> None:
    learn_anew({})
    first = suggest("something about metering")[0]
    assert first.department == "Metering"
    found = find_router()
    assert found is not None
    assert (found.example_count, found.figures) == (0, {})


def test_what_was_measured_is_kept_with_the_router(learned: House) -> None:
    found = find_router()
    assert found is not None
    assert found.example_count == 24
    assert found.figures["accuracy"] == 1
    assert found.figures["thresholds"][0]["percent"] == 50


def test_nothing_is_learned_twice_and_few_routers_are_kept(learned: House) -> None:
    learn_anew({})
    assert session().query(LearnedRouter).count() == 1
    for number in range(4):
        with writing():
            reason = learned.billing.reason.id
            add_insight(actor_of(learned.agent), text=f"More {number}", reason_id=reason)
        learn_anew({})
    assert session().query(LearnedRouter).count() == 3


def test_open_ideas_teach_nothing_and_decided_ones_do(house: House) -> None:
    with writing():
        submit(house.agent, house.billing.reason)
        decided = submit(house.agent, house.billing.reason, title="Decided")
        move_idea(PROGRAM, decided, Move.ACCEPT, handler_id=house.billing.head.id, due_at=None)
    lessons = gather_lessons()
    assert [text.split("\n")[0] for text in lessons.texts] == ["Decided"]
    assert lessons.labels == [str(house.billing.department.id)]


def test_a_correction_teaches_more_and_the_worker_learns_from_it(house: House) -> None:
    with writing():
        idea = submit(house.agent, house.billing.reason)
        transfer_idea(
            actor_of(house.billing.head), idea, to=house.metering.department, reason="It is theirs."
        )
    learn_when_due()
    learn_when_due()
    assert gather_lessons().texts == []
    with writing():
        answer_transfer(
            actor_of(house.metering.head), get_open_transfer(idea.id), accept=True, reason=""
        )
    lessons = gather_lessons()
    assert lessons.labels == [str(house.metering.department.id)]
    assert lessons.weights == [3.0]
    learn_when_due()
    assert session().query(LearnedRouter).count() == 2


def test_it_is_time_to_learn_daily_and_when_an_administrator_asks(learned: House) -> None:
    learn_when_due()
    assert session().query(LearnedRouter).count() == 1
    with writing():
        add_insight(actor_of(learned.agent), text="More", reason_id=learned.billing.reason.id)
    learn_when_due()
    assert session().query(LearnedRouter).count() == 1
    with now.at(now.now() + timedelta(days=1, minutes=1)):
        learn_when_due()
    assert session().query(LearnedRouter).count() == 2
    with writing():
        add_insight(actor_of(learned.agent), text="Again", reason_id=learned.billing.reason.id)
        ask_to_learn(PROGRAM)
    run_ready_tasks()
    assert session().query(LearnedRouter).count() == 3


def test_what_a_closed_department_had_teaches_for_its_successor(learned: House) -> None:
    with writing() as unit:
        closed = unit.get_one(Department, learned.billing.department.id)
        closed.valid_until, closed.successor_id = today(), learned.board.department.id
    labels = gather_lessons().labels
    assert labels.count(str(learned.board.department.id)) == 12
    assert str(learned.billing.department.id) not in labels


def test_only_administrators_set_the_router_or_have_it_learn(house: House) -> None:
    head = actor_of(house.billing.head)
    with pytest.raises(NotAllowed), writing():
        set_router(head, is_on=True, confidence_percent=60)
    with pytest.raises(NotAllowed), writing():
        ask_to_learn(head)


@pytest.mark.parametrize("percent", [-1, 0, 49, 101])
def test_a_confidence_out_of_range_is_refused(house: House, percent: int) -> None:
    with pytest.raises(RuleBroken) as refused, writing():
        set_router(PROGRAM, is_on=True, confidence_percent=percent)
    assert refused.value.field == "confidence_percent"
