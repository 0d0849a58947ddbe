"""A department is asked for its part: its own task, clock and signature."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from portal import now
from portal.actor import PROGRAM
from portal.audit.models import AuditRow
from portal.clocks.queries import find_governing, list_open
from portal.clocks.setting import give_calendar
from portal.contributions.keeping import keep_parts, sweep_parts
from portal.contributions.models import Contribution, Outcome
from portal.contributions.queries import SUBJECT
from portal.contributions.services import ask_for_part, settle_part, withdraw_part
from portal.database import reading, session, writing
from portal.errors import Conflict, NotAllowed, RuleBroken
from portal.ideas.models import Idea
from portal.ideas.queries import get_timeline
from portal.ideas.services import withdraw_idea
from portal.jobs.services import run_ready_tasks
from portal.notifications.models import Notice, NoticeClass
from portal.people.absences import note_absence
from portal.people.models import Department, Person
from portal.people.services import appoint, deactivate_person
from portal.routing.services import transfer_idea
from portal.triage.merging import merge_ideas, unmerge_ideas
from portal.triage.services import accept_idea, decline_idea
from portal.triage.undoing import sign_undoably, undo_decision
from tests.factories.clocks import make_calendar
from tests.factories.people import actor_of, make_department, make_person
from tests.factories.triage import House, submit, tell_what_is_held

MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
DUE = datetime(2026, 11, 9, 16, 0, tzinfo=UTC)
"""The close of business five days of metering later."""
BERLIN = ZoneInfo("Europe/Berlin")
TASK = "Say what a second reading on request costs you."
DONE = "A reading on request takes 20 minutes; we can do 40 a week."
NO = "We cannot do it before the new meters are in."


@pytest.fixture
def asked(house: House, idea: Idea) -> Contribution:
    """Billing asked metering on a Monday morning."""
    with now.at(MONDAY):
        return ask(house, idea)


def ask(house: House, idea: Idea, task: str = TASK, nonce: str | None = None) -> Contribution:
    """Billing asks metering."""
    with writing():
        return ask_for_part(
            actor_of(house.billing.head),
            stored(idea),
            department_id=house.metering.department.id,
            task=task,
            nonce=nonce,
        )


def stored(idea: Idea) -> Idea:
    """The idea as this unit reads it."""
    return session().get_one(Idea, idea.id)


def part(contribution: Contribution) -> Contribution:
    """The task as this unit reads it."""
    return session().get_one(Contribution, contribution.id)


def settle(person: Person, contribution: Contribution, words: str = DONE, **how: bool) -> None:
    """Somebody signs it, or gives it back."""
    with writing():
        settle_part(actor_of(person), part(contribution), words=words, **how)


def facts(contribution: Contribution) -> tuple[Outcome | None, str | None, int | None]:
    """What became of it, the words, and who signed."""
    with reading() as reader:
        one = reader.get_one(Contribution, contribution.id)
        return one.outcome, one.words, one.settled_by_id


def holder(contribution: Contribution) -> int | None:
    """Whom it waits on; None once it is settled."""
    with reading():
        clock = find_governing(SUBJECT, contribution.id)
        return clock.accountable_id if clock else None


def told(person: Person) -> list[str]:
    """What somebody heard of tasks, in order."""
    with reading() as reader:
        kinds = select(Notice.kind).where(
            Notice.person_id == person.id, Notice.kind.startswith("part.")
        )
        return list(reader.scalars(kinds.order_by(Notice.id)))


def seen_on(idea: Idea) -> list[str]:
    """The marks of tasks on the timeline, in order."""
    with reading():
        found = [str(row.what) for row in get_timeline(idea.id)]
    return [what for what in reversed(found) if what.startswith("part_")]


def decline(house: House, idea: Idea) -> None:
    """Billing says no."""
    decline_idea(
        actor_of(house.billing.head),
        idea,
        reason_code="too_few",
        sentence="Eleven contacts in a year do not carry it.",
        would_change="A hundred.",
    )


def test_a_task_has_a_holder_and_a_clock_of_its_own_and_the_ideas_runs_on(
    house: House, idea: Idea
) -> None:
    with reading():
        before = [(c.id, c.due_at, c.accountable_id) for c in list_open("idea", idea.id)]
    with now.at(MONDAY):
        asked = ask(house, idea)
    with reading() as reader:
        assert [(c.id, c.due_at, c.accountable_id) for c in list_open("idea", idea.id)] == before
        assert reader.get_one(Idea, idea.id).handler_id == house.billing.head.id
        clock = find_governing(SUBJECT, asked.id)
        assert clock is not None
        assert clock.due_at == DUE
        assert clock.department_id == house.metering.department.id
        (notice,) = reader.scalars(select(Notice).where(Notice.kind == "part.asked"))
        assert (notice.person_id, notice.notice_class) == (house.metering.head.id, NoticeClass.OWED)
        assert "Billing needs a part of Metering" in notice.title
        assert notice.body == TASK
    assert seen_on(idea) == ["part_asked"]


def test_the_days_are_those_of_the_department_that_is_asked(house: House, idea: Idea) -> None:
    with writing():
        closed = [date(2026, 11, 4), date(2026, 11, 5)]
        calendar = make_calendar(key="metering", time_zone="UTC", holidays=closed)
        give_calendar(PROGRAM, house.metering.department.id, calendar)
    with now.at(MONDAY):
        asked = ask(house, idea)
    with reading():
        clock = find_governing(SUBJECT, asked.id)
        assert clock is not None
        assert clock.due_at == datetime(2026, 11, 11, 17, 0, tzinfo=UTC)


def test_what_the_department_signs_reaches_who_asked(
    house: House, idea: Idea, asked: Contribution
) -> None:
    settle(house.metering.deputy, asked)
    assert facts(asked) == (Outcome.GIVEN, DONE, house.metering.deputy.id)
    assert holder(asked) is None
    assert told(house.billing.head) == ["part.given"]
    assert seen_on(idea) == ["part_asked", "part_given"]
    with reading() as reader:
        actions = select(AuditRow.action).where(AuditRow.action.startswith("contribution."))
        assert list(reader.scalars(actions.order_by(AuditRow.seq))) == [
            "contribution.asked",
            "contribution.given",
        ]


def test_what_it_cannot_do_it_gives_back_with_why(
    house: House, idea: Idea, asked: Contribution
) -> None:
    settle(house.metering.head, asked, NO, is_done=False)
    assert facts(asked) == (Outcome.REFUSED, NO, house.metering.head.id)
    assert told(house.billing.head) == ["part.refused"]
    again = ask(house, idea, "Then say from when on you can.")
    assert again.id != asked.id, "it can be asked for something else"


def test_an_answer_sent_twice_is_one_and_another_one_is_told_so(
    house: House, asked: Contribution
) -> None:
    settle(house.metering.head, asked)
    settle(house.metering.head, asked)
    with pytest.raises(Conflict, match="settled already"):
        settle(house.metering.head, asked, NO, is_done=False)
    with pytest.raises(Conflict, match="settled already"):
        settle(house.metering.deputy, asked)
    assert facts(asked)[:2] == (Outcome.GIVEN, DONE)
    assert told(house.billing.head) == ["part.given"]


def test_a_form_sent_twice_asks_once(house: House, idea: Idea) -> None:
    first = ask(house, idea, nonce="one-form")
    assert ask(house, idea, nonce="one-form").id == first.id
    assert told(house.metering.head) == ["part.asked"]


@pytest.mark.parametrize(
    ("task", "field", "said"),
    [(" ", "task", "Write a sentence."), (TASK, "department", "is asked already")],
)
def test_what_cannot_be_asked_names_the_field(
    house: House, idea: Idea, asked: Contribution, task: str, field: str, said: str
) -> None:
    with pytest.raises(RuleBroken, match=said) as broken:
        ask(house, idea, task)
    assert broken.value.field == field
    assert told(house.metering.head) == ["part.asked"]


def test_nobody_asks_their_own_department_or_one_that_is_not_there(
    house: House, idea: Idea
) -> None:
    for department_id, said in (
        (house.billing.department.id, "Billing has the idea itself"),
        (10**9, "Choose a department"),
    ):
        with pytest.raises(RuleBroken, match=said), writing():
            ask_for_part(
                actor_of(house.billing.head),
                stored(idea),
                department_id=department_id,
                task=TASK,
            )


def test_only_who_answers_for_the_idea_asks_and_only_who_is_asked_answers(
    house: House, idea: Idea, asked: Contribution
) -> None:
    for person in (house.agent, house.colleague, house.metering.head):
        with pytest.raises(NotAllowed), writing():
            withdraw_part(actor_of(person), stored(idea), part(asked))
    for person in (house.agent, house.colleague, house.billing.head):
        with pytest.raises(NotAllowed):
            settle(person, asked)
    settle(house.board.head, asked, "Metering has said so to me.")
    assert facts(asked)[0] is Outcome.GIVEN, "who stands above may answer"


def test_an_author_neither_owes_nor_settles_a_part_of_their_own_idea(house: House) -> None:
    with writing():
        own = submit(house.metering.head, house.billing.reason)
    asked = ask(house, own)
    assert holder(asked) == house.metering.deputy.id
    with pytest.raises(NotAllowed):
        settle(house.metering.head, asked)


def test_a_department_without_head_and_deputy_is_answered_for_from_above(
    house: House, idea: Idea
) -> None:
    with writing():
        empty = make_department("Print room", parent=house.board.department)
    with writing():
        asked = ask_for_part(
            actor_of(house.billing.head), stored(idea), department_id=empty.id, task=TASK
        )
    assert holder(asked) == house.board.head.id
    with writing():
        alone = make_department("Outside")
    with pytest.raises(RuleBroken, match="Nobody is left") as broken, writing():
        ask_for_part(actor_of(house.billing.head), stored(idea), department_id=alone.id, task=TASK)
    assert broken.value.field == "department"


def test_it_waits_on_the_deputy_while_the_head_is_away_and_comes_back(
    house: House, asked: Contribution
) -> None:
    head, deputy = house.metering.head, house.metering.deputy
    with now.at(MONDAY + DAY):
        with writing():
            note_absence(
                actor_of(head),
                session().get_one(Person, head.id),
                from_on=date(2026, 11, 3),
                until_on=date(2026, 11, 4),
                zone=BERLIN,
            )
        run_ready_tasks()
        assert holder(asked) == deputy.id
        assert keep_parts() == 0, "nothing moves twice"
    with now.at(MONDAY + 3 * DAY):
        assert keep_parts() == 1
    assert holder(asked) == head.id
    assert told(head) == ["part.asked", "part.moved_on", "part.passed"]
    assert told(deputy) == ["part.passed", "part.moved_on"]
    with reading():
        clock = find_governing(SUBJECT, asked.id)
        assert clock is not None
        assert clock.due_at == DUE, "a change of hands resets nothing"


def test_it_passes_to_the_successor(house: House, asked: Contribution) -> None:
    with writing():
        new = make_person("New head", home=house.metering.department)
        department = session().get_one(Department, house.metering.department.id)
        appoint(PROGRAM, department, head=new, deputy=house.metering.deputy)
    run_ready_tasks()
    assert holder(asked) == new.id
    with writing():
        deactivate_person(PROGRAM, session().get_one(Person, new.id))
    run_ready_tasks()
    assert holder(asked) == house.metering.deputy.id


def test_it_climbs_as_every_clock_does_and_each_rung_is_told_once(
    house: House, asked: Contribution
) -> None:
    head, above, asker = house.metering.head, house.board.head, house.billing.head
    for days, climbed in ((4, 0), (5, 1), (7, 0), (8, 1), (14, 0), (16, 1), (30, 0)):
        with now.at(MONDAY + days * DAY):
            assert (days, sweep_parts()) == (days, climbed)
            assert sweep_parts() == 0
    assert told(head) == ["part.asked", "part.nudge", "part.over"]
    assert told(asker) == ["part.over_asker"]
    assert told(above) == ["part.twice"]


@pytest.mark.parametrize("how", ["decline", "withdraw", "transfer"])
def test_tasks_end_with_what_they_were_for(
    house: House, idea: Idea, asked: Contribution, how: str
) -> None:
    with writing():
        if how == "decline":
            decline(house, stored(idea))
        elif how == "withdraw":
            withdraw_idea(actor_of(house.agent), stored(idea), sentence="I was wrong.")
        else:
            transfer_idea(
                actor_of(house.billing.head),
                stored(idea),
                to=house.metering.department,
                reason="It is theirs.",
            )
    tell_what_is_held()
    assert facts(asked) == (Outcome.WITHDRAWN, None, None)
    assert holder(asked) is None
    assert told(house.metering.head)[-1] == "part.withdrawn"


def test_a_yes_ends_no_task(house: House, idea: Idea, asked: Contribution) -> None:
    with writing():
        accept_idea(actor_of(house.billing.head), stored(idea), sentence="Yes, we will do it.")
    tell_what_is_held()
    assert facts(asked)[0] is None
    settle(house.metering.head, asked)


def test_a_decision_that_is_undone_has_ended_nothing(
    house: House, idea: Idea, asked: Contribution
) -> None:
    head = actor_of(house.billing.head)
    with writing():
        found = stored(idea)
        sign_undoably(head, found, lambda: decline(house, found))
    assert facts(asked)[0] is None
    with writing():
        undo_decision(head, stored(idea))
    assert facts(asked)[0] is None
    assert told(house.metering.head) == ["part.asked"]


def test_joining_ends_tasks_and_parting_brings_them_back_with_the_time_they_had(
    house: House, idea: Idea, asked: Contribution
) -> None:
    head = actor_of(house.billing.head)
    with writing():
        other = submit(house.colleague, house.billing.reason, title="Another with the same")
    with now.at(MONDAY + DAY):
        with writing():
            merge_ideas(head, stored(idea), stored(other), sentence="They say the same.")
        tell_what_is_held()
    assert facts(asked) == (Outcome.WITHDRAWN, None, None)
    with now.at(MONDAY + 4 * DAY):
        with writing():
            unmerge_ideas(head, stored(idea))
        tell_what_is_held()
        assert facts(asked) == (None, None, None)
        with reading():
            clock = find_governing(SUBJECT, asked.id)
            assert clock is not None
            assert clock.due_at == DUE + 3 * DAY, "three days later, none of them lost"


def test_taking_back_twice_is_once_and_not_after_the_answer(
    house: House, idea: Idea, asked: Contribution
) -> None:
    head = actor_of(house.billing.head)
    for _time in range(2):
        with writing():
            withdraw_part(head, stored(idea), part(asked))
    assert told(house.metering.head) == ["part.asked", "part.withdrawn"]
    with pytest.raises(Conflict):
        settle(house.metering.head, asked)
    again = ask(house, idea)
    settle(house.metering.head, again)
    with pytest.raises(Conflict, match="settled already"), writing():
        withdraw_part(head, stored(idea), part(again))


def test_what_is_over_takes_no_new_task(house: House, idea: Idea) -> None:
    with writing():
        withdraw_idea(actor_of(house.agent), stored(idea), sentence="I was wrong.")
    with pytest.raises(Conflict, match="Nobody works on this idea any more"):
        ask(house, idea)


def test_two_who_ask_for_the_same_make_one_task(house: House, idea: Idea) -> None:
    first = ask(house, idea)
    with pytest.raises(RuleBroken, match="is asked already"), writing():
        ask_for_part(
            actor_of(house.billing.deputy),
            stored(idea),
            department_id=house.metering.department.id,
            task="Another task for the same department.",
        )
    with reading() as reader:
        assert list(reader.scalars(select(Contribution.id))) == [first.id]
