"""Random lives of ideas, through the real services: what always holds, holds."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from portal import now
from portal.actor import PROGRAM, Actor
from portal.audit.models import AuditRow
from portal.clocks.models import Clock, ClockKind
from portal.clocks.queries import list_open
from portal.database import reading, session, writing
from portal.demand.models import ContactReason
from portal.demand.services import set_cost
from portal.errors import PortalError, RuleBroken
from portal.ideas.lifecycle import ENDS, Move, State
from portal.ideas.models import Idea, IdeaMove
from portal.ideas.services import withdraw_idea
from portal.insights.models import DemandType
from portal.routing.queries import find_open_transfer, get_open_transfer, list_author_ids
from portal.routing.services import answer_transfer, transfer_idea
from portal.triage.appealing import appeal
from portal.triage.jobs import begin_tries, reopen_due, return_unanswered
from portal.triage.models import DecisionKind
from portal.triage.putting_off import accept_cost, defer_idea
from portal.triage.queries import find_last_decision
from portal.triage.services import (
    LEAST_NO,
    accept_idea,
    answer_question,
    ask_author,
    decline_idea,
    point_out,
)
from portal.triage.signing import DECISIONS
from portal.triage.trying import begin_test, stop_test, try_out, veto
from tests.factories.insights import make_insight
from tests.factories.people import actor_of
from tests.factories.triage import House, submit

MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
SENTENCE = "A sentence that is long enough to be signed."
BY_PROGRAM = {Move.ROUTE, Move.RECEIVE, Move.RETURN_UNANSWERED, Move.REOPEN}
GOVERNED_BY = {
    State.TRIAGE: ClockKind.DECIDE,
    State.NEEDS_INFO: ClockKind.DECIDE,
    State.ACCEPTED: ClockKind.COMMIT,
    State.DEFERRED: ClockKind.REVIEW,
    State.COST_ACCEPTED: ClockKind.REVIEW,
    State.TESTING: ClockKind.TEST,
    State.APPEALED: ClockKind.APPEAL,
}
AUTHORS_TURN = {State.NEEDS_INFO, State.TESTING}
"""Where it may wait on an author: who was asked, or who tries it out."""

which = st.integers(min_value=0, max_value=1)
whoever = st.sampled_from(["handler"] * 6 + ["head", "author", "stranger"])
department = st.sampled_from(["board", "billing", "metering"])


class Life(RuleBasedStateMachine):
    """Up to two ideas at once; whoever tries whatever, and is refused where it is not theirs."""

    house: ClassVar[House]
    seen: ClassVar[set[State]]

    def __init__(self) -> None:
        super().__init__()
        self.moment = MONDAY
        self.ideas: list[int] = []
        self.began: dict[int, datetime] = {}

    @initialize(owner=department)
    def begin(self, owner: str) -> None:
        """There is an idea."""
        self.send(owner, "agent")

    @precondition(lambda self: len(self.ideas) < 2)
    @rule(owner=department, author=st.sampled_from(["agent", "head", "both"]))
    def send(self, owner: str, author: str) -> None:
        """Somebody hands in an idea, perhaps the very people who decide there."""
        desk = getattr(self.house, owner)
        writer = self.house.agent if author == "agent" else desk.head
        shares = [(desk.head.id, 50), (desk.deputy.id, 50)] if author == "both" else ()
        try:
            with now.at(self.moment), writing():
                idea = submit(writer, desk.reason, authors=shares)
        except RuleBroken:
            assert (owner, author) == ("board", "both")
            return
        self.ideas.append(idea.id)
        self.began[idea.id] = self.moment

    @rule(which=which, who=whoever)
    def accept(self, which: int, who: str) -> None:
        """Somebody says yes."""
        self.attempt(which, who, lambda a, i: accept_idea(a, i, sentence=SENTENCE))

    @rule(which=which, who=whoever)
    def ask(self, which: int, who: str) -> None:
        """Somebody asks the author."""
        self.attempt(which, who, lambda a, i: ask_author(a, i, question=SENTENCE))

    @rule(which=which, who=whoever)
    def answer(self, which: int, who: str) -> None:
        """Somebody answers; in that state the handler is the author."""
        self.attempt(which, who, lambda a, i: answer_question(a, i, answer=SENTENCE))

    @rule(which=which, who=whoever)
    def decline(self, which: int, who: str) -> None:
        """Somebody says no."""
        self.attempt(
            which,
            who,
            lambda a, i: decline_idea(
                a, i, reason_code="not_now", sentence=SENTENCE, would_change=SENTENCE
            ),
        )

    @rule(which=which, who=whoever, days=st.sampled_from([2, 20]))
    def put_off(self, which: int, who: str, days: int) -> None:
        """Somebody puts it off to a day."""
        day = (self.moment + timedelta(days=days)).date()
        self.attempt(which, who, lambda a, i: defer_idea(a, i, sentence=SENTENCE, review_on=day))

    @rule(which=which, who=whoever, days=st.sampled_from([2, 20]))
    def keep_the_calls(self, which: int, who: str, days: int) -> None:
        """Somebody signs that the calls go on."""
        day = (self.moment + timedelta(days=days)).date()
        self.attempt(
            which,
            who,
            lambda a, i: accept_cost(a, i, sentence=SENTENCE, alternative=SENTENCE, review_on=day),
        )

    @rule(which=which, who=whoever)
    def point_out(self, which: int, who: str) -> None:
        """Somebody says it exists already."""
        self.attempt(
            which, who, lambda a, i: point_out(a, i, sentence=SENTENCE, place="In the app.")
        )

    @rule(which=which, who=whoever)
    def have_it_tried(self, which: int, who: str) -> None:
        """Somebody begins a test."""
        self.attempt(
            which,
            who,
            lambda a, i: begin_test(
                a, i, sentence=SENTENCE, scope=SENTENCE, stop_rule=SENTENCE, days=5
            ),
        )

    @rule(which=which, who=whoever)
    def end_the_test(self, which: int, who: str) -> None:
        """Somebody ends a test."""
        self.attempt(which, who, lambda a, i: stop_test(a, i, sentence=SENTENCE))

    @rule(which=which, who=st.sampled_from(["author", "author", "stranger"]))
    def try_it_out(self, which: int, who: str) -> None:
        """An author begins a small try."""
        self.attempt(
            which,
            who,
            lambda a, i: try_out(
                a, i, plan=SENTENCE, undo=SENTENCE, days=5, money_minor=0, is_harmless=True
            ),
        )

    @rule(which=which, who=whoever)
    def veto(self, which: int, who: str) -> None:
        """Somebody stops the try before it began; the author's clock goes on where it stood."""
        self.attempt(which, who, lambda a, i: veto(a, i, sentence=SENTENCE))

    @rule(which=which, who=st.sampled_from(["author", "author", "stranger"]))
    def appeal(self, which: int, who: str) -> None:
        """An author takes the answer further up."""
        self.attempt(which, who, lambda a, i: appeal(a, i, reason=SENTENCE))

    @rule(which=which, answer=st.sampled_from(["decline", "point_out", "put_off", "end_the_test"]))
    def answer_and_appeal(self, which: int, answer: str) -> None:
        """An answer that its author takes further up at once, as far as both are possible."""
        more = {"days": 20} if answer == "put_off" else {}
        getattr(self, answer)(which=which, who="handler", **more)
        self.appeal(which=which, who="author")

    @rule(which=which, who=whoever, to=department)
    def transfer(self, which: int, who: str, to: str) -> None:
        """Somebody hands it on; what the author was promised stays as it was."""
        target = getattr(self.house, to).department
        before = self.decide_clock(which)
        self.attempt(which, who, lambda a, i: transfer_idea(a, i, to=target, reason=SENTENCE))
        assert self.decide_clock(which) == before

    @rule(which=which, who=whoever, accept=st.booleans())
    def answer_transfer(self, which: int, who: str, accept: bool) -> None:
        """Somebody takes what was handed over, or gives it back."""
        before = self.decide_clock(which)
        self.attempt(
            which,
            who,
            lambda a, i: answer_transfer(
                a, get_open_transfer(i.id), accept=accept, reason=SENTENCE
            ),
        )
        assert self.decide_clock(which) == before

    @rule(which=which, who=st.sampled_from(["author", "author", "stranger"]))
    def withdraw(self, which: int, who: str) -> None:
        """Somebody takes it back."""
        self.attempt(which, who, withdraw_idea)

    @rule(days=st.sampled_from([1, 3, 8, 16]))
    def wait(self, days: int) -> None:
        """Time passes, and the clockwork does its rounds."""
        self.moment += timedelta(days=days)
        with now.at(self.moment):
            return_unanswered()
            reopen_due()
            begin_tries()

    def attempt(self, which: int, who: str, action: Callable[[Actor, Idea], object]) -> None:
        """Let somebody try something; a refusal leaves everything as it was."""
        self.moment += timedelta(minutes=7)
        with now.at(self.moment):
            try:
                with writing():
                    idea = self.idea(which)
                    action(self.actor(idea, who), idea)
            except PortalError:
                pass

    def idea(self, which: int) -> Idea:
        """One of the ideas."""
        return session().get_one(Idea, self.ideas[which % len(self.ideas)])

    def actor(self, idea: Idea, who: str) -> Actor:
        """Who tries."""
        people = {
            "handler": idea.handler_id,
            "head": self.house.billing.head.id,
            "author": idea.submitter_id,
            "stranger": self.house.colleague.id,
        }
        with_id = people[who] or self.house.colleague.id
        everybody = [self.house.agent, self.house.colleague]
        for desk in (self.house.board, self.house.billing, self.house.metering):
            everybody += [desk.head, desk.deputy]
        return actor_of(next(person for person in everybody if person.id == with_id))

    def decide_clock(self, which: int) -> tuple[datetime, datetime, datetime | None] | None:
        """When the decision's clock began, is due, and was paused."""
        with reading() as unit:
            idea_id = self.ideas[which % len(self.ideas)]
            clock = unit.scalar(
                select(Clock)
                .where(Clock.subject_id == idea_id, Clock.kind == ClockKind.DECIDE)
                .order_by(Clock.id.desc())
            )
            return (clock.started_at, clock.due_at, clock.paused_at) if clock else None

    @invariant()
    def what_is_open_waits_on_one_person_and_one_clock(self) -> None:
        """Rules 1 and 4 of the life of an idea."""
        with reading():
            for idea_id in self.ideas:
                idea = session().get_one(Idea, idea_id)
                self.seen.add(idea.state)
                clocks = list_open("idea", idea_id)
                if idea.state in ENDS:
                    assert clocks == []
                    assert (idea.handler_id, idea.due_at, idea.waits_since) == (None, None, None)
                    continue
                (governing,) = [clock for clock in clocks if clock.is_governing]
                assert governing.kind is GOVERNED_BY[idea.state]
                asked = idea.state is State.NEEDS_INFO
                assert idea.is_paused is asked is (governing.paused_at is not None)
                assert idea.waits_since is not None
                authors = list_author_ids(idea_id)
                tries = idea.state is State.TESTING and idea.handler_id == idea.submitter_id
                assert (governing.accountable_id in authors) is tries
                assert (idea.handler_id in authors) is (asked or tries)
                if not asked:
                    assert idea.handler_id == governing.accountable_id
                    assert idea.due_at == governing.due_at

    @invariant()
    def beside_it_runs_only_what_the_state_explains(self) -> None:
        """An answer is owed while something is asked, an acceptance while it was handed over."""
        with reading():
            for idea_id in self.ideas:
                idea = session().get_one(Idea, idea_id)
                kinds = Counter(clock.kind for clock in list_open("idea", idea_id))
                assert all(count == 1 for count in kinds.values())
                assert (ClockKind.ANSWER in kinds) is (idea.state is State.NEEDS_INFO)
                handed = find_open_transfer(idea_id) is not None and idea.state is State.TRIAGE
                assert (ClockKind.ACCEPT_TRANSFER in kinds) is handed
                if idea.state is not State.TRIAGE:
                    assert ClockKind.FIRST_REPLY not in kinds
                if idea.state is not State.TESTING:
                    assert ClockKind.VETO not in kinds

    @invariant()
    def every_move_has_actor_and_time_and_stands_in_the_audit_log(self) -> None:
        """Rule 2 of the life of an idea."""
        with reading() as unit:
            for idea_id in self.ideas:
                moves = unit.scalars(select(IdeaMove).where(IdeaMove.idea_id == idea_id)).all()
                rows = unit.scalars(select(AuditRow).where(AuditRow.object_id == idea_id)).all()
                audited = Counter(r.action for r in rows if r.object_kind == "idea")
                for verb, count in Counter(move.verb for move in moves).items():
                    assert audited[f"idea.{verb}"] == count
                for move in moves:
                    assert MONDAY <= move.at <= self.moment
                    assert (move.actor_id is None) is (move.verb in BY_PROGRAM)

    @invariant()
    def a_no_is_whole_and_the_authors_clock_began_when_the_idea_was_sent(self) -> None:
        """Rules 3 and 7 of the life of an idea."""
        with reading() as unit:
            for idea_id in self.ideas:
                idea = unit.get_one(Idea, idea_id)
                last = find_last_decision(idea_id)
                if idea.state is State.DECLINED:
                    assert last is not None
                    assert last.kind is DecisionKind.DECLINE
                    assert last.reason_code
                    assert last.would_change
                    assert len(last.sentence) >= LEAST_NO
                began = unit.scalars(
                    select(Clock.started_at)
                    .where(Clock.subject_id == idea_id, Clock.kind == ClockKind.DECIDE)
                    .order_by(Clock.id)
                ).all()
                assert began[0] == self.began[idea_id]
                anew = unit.scalars(
                    select(IdeaMove.at)
                    .where(IdeaMove.idea_id == idea_id, IdeaMove.verb.in_([Move.REOPEN, Move.HEAR]))
                    .order_by(IdeaMove.id)
                ).all()
                assert list(began[1:]) == list(anew)

    @invariant()
    def what_opens_again_has_a_day_and_what_goes_on_a_price(self) -> None:
        """Rules 5 and 7 of the life of an idea."""
        with reading() as unit:
            for idea_id in self.ideas:
                idea, last = unit.get_one(Idea, idea_id), find_last_decision(idea_id)
                if idea.state not in {State.DEFERRED, State.COST_ACCEPTED}:
                    continue
                assert last is not None
                assert last.review_on is not None
                if idea.state is State.COST_ACCEPTED:
                    assert last.yearly_minor
                    assert last.details["alternative"]

    @invariant()
    def an_appeal_is_heard_by_another_and_only_once(self) -> None:
        """The author's last word goes to somebody who did not sign."""
        with reading() as unit:
            for idea_id in self.ideas:
                moves = unit.scalars(
                    select(IdeaMove).where(IdeaMove.idea_id == idea_id).order_by(IdeaMove.id)
                ).all()
                appeals = [n for n, move in enumerate(moves) if move.verb == Move.APPEAL]
                assert len(appeals) <= 1
                for place in appeals:
                    signed = moves[place - 1].actor_id
                    later = {move.actor_id for move in moves[place + 1 :] if move.verb in DECISIONS}
                    assert signed not in later


def test_whatever_people_do_an_idea_never_waits_on_nobody(house: House) -> None:
    with now.at(MONDAY), writing():
        make_dear(house.billing.reason)
        make_dear(house.metering.reason)
    seen: set[State] = set()
    machine = type("LifeInThisHouse", (Life,), {"house": house, "seen": seen})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=26,
            stateful_step_count=22,
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert seen >= set(GOVERNED_BY) | {State.DECLINED, State.ALREADY_EXISTS, State.STOPPED}


def make_dear(reason: ContactReason) -> None:
    """Let a reason cost something that was counted, too little to forbid a plain no."""
    set_cost(PROGRAM, reason, avoidable_minor=500, full_minor=900, valid_from=MONDAY.date())
    make_insight(reason_id=reason.id, demand_type=DemandType.FAILURE, occurred_at=MONDAY)
