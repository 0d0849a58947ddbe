"""While somebody is away, and after they have gone, everything waits on somebody who is there."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from portal import now
from portal.actor import PROGRAM
from portal.clocks.models import Clock, ClockKind
from portal.clocks.queries import find_due, find_governing, list_open
from portal.database import reading, session, writing
from portal.errors import Conflict, NotAllowed, NotFound, RuleBroken
from portal.ideas.models import Idea, IdeaMark, MarkKind
from portal.jobs.services import run_ready_tasks
from portal.notifications.models import Notice, NoticeClass
from portal.people.absences import call_off, list_absences, note_absence
from portal.people.models import Department, Person
from portal.people.services import appoint, deactivate_person
from portal.routing.services import transfer_idea
from portal.triage.appealing import appeal
from portal.triage.services import accept_idea, answer_question, ask_author, decline_idea
from portal.triage.standing_in import find_standing, settle_all
from portal.triage.sweeping import sweep
from portal.triage.trying import try_out
from tests.factories.people import actor_of, make_person
from tests.factories.triage import House, submit
from tests.support.client import Client

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
WORDS = "A sentence that is long enough to be signed."


def stored(person: Person) -> Person:
    """The person as this unit reads them."""
    return session().get_one(Person, person.id)


def be_away(person: Person, first: date, last: date, moment: datetime = MONDAY) -> None:
    """Somebody notes when they are away, and the worker does what follows."""
    with now.at(moment):
        with writing():
            note_absence(
                actor_of(person), stored(person), from_on=first, until_on=last, zone=BERLIN
            )
        run_ready_tasks()


def in_triage(house: House, moment: datetime = MONDAY) -> Idea:
    """An idea of the agent that reached billing."""
    with now.at(moment), writing():
        return submit(house.agent, house.billing.reason)


def settle_at(moment: datetime) -> int:
    """The clockwork's round at a moment."""
    with now.at(moment):
        return settle_all()


def holder_of(idea: Idea) -> tuple[int | None, int]:
    """Whom it waits on, and who owes the governing clock."""
    with reading() as reader:
        clock = find_governing("idea", idea.id)
        assert clock is not None
        return reader.get_one(Idea, idea.id).handler_id, clock.accountable_id


def told(person: Person) -> list[str]:
    """What somebody was told of absences and chairs."""
    with reading() as reader:
        found = select(Notice.kind).where(
            Notice.person_id == person.id,
            Notice.kind.startswith("stand.") | Notice.kind.startswith("chair."),
        )
        return list(reader.scalars(found.order_by(Notice.id)))


def kinds_of(idea: Idea) -> list[MarkKind]:
    """The marks on an idea."""
    with reading() as reader:
        found = select(IdeaMark.kind).where(IdeaMark.idea_id == idea.id).order_by(IdeaMark.id)
        return list(reader.scalars(found))


def test_what_waits_on_a_head_waits_on_the_deputy_meanwhile_and_comes_back(house: House) -> None:
    ideas = [in_triage(house), in_triage(house)]
    head, deputy = house.billing.head, house.billing.deputy
    with reading():
        due = find_due("idea", ideas[0].id, ClockKind.DECIDE)
    be_away(head, date(2026, 11, 4), date(2026, 11, 6))
    assert holder_of(ideas[0]) == (head.id, head.id)  # not yet
    assert settle_at(datetime(2026, 11, 3, 23, 30, tzinfo=UTC)) == 2  # midnight in Berlin
    assert settle_at(datetime(2026, 11, 4, 12, tzinfo=UTC)) == 0
    for idea in ideas:
        assert holder_of(idea) == (deputy.id, deputy.id)
        with reading():
            assert {clock.accountable_id for clock in list_open("idea", idea.id)} == {deputy.id}
            assert find_due("idea", idea.id, ClockKind.DECIDE) == due
    assert told(deputy) == ["stand.began"]
    with reading() as reader:
        notice = reader.scalars(select(Notice).where(Notice.kind == "stand.began")).one()
        assert (
            notice.title
            == ("You stand in for Head of Billing until Fri, 6 Nov 2026. Waiting on you now: 2.")
            or "until" in notice.title
        )
        assert notice.notice_class is NoticeClass.OWED
    assert settle_at(datetime(2026, 11, 6, 22, 30, tzinfo=UTC)) == 0
    assert settle_at(datetime(2026, 11, 6, 23, 30, tzinfo=UTC)) == 2
    assert holder_of(ideas[1]) == (head.id, head.id)
    assert told(head) == ["stand.back"]
    assert told(deputy) == ["stand.began", "stand.ended"]
    assert kinds_of(ideas[0]) == [MarkKind.STOOD_IN, MarkKind.CAME_BACK]


def test_what_arrives_while_the_head_is_away_reaches_the_deputy_at_once(house: House) -> None:
    be_away(house.billing.head, date(2026, 11, 2), date(2026, 11, 20))
    idea = in_triage(house)
    deputy = house.billing.deputy
    assert holder_of(idea) == (deputy.id, deputy.id)
    with reading() as reader:
        heard = reader.scalars(select(Notice.person_id).where(Notice.kind == "handler.receive"))
        assert list(heard) == [deputy.id]
    assert settle_at(datetime(2026, 11, 21, 9, tzinfo=UTC)) == 1
    assert holder_of(idea) == (house.billing.head.id, house.billing.head.id)


def test_the_deputy_decides_and_what_follows_waits_on_the_head_again(house: House) -> None:
    be_away(house.billing.head, date(2026, 11, 2), date(2026, 11, 4))
    idea = in_triage(house)
    with now.at(MONDAY), writing():
        accept_idea(
            actor_of(house.billing.deputy), session().get_one(Idea, idea.id), sentence="Yes."
        )
    assert holder_of(idea) == (house.billing.deputy.id, house.billing.deputy.id)
    settle_at(MONDAY + 4 * DAY)
    assert holder_of(idea) == (house.billing.head.id, house.billing.head.id)


def test_an_answer_that_comes_meanwhile_reaches_the_deputy(house: House) -> None:
    idea = in_triage(house)
    with now.at(MONDAY), writing():
        ask_author(
            actor_of(house.billing.head), session().get_one(Idea, idea.id), question="Which letter?"
        )
    be_away(house.billing.head, date(2026, 11, 2), date(2026, 11, 20))
    assert holder_of(idea) == (house.agent.id, house.billing.deputy.id)
    with now.at(MONDAY + 3 * DAY), writing():
        answer_question(
            actor_of(house.agent), session().get_one(Idea, idea.id), answer="The yearly one."
        )
    assert holder_of(idea) == (house.billing.deputy.id, house.billing.deputy.id)


def test_when_both_are_away_it_goes_to_whoever_stands_above(house: House) -> None:
    idea = in_triage(house)
    be_away(house.billing.deputy, date(2026, 11, 2), date(2026, 11, 10))
    be_away(house.billing.head, date(2026, 11, 2), date(2026, 11, 20))
    assert holder_of(idea)[0] == house.board.head.id
    assert settle_at(datetime(2026, 11, 12, 9, tzinfo=UTC)) == 0  # no second change of hands
    assert settle_at(datetime(2026, 11, 21, 9, tzinfo=UTC)) == 1
    assert holder_of(idea)[0] == house.billing.head.id


def test_a_stand_in_who_goes_away_too_is_relieved(house: House) -> None:
    idea = in_triage(house)
    be_away(house.billing.head, date(2026, 11, 2), date(2026, 11, 20))
    assert holder_of(idea)[0] == house.billing.deputy.id
    be_away(house.billing.deputy, date(2026, 11, 2), date(2026, 11, 6))
    assert holder_of(idea)[0] == house.board.head.id
    with reading():
        standing = find_standing(idea.id)
        assert standing is not None
        assert (standing.absent_id, standing.until_on) == (
            house.billing.head.id,
            date(2026, 11, 20),
        )


def test_where_nobody_is_left_it_stays_where_it_is(house: House) -> None:
    idea = in_triage(house)
    for desk in (house.board, house.billing):
        for person in (desk.deputy, desk.head):
            be_away(person, date(2026, 11, 2), date(2026, 11, 6))
    handler, accountable = holder_of(idea)
    assert handler == accountable is not None


def test_nobody_stands_in_on_an_idea_of_their_own_or_an_appeal_against_themselves(
    house: House,
) -> None:
    with now.at(MONDAY), writing():
        own = submit(house.billing.deputy, house.billing.reason)
    idea = in_triage(house)
    with now.at(MONDAY), writing():
        decline_idea(
            actor_of(house.board.deputy),
            session().get_one(Idea, idea.id),
            reason_code="cost",
            sentence=WORDS,
            would_change=WORDS,
        )
        appeal(actor_of(house.agent), session().get_one(Idea, idea.id), reason=WORDS)
    assert holder_of(idea)[0] == house.board.head.id
    be_away(house.billing.head, date(2026, 11, 2), date(2026, 11, 6))
    be_away(house.board.head, date(2026, 11, 2), date(2026, 11, 6))
    assert holder_of(own)[0] not in {house.billing.deputy.id, house.billing.head.id}
    assert holder_of(idea)[0] == house.board.head.id  # the other one signed what is appealed


def test_a_hand_over_ends_the_standing_in(house: House) -> None:
    be_away(house.billing.head, date(2026, 11, 2), date(2026, 11, 6))
    idea = in_triage(house)
    with now.at(MONDAY), writing():
        transfer_idea(
            actor_of(house.billing.deputy),
            session().get_one(Idea, idea.id),
            to=session().get_one(Department, house.metering.department.id),
            reason=WORDS,
        )
    assert holder_of(idea)[0] == house.metering.head.id
    assert settle_at(MONDAY + 10 * DAY) == 0
    assert holder_of(idea)[0] == house.metering.head.id


def test_a_veto_is_watched_by_whoever_is_there(house: House) -> None:
    idea = in_triage(house)
    with now.at(MONDAY), writing():
        try_out(
            actor_of(house.agent),
            session().get_one(Idea, idea.id),
            plan=WORDS,
            undo=WORDS,
            days=5,
            money_minor=0,
            is_harmless=True,
        )
    be_away(house.billing.head, date(2026, 11, 2), date(2026, 11, 6))
    with reading():
        held = {clock.kind: clock.accountable_id for clock in list_open("idea", idea.id)}
    assert held == {ClockKind.TEST: house.agent.id, ClockKind.VETO: house.billing.deputy.id}


def test_an_absence_that_is_called_off_brings_everything_back_at_once(house: House) -> None:
    idea = in_triage(house)
    be_away(house.billing.head, date(2026, 11, 2), date(2026, 11, 20))
    with now.at(MONDAY + DAY):
        with writing():
            (absence,) = list_absences(house.billing.head.id)
            call_off(actor_of(house.billing.head), stored(house.billing.head), absence.id)
        run_ready_tasks()
    assert holder_of(idea)[0] == house.billing.head.id
    with pytest.raises(Conflict), now.at(MONDAY + DAY), writing():
        call_off(actor_of(house.billing.head), stored(house.billing.head), absence.id)


def test_a_late_clock_is_told_to_whoever_is_there(house: House) -> None:
    with now.at(MONDAY), writing():
        submit(house.agent, house.billing.reason)
    be_away(house.billing.head, date(2026, 11, 2), date(2026, 12, 20))
    with now.at(MONDAY + 16 * DAY):
        sweep()
    with reading() as reader:
        over = reader.scalars(select(Notice.person_id).where(Notice.kind == "clock.over"))
        assert list(over) == [house.billing.deputy.id]


def test_a_question_waits_without_the_days_on_which_its_author_is_away(house: House) -> None:
    be_away(house.agent, date(2026, 11, 9), date(2026, 11, 13))
    idea = in_triage(house)
    with now.at(MONDAY), writing():
        ask_author(
            actor_of(house.billing.head), session().get_one(Idea, idea.id), question="Which letter?"
        )

    def due() -> date:
        with reading() as reader:
            found = find_due("idea", idea.id, ClockKind.ANSWER)
            assert found is not None
            assert reader.get_one(Idea, idea.id).due_at == found
            return found.date()

    assert due() == date(2026, 11, 23)  # ten days, and five away
    be_away(house.agent, date(2026, 11, 16), date(2026, 11, 16))
    assert due() == date(2026, 11, 24)
    with now.at(MONDAY), writing():
        (first, _second) = list_absences(house.agent.id)
        call_off(actor_of(house.agent), stored(house.agent), first.id)
    assert due() == date(2026, 11, 17)


def replace_head(house: House, head: Person | None) -> None:
    """Another head for billing; the deputy stays."""
    with now.at(MONDAY), writing():
        appoint(
            PROGRAM,
            session().get_one(Department, house.billing.department.id),
            head=head and stored(head),
            deputy=stored(house.billing.deputy),
        )


def test_what_waited_on_the_old_head_waits_on_the_new_one_and_both_hear_it(house: House) -> None:
    decided, open_one = in_triage(house), in_triage(house)
    with now.at(MONDAY), writing():
        accept_idea(
            actor_of(house.billing.head), session().get_one(Idea, decided.id), sentence="Yes."
        )
        newcomer = make_person("New Head")
    replace_head(house, newcomer)
    for idea in (decided, open_one):
        assert holder_of(idea) == (newcomer.id, newcomer.id)
        assert kinds_of(idea) == [MarkKind.PASSED]
    assert told(newcomer) == ["chair.received"]
    assert told(house.billing.head) == ["chair.given"]
    replace_head(house, newcomer)
    assert told(newcomer) == ["chair.received"]


def test_without_a_new_head_the_deputy_has_it_and_then_whoever_stands_above(house: House) -> None:
    idea = in_triage(house)
    replace_head(house, None)
    assert holder_of(idea)[0] == house.billing.deputy.id
    with now.at(MONDAY), writing():
        appoint(
            PROGRAM,
            session().get_one(Department, house.billing.department.id),
            head=None,
            deputy=None,
        )
    assert holder_of(idea) == (house.board.head.id, house.board.head.id)


def test_a_new_head_who_is_away_is_stood_in_for(house: House) -> None:
    idea = in_triage(house)
    with now.at(MONDAY), writing():
        newcomer = make_person("New Head")
    be_away(newcomer, date(2026, 11, 2), date(2026, 11, 6))
    replace_head(house, newcomer)
    assert holder_of(idea)[0] == house.billing.deputy.id
    settle_at(MONDAY + 6 * DAY)
    assert holder_of(idea)[0] == newcomer.id


def test_what_somebody_stands_in_for_goes_to_the_successor_of_who_is_away(house: House) -> None:
    idea = in_triage(house)
    be_away(house.billing.head, date(2026, 11, 2), date(2026, 11, 20))
    with now.at(MONDAY), writing():
        newcomer = make_person("New Head")
    replace_head(house, newcomer)
    assert holder_of(idea)[0] == newcomer.id
    assert settle_at(MONDAY + 30 * DAY) == 0


def test_who_leaves_altogether_leaves_nothing_that_waits_on_them(house: House) -> None:
    idea = in_triage(house)
    with now.at(MONDAY), writing():
        deactivate_person(PROGRAM, stored(house.billing.head))
    assert holder_of(idea) == (house.billing.deputy.id, house.billing.deputy.id)
    with reading() as reader:
        held = reader.scalars(select(Clock.accountable_id).where(Clock.stopped_at.is_(None)))
        assert house.billing.head.id not in set(held)


def test_who_may_note_an_absence(house: House) -> None:
    with writing():
        member = make_person("Member", home=stored_department(house))
    day = now.today() + 3 * DAY
    for person in (house.agent, house.metering.head):
        with pytest.raises(NotAllowed), writing():
            note_absence(actor_of(person), stored(member), from_on=day, until_on=day, zone=BERLIN)
    with writing():
        first = note_absence(
            actor_of(house.billing.head), stored(member), from_on=day, until_on=day, zone=BERLIN
        )
        again = note_absence(
            actor_of(member), stored(member), from_on=day, until_on=day, zone=BERLIN
        )
        assert first.id == again.id
    with pytest.raises(NotFound), writing():
        call_off(actor_of(house.agent), stored(house.agent), first.id)


def stored_department(house: House) -> Department:
    """Billing as this unit reads it."""
    return session().get_one(Department, house.billing.department.id)


def test_days_that_make_no_sense_are_refused_at_their_field(house: House) -> None:
    day = now.today()
    wrong = [
        (day + 3 * DAY, day + 2 * DAY, "until_on"),
        (day - 9 * DAY, day - 3 * DAY, "until_on"),
        (day, day + 900 * DAY, "until_on"),
        (day + 4 * DAY, day + 8 * DAY, "from_on"),
    ]
    with writing():
        note_absence(
            actor_of(house.agent),
            stored(house.agent),
            from_on=day + 5 * DAY,
            until_on=day + 6 * DAY,
            zone=BERLIN,
        )
    for first, last, field in wrong:
        with pytest.raises(RuleBroken) as refused, writing():
            note_absence(
                actor_of(house.agent),
                stored(house.agent),
                from_on=first,
                until_on=last,
                zone=BERLIN,
            )
        assert refused.value.field == field


def test_the_pages_note_and_call_off_and_say_who_stands_in_for_whom(
    house: House, client: Client
) -> None:
    with writing():
        idea = submit(house.agent, house.billing.reason)
    day = now.today()
    client.sign_in(house.billing.head)
    assert "No absence is noted" in client.get("/me/absences").text
    wrong = client.post("/me/absences", {"from_on": str(day), "until_on": str(day - DAY)})
    assert wrong.status_code == 422
    assert "It ends before it begins." in wrong.text
    days = {"from_on": str(day - DAY), "until_on": str(day + 4 * DAY)}
    assert client.post("/me/absences", days).status_code == 303
    run_ready_tasks()
    shown = client.get(f"/ideas/I-{idea.number}").text
    assert "for Head of Billing, who is away" in shown
    assert "it waits on Deputy of Billing" in shown
    client.sign_in(house.billing.deputy)
    assert "for Head of Billing until" in client.get(f"/triage/I-{idea.number}").text
    people = client.get("/people").text
    assert f"/people/{house.billing.head.id}/absences" in people
    assert f"/people/{house.agent.id}/absences" not in people
    listed = client.get(f"/people/{house.billing.head.id}/absences")
    assert "away now" in listed.text
    with reading():
        (absence,) = list_absences(house.billing.head.id)
    address = f"/people/{house.billing.head.id}/absences/{absence.id}/end"
    assert client.post(address).status_code == 303
    run_ready_tasks()
    assert holder_of(idea)[0] == house.billing.head.id
    client.sign_in(house.agent)
    assert client.get(f"/people/{house.billing.head.id}/absences").status_code == 404
