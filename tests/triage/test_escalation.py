"""What stands open too long goes up the ladder, once each; an author may push it up once more."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from portal import now
from portal.actor import PROGRAM
from portal.audit.models import AuditRow
from portal.clocks.queries import find_governing
from portal.clocks.services import pause_clock, resume_clock
from portal.database import Database, reading, session, writing
from portal.errors import Conflict, NotAllowed
from portal.ideas.models import Idea, IdeaMark, MarkKind
from portal.ideas.queries import get_timeline
from portal.notifications.models import Notice, NoticeClass
from portal.people.models import Person
from portal.people.services import appoint, deactivate_person
from portal.routing.chairs import load_chairs
from portal.triage.raising import escalate
from portal.triage.services import accept_idea, ask_author
from portal.triage.sweeping import count_overdue, sweep
from tests.factories.people import actor_of, make_department, make_person
from tests.factories.triage import House, submit
from tests.support.client import Client
from tests.support.statements import counting
from tests.triage.crowd import make_crowd

MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
DUE = datetime(2026, 11, 16, 16, 0, tzinfo=UTC)
"""Ten business days later, at five in Berlin."""
DAY = timedelta(days=1)


def in_triage(house: House) -> Idea:
    """An idea of the agent that reached billing on Monday."""
    with now.at(MONDAY), writing():
        return submit(house.agent, house.billing.reason)


def kinds_of(person_id: int) -> list[str]:
    """What a person was told of clocks, in order."""
    with reading() as reader:
        found = reader.scalars(
            select(Notice.kind)
            .where(Notice.person_id == person_id, Notice.kind.startswith("clock."))
            .order_by(Notice.id)
        )
        return list(found)


def marks_of(idea: Idea) -> list[tuple[MarkKind, int | None]]:
    """The marks on an idea, in order."""
    with reading() as reader:
        rows = reader.execute(
            select(IdeaMark.kind, IdeaMark.person_id)
            .where(IdeaMark.idea_id == idea.id)
            .order_by(IdeaMark.id)
        )
        return [(row.kind, row.person_id) for row in rows]


def sweep_at(moment: datetime) -> int:
    """The worker's sweep at a moment."""
    with now.at(moment):
        return sweep()


def test_the_handler_is_nudged_the_head_told_and_the_superior_after_twice_the_time(
    house: House,
) -> None:
    idea = in_triage(house)
    head, top = house.billing.head.id, house.board.head.id
    assert sweep_at(MONDAY + 7 * DAY) == 0
    assert sweep_at(MONDAY + 11 * DAY) == 1
    assert kinds_of(head) == ["clock.nudge"]
    assert kinds_of(house.agent.id) == []
    assert sweep_at(DUE + timedelta(minutes=1)) == 1
    assert kinds_of(head) == ["clock.nudge", "clock.over"]
    assert kinds_of(house.agent.id) == ["clock.over_author"]
    assert kinds_of(top) == []
    assert sweep_at(DUE + 15 * DAY) == 1
    assert kinds_of(top) == ["clock.twice"]
    assert marks_of(idea) == [(MarkKind.OVER, head), (MarkKind.TWICE, top)]
    with reading():
        clock = find_governing("idea", idea.id)
        assert clock is not None
        assert (clock.accountable_id, clock.due_at) == (head, DUE)  # nothing changed hands


def test_a_step_is_told_once_however_often_the_worker_sweeps(house: House) -> None:
    in_triage(house)
    for hours in range(0, 24 * 40, 17):
        sweep_at(MONDAY + timedelta(hours=hours))
    assert kinds_of(house.billing.head.id) == ["clock.nudge", "clock.over"]
    assert kinds_of(house.board.head.id) == ["clock.twice"]
    assert kinds_of(house.agent.id) == ["clock.over_author"]


def test_after_a_long_outage_everybody_above_is_told_and_no_nudge_comes_too_late(
    house: House,
) -> None:
    idea = in_triage(house)
    assert sweep_at(MONDAY + 60 * DAY) == 1
    assert kinds_of(house.billing.head.id) == ["clock.over"]
    assert kinds_of(house.board.head.id) == ["clock.twice"]
    assert [kind for kind, _who in marks_of(idea)] == [MarkKind.OVER, MarkKind.TWICE]


def test_a_sweep_that_is_broken_off_tells_everything_the_next_time(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    idea = in_triage(house)
    with monkeypatch.context() as broken:
        broken.setattr("portal.triage.sweeping.publish", lambda _event: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            sweep_at(DUE + DAY)
    assert marks_of(idea) == []
    assert sweep_at(DUE + DAY) == 1
    assert kinds_of(house.billing.head.id) == ["clock.over"]


def test_the_head_hears_what_is_late_with_somebody_of_theirs(house: House) -> None:
    with now.at(MONDAY), writing():
        idea = submit(house.billing.head, house.billing.reason)
    assert sweep_at(DUE + DAY) == 1
    assert kinds_of(house.billing.deputy.id) == ["clock.over"]
    assert kinds_of(house.billing.head.id) == ["clock.over_author"]
    assert marks_of(idea) == [(MarkKind.OVER, house.billing.deputy.id)]


def test_the_promise_that_a_yes_owes_climbs_too(house: House) -> None:
    idea = in_triage(house)
    with now.at(MONDAY), writing():
        accept_idea(
            actor_of(house.billing.head), session().get_one(Idea, idea.id), sentence="Yes, do it."
        )
    sweep_at(MONDAY + 30 * DAY)
    assert kinds_of(house.billing.head.id) == ["clock.over"]


def test_what_waits_on_its_author_does_not_climb_and_goes_on_where_it_stood(house: House) -> None:
    idea = in_triage(house)
    with now.at(MONDAY + DAY), writing():
        ask_author(
            actor_of(house.billing.head), session().get_one(Idea, idea.id), question="Which letter?"
        )
    assert sweep_at(MONDAY + 40 * DAY) == 0
    with now.at(MONDAY + 40 * DAY), writing():
        pause_clock("idea", idea.id)
        resume_clock("idea", idea.id)
        clock = find_governing("idea", idea.id)
        assert clock is not None
        assert clock.next_at is not None
        assert clock.next_at < clock.due_at


def test_a_department_without_anybody_is_answered_for_by_whoever_exists_above(
    house: House,
) -> None:
    with now.at(MONDAY), writing():
        empty = make_department("Meter readers", parent=house.metering.department)
        idea = submit(house.agent, house.metering.reason)
        idea.owner_department_id = empty.id
        clock = find_governing("idea", idea.id)
        assert clock is not None
        clock.department_id = empty.id
        chairs = load_chairs()
        assert chairs.find(empty.id) == house.metering.head.id
        assert chairs.find_superior(empty.id) == house.board.head.id
    sweep_at(DUE + 30 * DAY)
    assert marks_of(idea) == [
        (MarkKind.OVER, house.metering.head.id),
        (MarkKind.TWICE, house.board.head.id),
    ]


def test_where_nobody_is_left_above_the_named_executive_hears(house: House) -> None:
    with now.at(MONDAY), writing():
        lonely = make_department("Outside")
        appoint(PROGRAM, lonely, head=make_person("Only head"), deputy=None)
        session().flush()
        chairs = load_chairs()
        assert chairs.find_superior(lonely.id) == house.board.head.id
        assert chairs.find_superior(house.board.department.id) == house.board.deputy.id
        deactivate_person(PROGRAM, session().get_one(Person, house.board.deputy.id))
        session().flush()
        assert load_chairs().find_superior(house.board.department.id) is None
        assert load_chairs().find(make_department("Empty").id) is None


def test_a_department_without_anybody_at_all_is_told_of_to_the_named_executive(
    house: House,
) -> None:
    idea = in_triage(house)
    with now.at(MONDAY), writing():
        nobody = make_department("Nobody's")
        clock = find_governing("idea", idea.id)
        assert clock is not None
        clock.department_id = nobody.id
    sweep_at(DUE + DAY)
    assert marks_of(idea) == [(MarkKind.OVER, house.board.head.id)]


def test_the_executive_gets_one_count_a_week(house: House) -> None:
    for _ in range(2):
        in_triage(house)
    with now.at(MONDAY + DAY):
        count_overdue()
    assert kinds_of(house.board.head.id) == []
    sweep_at(DUE + DAY)
    for hour in (1, 2, 3):
        with now.at(DUE + DAY + timedelta(hours=hour)):
            count_overdue()
    with now.at(DUE + 8 * DAY):
        count_overdue()
    assert kinds_of(house.board.head.id) == ["clock.week"] * 2
    with reading() as reader:
        told = reader.scalars(select(Notice).where(Notice.kind == "clock.week")).first()
        assert told is not None
        assert told.title == "Over their time this week: 2 ideas, 0 of them by twice."
        assert told.body == "Billing: 2"
        assert told.notice_class is NoticeClass.INFORMATION


def push(house: House, idea: Idea, moment: datetime, reason: str = "Customers call daily.") -> None:
    """The author's own escalation."""
    with now.at(moment), writing():
        escalate(actor_of(house.agent), session().get_one(Idea, idea.id), reason=reason)


def test_an_author_escalates_once_and_the_superior_hears_it(house: House) -> None:
    idea = in_triage(house)
    push(house, idea, DUE + DAY)
    push(house, idea, DUE + DAY)  # a double click
    assert marks_of(idea) == [(MarkKind.RAISED, house.board.head.id)]
    assert kinds_of(house.board.head.id) == ["clock.raised"]
    assert kinds_of(house.billing.head.id) == ["clock.raised_holder"]
    with reading() as reader:
        told = reader.scalars(select(Notice).where(Notice.kind == "clock.raised")).one()
        assert told.notice_class is NoticeClass.OWED
        assert told.body == "Customers call daily."
        rows = reader.scalars(select(AuditRow).where(AuditRow.action == "idea.escalated")).all()
        assert [row.actor_id for row in rows] == [house.agent.id]
        assert get_timeline(idea.id)[0].what is MarkKind.RAISED
    with pytest.raises(Conflict, match="once already, to Head of Board on 17 Nov 2026"):
        push(house, idea, DUE + 9 * DAY, reason="Still nothing.")


def test_there_is_nothing_to_escalate_before_the_time_is_over(house: House) -> None:
    idea = in_triage(house)
    with pytest.raises(Conflict, match="not over"):
        push(house, idea, DUE - DAY)
    with now.at(DUE - DAY), writing():
        ask_author(
            actor_of(house.billing.head), session().get_one(Idea, idea.id), question="Which letter?"
        )
    with pytest.raises(Conflict, match="not over"):
        push(house, idea, DUE + DAY)


def test_only_an_author_escalates(house: House) -> None:
    idea = in_triage(house)
    with pytest.raises(NotAllowed), now.at(DUE + DAY), writing():
        escalate(actor_of(house.colleague), session().get_one(Idea, idea.id))


def test_the_page_offers_it_when_the_time_is_over_and_says_to_whom_it_went(
    house: House, client: Client
) -> None:
    with now.at(now.now() - 30 * DAY), writing():
        idea = submit(house.agent, house.billing.reason)
    address = f"/ideas/I-{idea.number}/escalate"
    client.sign_in(house.colleague)
    assert address not in client.get(f"/ideas/I-{idea.number}").text
    assert client.get(address).status_code == 404
    client.sign_in(house.agent)
    assert address in client.get(f"/ideas/I-{idea.number}").text
    sent = client.post(address, {"reason": "Nobody has said a word."})
    assert sent.status_code == 303
    shown = client.get(f"/ideas/I-{idea.number}").text
    assert address not in shown
    assert "escalated to Head of Board on" in shown
    assert "Amina Yusuf escalated it to Head of Board" in shown
    again = client.post(address, {"reason": "Again."})
    assert again.status_code == 409
    assert "It goes up only once." in again.text


def test_a_page_says_nothing_of_an_escalation_that_has_been_answered(
    house: House, client: Client
) -> None:
    with now.at(now.now() - 17 * DAY), writing():
        idea = submit(house.agent, house.billing.reason)
    sweep_at(now.now())
    client.sign_in(house.agent)
    assert "escalated to Head of Billing" in client.get(f"/ideas/I-{idea.number}").text
    with writing():
        accept_idea(
            actor_of(house.billing.head), session().get_one(Idea, idea.id), sentence="Yes, do it."
        )
    assert "escalated to" not in client.get(f"/ideas/I-{idea.number}").text.split("timeline")[0]


def test_a_sweep_asks_as_much_of_many_clocks_as_of_few_and_a_second_one_writes_nothing(
    house: House, database: Database
) -> None:
    counts = []
    for size in (5, 120):
        with now.at(MONDAY), writing():
            make_crowd(house, size, late=size - 2)
        with counting(database) as seen:
            assert sweep_at(DUE + DAY) == size - 2
        counts.append(len(seen))
        with counting(database) as seen:
            assert sweep_at(DUE + DAY) == 0
        assert [one for one in seen if not one.startswith("BEGIN")] == [seen[-1]]
        assert seen[-1].startswith("SELECT")
    assert counts[0] == counts[1]
    with reading() as reader:
        told = reader.scalar(select(func.count()).where(Notice.kind == "clock.over"))
        assert told == 3 + 118
