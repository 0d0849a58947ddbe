"""Joining ideas that say the same, and taking them apart again as if nothing had been."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from portal import now
from portal.audit.models import AuditRow
from portal.clocks.models import Clock
from portal.clocks.queries import list_open
from portal.database import Base, Database, reading, release, session, writing
from portal.errors import Conflict, NotAllowed, RuleBroken
from portal.ideas.lifecycle import Move, State
from portal.ideas.models import Idea, IdeaAuthor, Support
from portal.ideas.queries import get_timeline
from portal.ideas.services import add_comment, support_idea, unsupport, withdraw_idea
from portal.ideas.shares import combine_shares
from portal.people.models import Person
from portal.rewards.models import Account, Posting
from portal.routing.queries import find_open_transfer
from portal.routing.services import transfer_idea
from portal.triage import merging
from portal.triage.appealing import appeal
from portal.triage.merges import find_joined_into, list_joined
from portal.triage.models import Decision, DecisionKind, Merge
from portal.triage.services import accept_idea, answer_question, ask_author, decline_idea
from tests.factories.people import actor_of, make_person
from tests.factories.triage import House, submit

MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
WORDS = "Both want the reading marked as a guess, so we answer them together."
REASON = "Mine is about the paper bill, the other one about the app."
STORY = {"audit_rows", "audit_head", "audit_asides", "idea_moves", "decisions", "merges"}
TOLD = {"notices", "deliveries", "outbox_tasks", "rate_counts", "postings", "accounts"}
"""What tells of the past, and what was sent or paid because of it."""
COUNTED = {"ideas": {"version", "moved_at"}}


def hand_in(author: Person, house: House, title: str = "Say that it was estimated") -> Idea:
    """An idea on the desk of billing, since Monday."""
    with now.at(MONDAY), writing():
        return submit(author, house.billing.reason, title=title)


def load(*ideas: Idea) -> list[Idea]:
    """The ideas as this unit reads them."""
    return [session().get_one(Idea, one.id) for one in ideas]


def join(house: House, idea: Idea, into: Idea, at: datetime = MONDAY + HOUR, **more: Any) -> None:
    """The head of billing joins one to the other."""
    with now.at(at), writing():
        one, other = load(idea, into)
        merging.merge_ideas(actor_of(house.billing.head), one, other, sentence=WORDS, **more)


def part(house: House, idea: Idea, at: datetime = MONDAY + 30 * HOUR) -> None:
    """The head of billing takes it out again."""
    with now.at(at), writing():
        merging.unmerge_ideas(actor_of(house.billing.head), *load(idea))


def meet(person: Person, idea: Idea, example: str | None = None) -> None:
    """Somebody meets the same."""
    with now.at(MONDAY), writing():
        (one,) = load(idea)
        support_idea(actor_of(person), one, occurred_on=date(2026, 11, 1), example=example)


def shares_of(idea: Idea) -> dict[int, int]:
    """Who has how much of an idea."""
    with reading():
        rows = session().scalars(select(IdeaAuthor).where(IdeaAuthor.idea_id == idea.id))
        return {row.person_id: row.share_percent for row in rows}


def supporters_of(idea: Idea) -> set[int]:
    """Who meets the same; the count agrees."""
    with reading():
        found = session().scalars(select(Support.person_id).where(Support.idea_id == idea.id))
        people = list(found)
        assert session().get_one(Idea, idea.id).support_count == len(people)
        return set(people)


def everything(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, but for what tells of the past."""
    release()
    found = {}
    with database.writer.connect() as connection:
        for table in Base.metadata.sorted_tables:
            if table.name in STORY | TOLD:
                continue
            columns = [one for one in table.c if one.name not in COUNTED.get(table.name, set())]
            rows = connection.execute(select(*columns)).all()
            found[table.name] = sorted((tuple(row) for row in rows), key=repr)
    return found


def test_the_authors_of_both_are_originators_of_what_goes_on(house: House) -> None:
    idea, into = hand_in(house.colleague, house), hand_in(house.agent, house)
    join(house, idea, into)
    assert shares_of(into) == {house.agent.id: 50, house.colleague.id: 50}
    assert shares_of(idea) == {house.colleague.id: 100}
    with reading():
        one, other = load(idea, into)
        assert (one.state, one.handler_id, one.due_at) == (State.MERGED, None, None)
        assert list_open("idea", one.id) == []
        assert other.state is State.TRIAGE
        latest = get_timeline(one.id)[0]
        assert (latest.what, latest.sentence) == (Move.MERGE, WORDS)
        joined_into = find_joined_into(one.id)
        assert joined_into is not None
        assert (joined_into.number, joined_into.sentence) == (into.number, WORDS)
        assert [row.number for row in list_joined(into.id)] == [idea.number]
        actions = session().scalars(select(AuditRow.action).where(AuditRow.object_id == into.id))
        assert "idea.joined" in set(actions)


@pytest.mark.parametrize(
    ("parts", "shares"),
    [
        ([[(1, 100)], [(2, 100)]], [50, 50]),
        ([[(1, 100)], [(2, 100)], [(3, 100)]], [34, 33, 33]),
        ([[(1, 60), (2, 40)], [(2, 100)]], [70, 30]),
        ([[(n, 10) for n in range(10)], [(3, 100)]], [55, *[5] * 9]),
        ([[(1, 99), (2, 1)], [(1, 100)], [(1, 100)]], [99, 1]),
    ],
)
def test_every_idea_counts_the_same_in_the_shares(
    parts: list[list[tuple[int, int]]], shares: list[int]
) -> None:
    assert [share for _person, share in combine_shares(parts)] == shares


@given(
    st.lists(
        st.lists(st.integers(1, 6), min_size=1, max_size=3, unique=True), min_size=1, max_size=6
    )
)
def test_combined_shares_are_whole_and_leave_nobody_out(people: list[list[int]]) -> None:
    parts = [
        [
            (one, 100 // len(part) + (not place) * (100 % len(part)))
            for place, one in enumerate(part)
        ]
        for part in people
    ]
    shares = dict(combine_shares(parts))
    assert sum(shares.values()) == 100
    assert set(shares) == {one for part in people for one in part}
    assert min(shares.values()) >= 1


def test_who_meets_both_counts_once_and_authors_do_not_count(house: House) -> None:
    idea, into = hand_in(house.colleague, house), hand_in(house.agent, house)
    with writing():
        both, one, other = (make_person(name) for name in ("Both", "One", "Other"))
    for person, where in ((both, idea), (both, into), (one, idea), (other, into)):
        meet(person, where)
    meet(house.agent, idea)
    join(house, idea, into)
    assert supporters_of(into) == {both.id, one.id, other.id}
    assert supporters_of(idea) == {both.id, one.id, house.agent.id}
    part(house, idea)
    assert supporters_of(into) == {both.id, other.id}


def test_what_is_said_after_the_merge_stays_where_it_was_said(house: House) -> None:
    idea, into = hand_in(house.colleague, house), hand_in(house.agent, house)
    with writing():
        late, again, gone = (make_person(name) for name in ("Late", "Again", "Gone"))
    meet(again, idea, "First.")
    meet(gone, idea)
    join(house, idea, into)
    meet(late, into)
    meet(again, into, "Once more.")
    with writing():
        (other,) = load(into)
        unsupport(actor_of(gone), other)
    assert supporters_of(into) == {late.id, again.id}
    assert supporters_of(idea) == {again.id}
    part(house, idea)
    assert supporters_of(into) == {late.id, again.id}
    assert supporters_of(idea) == {again.id}


def test_the_joined_one_stays_readable_and_new_words_go_to_the_other(house: House) -> None:
    idea, into = hand_in(house.colleague, house), hand_in(house.agent, house)
    join(house, idea, into)
    with writing():
        (one,) = load(idea)
        with pytest.raises(Conflict, match="Say it there"):
            add_comment(actor_of(house.agent), one, body="And here?")
        with pytest.raises(Conflict, match="Say it there"):
            support_idea(actor_of(house.agent), one, occurred_on=date(2026, 11, 1))
        with pytest.raises(Conflict, match="Take it back there"):
            unsupport(actor_of(house.agent), one)


SETTINGS = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
STEPS = ("support_one", "support_other", "both", "ask_other", "accept_other", "hand_on", "comment")


def prepare(house: House, step: str, idea: Idea, into: Idea) -> None:
    """Something that happens to one of the two before they are joined."""
    head = actor_of(house.billing.head)
    with now.at(MONDAY + HOUR / 2), writing():
        one, other = load(idea, into)
        person = make_person()
        if step in {"support_one", "both"}:
            support_idea(actor_of(person), one, occurred_on=date(2026, 11, 1), minutes=4)
        if step in {"support_other", "both"}:
            support_idea(actor_of(person), other, occurred_on=date(2026, 11, 1))
        if step == "ask_other" and other.state is State.TRIAGE:
            ask_author(head, other, question="Which letter was it?")
        if step == "accept_other" and other.state is State.TRIAGE:
            accept_idea(head, other, sentence=WORDS)
        if step == "hand_on" and find_open_transfer(one.id) is None:
            to = house.metering.department
            transfer_idea(head, one, to=to, reason="The reading is theirs.")
        if step == "comment":
            add_comment(actor_of(person), one, body="So it is.")


@SETTINGS
@given(steps=st.lists(st.sampled_from(STEPS), max_size=5, unique=True), hours=st.integers(1, 900))
def test_taken_apart_everything_is_as_it_was(
    house: House, database: Database, steps: list[str], hours: int
) -> None:
    idea, into = hand_in(house.colleague, house), hand_in(house.agent, house)
    for step in steps:
        prepare(house, step, idea, into)
    before = everything(database)
    desk = house.metering if "hand_on" in steps else house.billing
    with now.at(MONDAY + HOUR), writing():
        one, other = load(idea, into)
        merging.merge_ideas(actor_of(desk.head), one, other, sentence=WORDS)
    changed = {name for name, rows in everything(database).items() if rows != before[name]}
    assert {"ideas", "clocks", "idea_authors"} <= changed
    with now.at(MONDAY + hours * HOUR), writing():
        merging.unmerge_ideas(actor_of(desk.head), *load(idea))
    after = everything(database)
    assert after == before
    assert set(after) >= {"ideas", "clocks", "transfers", "supports", "idea_authors", "comments"}


def test_in_a_chain_everything_goes_on_in_the_last_one(house: House) -> None:
    with writing():
        third, fan = make_person("Third"), make_person("Fan")
    first, second, last = (hand_in(one, house) for one in (house.agent, house.colleague, third))
    meet(fan, first)
    join(house, first, second)
    join(house, second, last)
    assert shares_of(last) == {third.id: 34, house.agent.id: 33, house.colleague.id: 33}
    assert supporters_of(last) == {fan.id}
    part(house, first)
    assert shares_of(last) == {third.id: 50, house.colleague.id: 50}
    assert (supporters_of(last), supporters_of(second)) == (set(), set())
    part(house, second)
    assert shares_of(last) == {third.id: 100}
    assert shares_of(second) == {house.colleague.id: 100}


def test_of_several_joined_ones_each_can_be_taken_out(house: House) -> None:
    with writing():
        third, fan = make_person("Third"), make_person("Fan")
    into, one, other = (hand_in(who, house) for who in (house.agent, house.colleague, third))
    for where in (one, other):
        meet(fan, where)
    join(house, one, into)
    join(house, other, into)
    assert supporters_of(into) == {fan.id}
    part(house, one)
    assert shares_of(into) == {house.agent.id: 50, third.id: 50}
    assert supporters_of(into) == {fan.id}
    part(house, other)
    assert shares_of(into) == {house.agent.id: 100}
    assert supporters_of(into) == set()


def test_what_cannot_take_it_in_is_refused_with_a_sentence(house: House) -> None:
    idea, other, third = (hand_in(house.colleague, house) for _n in range(3))
    mine = hand_in(house.agent, house)
    join(house, other, third)

    def refused(into: Idea) -> str:
        with pytest.raises(RuleBroken) as broken:
            join(house, idea, into)
        assert broken.value.field == "into"
        return broken.value.message

    assert refused(idea) == "This is the idea itself."
    assert refused(
        other
    ) == f"I-{other.number} was joined to I-{third.number}. Join this one to " + (
        f"I-{third.number}."
    )
    with writing():
        (one,) = load(mine)
        head = actor_of(house.billing.head)
        decline_idea(head, one, reason_code="not_now", sentence=WORDS, would_change=WORDS)
    assert "Say that it exists already" in refused(mine)
    with pytest.raises(RuleBroken, match=f"I-{idea.number} is joined to this one already"):
        join(house, idea, third)
        join(house, third, idea)


def test_whom_it_waits_on_does_not_become_an_author_of_it(house: House) -> None:
    with now.at(MONDAY), writing():
        idea = submit(house.metering.head, house.billing.reason)
        into = submit(house.agent, house.metering.reason)
    with pytest.raises(RuleBroken, match="would decide on their own"):
        join(house, idea, into)


def test_too_many_authors_are_refused(house: House) -> None:
    with now.at(MONDAY), writing():
        people = [make_person(f"Person {n}") for n in range(8)]
        many = [
            submit(four[0], house.billing.reason, authors=[(one.id, 25) for one in four])
            for four in (people[:4], people[4:])
        ]
        few = submit(house.agent, house.billing.reason)
    join(house, many[0], few)
    with pytest.raises(RuleBroken, match="more than 10 authors") as broken:
        join(house, hand_in_with(house, 6), few)
    assert broken.value.field == "into"
    join(house, many[1], few)


def hand_in_with(house: House, how_many: int) -> Idea:
    """An idea of so many authors."""
    with now.at(MONDAY), writing():
        people = [make_person() for _n in range(how_many)]
        shares = [
            (one.id, 100 // how_many + (not n) * (100 % how_many)) for n, one in enumerate(people)
        ]
        return submit(people[0], house.billing.reason, authors=shares)


@pytest.mark.parametrize("who", ["agent", "colleague", "metering"])
def test_only_who_decides_on_it_joins_it_and_either_department_takes_it_out(
    house: House, who: str
) -> None:
    idea = hand_in(house.colleague, house)
    with now.at(MONDAY), writing():
        into = submit(house.agent, house.metering.reason)
    person = house.metering.head if who == "metering" else getattr(house, who)
    with pytest.raises(NotAllowed), writing():
        one, other = load(idea, into)
        merging.merge_ideas(actor_of(person), one, other, sentence=WORDS)
    join(house, idea, into)
    if who == "metering":
        with writing():
            merging.unmerge_ideas(actor_of(person), *load(idea))
    else:
        with pytest.raises(NotAllowed), writing():
            merging.unmerge_ideas(actor_of(person), *load(idea))


def test_nobody_makes_their_own_idea_bigger(house: House) -> None:
    idea = hand_in(house.agent, house)
    with now.at(MONDAY), writing():
        into = submit(house.billing.head, house.billing.reason)
    with pytest.raises(NotAllowed, match="You had a part in the other idea"):
        join(house, idea, into)


def test_of_two_who_join_at_once_the_second_is_told(house: House) -> None:
    idea, into = hand_in(house.colleague, house), hand_in(house.agent, house)
    seen = idea.version
    join(house, idea, into, version=seen)
    join(house, idea, into, version=seen)  # the same, sent twice
    with (
        now.at(MONDAY + HOUR),
        pytest.raises(Conflict, match="Head of Billing decided this"),
        writing(),
    ):
        one, other = load(idea, into)
        deputy = actor_of(house.billing.deputy)
        merging.merge_ideas(deputy, one, other, sentence=WORDS, version=seen)
    with reading() as unit:
        assert len(unit.scalars(select(Merge)).all()) == 1
        (decision,) = unit.scalars(select(Decision)).all()
        assert decision.kind is DecisionKind.MERGE
        assert decision.details == {"number": into.number, "exists": into.title}
    part(house, idea)
    with pytest.raises(Conflict, match="stands on its own already"):
        part(house, idea)


def test_an_appeal_takes_it_out_and_upwards(house: House) -> None:
    idea, into = hand_in(house.colleague, house), hand_in(house.agent, house)
    with writing():
        fan = make_person("Fan")
    meet(fan, idea)
    join(house, idea, into)
    with now.at(MONDAY + 3 * HOUR), writing():
        appeal(actor_of(house.colleague), *load(idea), reason=REASON)
        (one,) = load(idea)
        assert (one.state, one.handler_id) == (State.APPEALED, house.board.head.id)
    assert shares_of(into) == {house.agent.id: 100}
    assert (supporters_of(into), supporters_of(idea)) == (set(), {fan.id})


def test_who_takes_their_idea_back_does_not_take_back_for_others(house: House) -> None:
    idea, into = hand_in(house.colleague, house), hand_in(house.agent, house)
    with reading():
        (was,) = load(idea)
        due = (was.handler_id, was.due_at, was.waits_since)
    join(house, idea, into)
    with now.at(MONDAY + 3 * HOUR), writing():
        withdraw_idea(actor_of(house.agent), *load(into))
    with reading():
        one, other = load(idea, into)
        assert (one.state, other.state) == (State.TRIAGE, State.WITHDRAWN)
        assert (one.handler_id, one.due_at, one.waits_since) == due
        assert get_timeline(one.id)[0].sentence == f"I-{into.number} was taken back by its author."


def test_who_has_left_meanwhile_does_not_get_it_back(house: House) -> None:
    idea, into = hand_in(house.colleague, house), hand_in(house.agent, house)
    join(house, idea, into)
    with writing():
        session().get_one(Person, house.billing.head.id).is_active = False
    with now.at(MONDAY + 3 * HOUR), writing():
        merging.unmerge_ideas(actor_of(house.billing.deputy), *load(idea))
        (one,) = load(idea)
        assert one.handler_id == house.billing.deputy.id
        clocks = session().scalars(select(Clock).where(Clock.subject_id == idea.id)).all()
        assert {one.accountable_id for one in clocks if not one.stopped_at} == {
            house.billing.deputy.id
        }


def paid(person: Person) -> list[str]:
    """By which rules somebody was paid."""
    with reading():
        rows = session().execute(
            select(Posting.rule)
            .join(Account, Account.id == Posting.credit_account_id)
            .where(Account.person_id == person.id)
            .order_by(Posting.id)
        )
        return [row.rule for row in rows]


def test_joining_pays_nobody_twice_and_what_was_paid_stays_paid(house: House) -> None:
    idea, into = hand_in(house.colleague, house), hand_in(house.agent, house)
    with now.at(MONDAY), writing():
        ask_author(actor_of(house.billing.head), *load(idea), question="Which letter was it?")
        answer_question(actor_of(house.colleague), *load(idea), answer="The yearly one.")
    assert paid(house.colleague) == ["thank_you"]
    join(house, idea, into)
    with now.at(MONDAY + 2 * HOUR), writing():
        accept_idea(actor_of(house.billing.head), *load(into), sentence=WORDS)
    assert paid(house.colleague) == ["thank_you", "accepted"]
    assert paid(house.agent) == ["thank_you", "accepted"]
    part(house, idea)
    with now.at(MONDAY + 31 * HOUR), writing():
        accept_idea(actor_of(house.billing.head), *load(idea), sentence=WORDS)
    assert paid(house.colleague) == ["thank_you", "accepted"]
