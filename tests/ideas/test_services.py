"""Writing, sending, moving and taking back ideas; supports and comments."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.actor import PROGRAM, Actor
from portal.clocks import queries as clocks
from portal.clocks.models import ClockKind
from portal.clocks.services import start_clock
from portal.database import Database, reading, release, session, writing
from portal.errors import Conflict, NotAllowed, NotFound, RuleBroken
from portal.events import reacts_to
from portal.ideas import queries, services
from portal.ideas.events import IdeaSubmitted
from portal.ideas.lifecycle import ENDS, Move, State
from portal.ideas.models import Idea, IdeaMove
from portal.now import at, today
from portal.people.models import Person
from tests.factories.ideas import find_way, make_idea
from tests.factories.people import actor_of, make_headed_department, make_person

WORDS = {"problem": "The bill is a guess.", "proposal": "Say so on the bill. Nobody calls then."}

AFTER_SENDING = [State.TRIAGE, *(end for end in State if find_way(State.TRIAGE, end))]

seen: list[IdeaSubmitted] = []


@reacts_to(IdeaSubmitted)
def remember(event: IdeaSubmitted) -> None:
    seen.append(event)


@pytest.fixture
def author(app: Flask) -> Person:
    """Somebody in a portal that listens, with a desk that takes what nobody owns."""
    with writing():
        make_headed_department("Customer Office", takes_orphans=True)
        return make_person()


@pytest.fixture
def actor(author: Person) -> Actor:
    with reading():
        return actor_of(author)


def stored(idea: Idea) -> Idea:
    release()
    return queries.get_idea(idea.id)


def test_an_idea_that_is_sent_has_number_title_author_and_event(actor: Actor) -> None:
    with writing():
        idea = services.submit_idea(actor, **WORDS)
    assert seen[-1] == IdeaSubmitted(idea.id)
    idea = stored(idea)
    assert idea.number == 1001
    assert idea.title == "Say so on the bill"
    assert idea.state is State.TRIAGE
    assert idea.submitted_at is not None
    assert [(row.face.id, row.share_percent) for row in queries.list_authors(idea.id)] == [
        (actor.id, 100)
    ]
    moves = [row.what for row in queries.get_timeline(idea.id)]
    assert moves == [Move.RECEIVE, Move.ROUTE, Move.SUBMIT]


@pytest.mark.parametrize("field", ["problem", "proposal"])
def test_both_texts_are_needed_to_send_and_one_to_keep(actor: Actor, field: str) -> None:
    texts = {**WORDS, field: " \n "}
    with pytest.raises(RuleBroken) as refusal, writing():
        services.submit_idea(actor, **texts)
    assert refusal.value.field == field
    with writing():
        assert services.save_draft(actor, **texts).state is State.DRAFT
    with pytest.raises(RuleBroken), writing():
        services.save_draft(actor)


def test_a_text_that_is_too_long_is_refused_and_never_cut(actor: Actor) -> None:
    with pytest.raises(RuleBroken, match="2 characters too many") as refusal, writing():
        services.submit_idea(actor, title="t" * 142, **WORDS)
    assert refusal.value.field == "title"


def test_numbers_of_people_are_masked_before_the_first_write(
    actor: Actor, database: Database
) -> None:
    typed = "She paid with 4111 1111 1111 1111 and wrote to amina@mail.example."
    with writing():
        idea = services.submit_idea(actor, problem=typed, proposal=typed)
        services.add_comment(actor, idea, body=typed)
        other = actor_of(make_person("Grace Okafor"))
        services.support_idea(other, idea, occurred_on=today(), example=typed)
        services.move_idea(
            PROGRAM, idea, Move.ASK, sentence=typed, handler_id=actor.id, due_at=None
        )
    with reading():
        idea = stored(idea)
        texts = [idea.title, idea.problem, idea.proposal]
        texts += [row.sentence or "" for row in queries.get_timeline(idea.id)]
        texts += [row.body for row in queries.list_comments(idea.id)]
        texts += [row.example or "" for row in queries.list_supports(idea.id)]
        assert idea.masked == {"card": 2, "email": 2}
    for text in texts:
        assert "4111 1111" not in text
        assert "amina@mail" not in text


def test_the_same_form_twice_makes_one_idea(actor: Actor) -> None:
    with writing():
        first = services.submit_idea(actor, nonce="n-1", **WORDS)
    with writing():
        again = services.submit_idea(actor, nonce="n-1", **WORDS)
        assert again.id == first.id
        assert services.save_draft(actor, nonce="n-1", problem="later").id == first.id
        moves = [row.what for row in queries.get_timeline(first.id)]
        assert moves.count(Move.SUBMIT) == 1
    assert stored(first).problem == WORDS["problem"]


def test_the_same_form_twice_at_once_makes_one_idea(actor: Actor, database: Database) -> None:
    with writing():
        services.submit_idea(actor, **WORDS)

    def send(_turn: int) -> int:
        with writing():
            return services.submit_idea(actor, nonce="n-2", **WORDS).id

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(send, range(8)))) == 1


def test_a_nonce_of_somebody_else_gives_nothing_away(actor: Actor) -> None:
    with writing():
        services.submit_idea(actor, nonce="n-1", **WORDS)
        other = actor_of(make_person("Lena Brandt"))
        with pytest.raises(RuleBroken):
            services.submit_idea(other, nonce="n-1", **WORDS)


def test_a_draft_is_kept_changed_and_sent_once(actor: Actor) -> None:
    with writing():
        draft = services.save_draft(actor, problem="The bill", nonce="n-1")
        same = services.save_draft(actor, problem="The bill is wrong", nonce="n-1")
        assert same.id == draft.id
        assert same.problem == "The bill is wrong"
        number = draft.number
    with writing():
        idea = services.submit_idea(actor, draft=session().get(Idea, draft.id), **WORDS)
        assert idea.number == number
        assert services.submit_idea(actor, draft=idea, **WORDS).version == idea.version
        assert idea.problem == WORDS["problem"]


def test_a_draft_of_somebody_else_cannot_be_sent_or_seen(actor: Actor) -> None:
    with writing():
        draft = services.save_draft(actor, problem="The bill")
        other = actor_of(make_person("Lena Brandt"))
        with pytest.raises(NotFound):
            queries.get_visible_idea(other, draft.number)
        with pytest.raises(Conflict):
            services.submit_idea(other, draft=draft, **WORDS)
        assert queries.get_visible_idea(actor, draft.number).id == draft.id


def test_a_draft_that_was_thrown_away_stays_its_writers_secret(actor: Actor) -> None:
    with writing():
        draft = services.save_draft(actor, problem="The bill")
        services.withdraw_idea(actor, draft)
        other = actor_of(make_person("Lena Brandt"))
        with pytest.raises(NotFound):
            queries.get_visible_idea(other, draft.number)


def test_authors_are_people_of_the_house_the_writer_among_them(actor: Actor) -> None:
    assert actor.id is not None
    with writing():
        other = make_person("Tomasz Wrona")
        idea = services.submit_idea(actor, authors=[(actor.id, 70), (other.id, 30)], **WORDS)
        shares = [(row.face.name, row.share_percent) for row in queries.list_authors(idea.id)]
        assert shares == [("Amina Yusuf", 70), ("Tomasz Wrona", 30)]
        for authors in ([(other.id, 100)], [(actor.id, 50), (999, 50)], [(actor.id, 99)]):
            with pytest.raises(RuleBroken) as refusal:
                services.submit_idea(actor, authors=authors, **WORDS)
            assert refusal.value.field == "authors"


def test_an_unknown_contact_reason_is_refused(actor: Actor) -> None:
    with pytest.raises(RuleBroken) as refusal, writing():
        services.submit_idea(actor, reason_id=999, **WORDS)
    assert refusal.value.field == "reason_id"


def test_the_program_hands_in_nothing(database: Database) -> None:
    with pytest.raises(NotAllowed), writing():
        services.submit_idea(PROGRAM, **WORDS)


@pytest.mark.parametrize("state", AFTER_SENDING)
def test_whoever_handed_it_in_can_take_it_back_until_somebody_commits(
    state: State, author: Person, actor: Actor
) -> None:
    can = state in {
        *(State.TRIAGE, State.NEEDS_INFO, State.ACCEPTED, State.APPEALED),
        *(State.DEFERRED, State.COST_ACCEPTED, State.TESTING),
    }
    with writing():
        idea = make_idea(author, state=state)
        if not can:
            with pytest.raises(Conflict):
                services.withdraw_idea(actor, idea)
            return
        services.withdraw_idea(actor, idea, sentence="It was fixed meanwhile.")
        assert idea.state is State.WITHDRAWN
        assert queries.get_timeline(idea.id)[0].sentence == "It was fixed meanwhile."


def test_nobody_else_can_take_it_back(author: Person) -> None:
    with writing():
        idea = make_idea(author)
        with pytest.raises(NotAllowed):
            services.withdraw_idea(actor_of(make_person("Lena Brandt")), idea)


def test_taking_it_back_stops_every_clock(author: Person, actor: Actor) -> None:
    with writing():
        idea = make_idea(author, state=State.TRIAGE)
        for kind, is_governing in ((ClockKind.DECIDE, True), (ClockKind.FIRST_REPLY, False)):
            start_clock(
                kind,
                "idea",
                idea.id,
                department_id=1,
                accountable_id=1,
                is_governing=is_governing,
            )
        services.withdraw_idea(actor, idea)
        assert clocks.list_open("idea", idea.id) == []


@pytest.mark.parametrize("state", AFTER_SENDING)
def test_it_waits_on_somebody_unless_it_is_an_end(state: State, author: Person) -> None:
    due = datetime(2026, 12, 1, 16, tzinfo=UTC)
    with writing():
        idea = make_idea(author, state=state, due_at=due)
        waits = (idea.handler_id, idea.due_at)
        if state in ENDS:
            assert waits == (None, None)
        elif state is not State.TRIAGE:
            assert waits == (author.id, due)


def test_a_step_made_on_an_old_reading_is_told_so(author: Person) -> None:
    with writing():
        idea = make_idea(author, state=State.TRIAGE)
    with writing() as unit:
        read_since = queries.get_idea(idea.id)
        services.move_idea(PROGRAM, read_since, Move.ACCEPT, handler_id=author.id, due_at=None)
        unit.expunge(read_since)
        unit.add(idea)
        with pytest.raises(Conflict, match="faster"):
            services.move_idea(PROGRAM, idea, Move.DECLINE, handler_id=None, due_at=None)
    assert stored(idea).state is State.ACCEPTED


def test_of_two_steps_at_once_one_is_taken(author: Person, database: Database) -> None:
    with writing():
        idea = make_idea(author, state=State.TRIAGE)

    def decline(_turn: int) -> bool:
        try:
            with writing():
                found = queries.get_idea(idea.id)
                services.move_idea(PROGRAM, found, Move.DECLINE, handler_id=None, due_at=None)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(decline, range(6))) == 1
    with reading() as store:
        verbs = store.scalars(select(IdeaMove.verb).where(IdeaMove.idea_id == idea.id)).all()
        assert verbs.count("decline") == 1


def test_me_too_is_counted_once_a_person_and_can_be_corrected(author: Person) -> None:
    day = today() - timedelta(days=3)
    with writing():
        idea = make_idea(author)
        other = actor_of(make_person("Grace Okafor"))
        services.support_idea(other, idea, occurred_on=day)
        services.support_idea(other, idea, occurred_on=day, example="He waited.", minutes=11)
        assert idea.support_count == 1
    row = queries.list_supports(idea.id)[0]
    assert (row.face.name, row.example, row.minutes) == ("Grace Okafor", "He waited.", 11)
    with writing():
        found = queries.get_idea(idea.id)
        services.unsupport(other, found)
        services.unsupport(other, found)
        assert found.support_count == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [("occurred_on", date(2099, 1, 1)), ("minutes", -1), ("minutes", 481), ("example", "x" * 1001)],
)
def test_me_too_needs_a_day_that_was_and_sane_minutes(
    field: str, value: object, author: Person
) -> None:
    with writing():
        idea = make_idea(author)
        other = actor_of(make_person("Grace Okafor"))
        with pytest.raises(RuleBroken) as refusal:
            services.support_idea(other, idea, **{"occurred_on": today(), field: value})
        assert refusal.value.field == field


@pytest.mark.threat(48)
def test_nobody_says_me_too_to_their_own_idea(author: Person, actor: Actor) -> None:
    with writing():
        idea = make_idea(author)
        with pytest.raises(NotAllowed, match="your own idea"):
            services.support_idea(actor, idea, occurred_on=today())
        assert idea.support_count == 0


def test_many_who_say_me_too_at_once_are_all_counted(author: Person, database: Database) -> None:
    with writing():
        idea = make_idea(author)
        people = [actor_of(make_person(f"Person {n}")) for n in range(6)]

    def support(person: Actor) -> None:
        with writing():
            found = queries.get_idea(idea.id)
            services.support_idea(person, found, occurred_on=today())

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(support, people * 2))
    assert stored(idea).support_count == 6


def test_what_is_said_twice_by_one_form_is_said_once(author: Person, actor: Actor) -> None:
    with writing():
        idea = make_idea(author)
        first = services.add_comment(actor, idea, body="The *letter* is worse.", nonce="c-1")
        assert services.add_comment(actor, idea, body="Again", nonce="c-1").id == first.id
        assert idea.comment_count == 1
        for body in (" ", "x" * 4001):
            with pytest.raises(RuleBroken) as refusal:
                services.add_comment(actor, idea, body=body)
            assert refusal.value.field == "body"


@pytest.mark.parametrize("state", [State.DRAFT, State.WITHDRAWN])
def test_what_was_not_sent_or_was_taken_back_is_not_discussed(
    state: State, author: Person, actor: Actor
) -> None:
    with writing():
        idea = make_idea(author, state=state)
        with pytest.raises(Conflict):
            services.add_comment(actor, idea, body="Hello")
        with pytest.raises(Conflict):
            other = actor_of(make_person("Grace Okafor"))
            services.support_idea(other, idea, occurred_on=today())


def test_every_step_stands_on_the_timeline_with_its_time(author: Person) -> None:
    moment = datetime(2026, 11, 3, 9, tzinfo=UTC)
    with at(moment), writing():
        idea = make_idea(author, state=State.ACCEPTED)
    rows = queries.get_timeline(idea.id)
    assert [row.what for row in rows] == [Move.ACCEPT, Move.RECEIVE, Move.ROUTE, Move.SUBMIT]
    assert {row.at for row in rows} == {moment}
    assert rows[-1].actor_name == "Amina Yusuf"
    assert rows[0].actor_name is None
