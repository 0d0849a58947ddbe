"""Random lives of ideas, through the real services: what always holds, holds."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

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
from sqlalchemy import delete, select

from portal import now
from portal.actor import PROGRAM, Actor
from portal.audit.models import AuditRow
from portal.clocks.models import Clock, ClockKind
from portal.clocks.queries import find_governing, list_open
from portal.database import reading, session, writing
from portal.demand.models import ContactReason
from portal.demand.services import set_cost
from portal.errors import PortalError, RuleBroken
from portal.ideas.lifecycle import ENDS, Move, State
from portal.ideas.models import Idea, IdeaMark, IdeaMove, MarkKind
from portal.ideas.services import withdraw_idea
from portal.insights.models import DemandType
from portal.people.absences import call_off, list_absences, map_away, note_absence
from portal.people.models import Absence, Department, Person
from portal.people.services import appoint
from portal.routing.chairs import load_chairs
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
from portal.triage.standing_in import find_standing, list_heard, settle_all
from portal.triage.sweeping import sweep
from portal.triage.trying import begin_test, stop_test, try_out, veto
from tests.factories.insights import make_insight
from tests.factories.people import actor_of, make_person
from tests.factories.triage import House, submit

MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
SENTENCE = "A sentence that is long enough to be signed."
BY_PROGRAM = {Move.ROUTE, Move.RECEIVE, Move.RETURN_UNANSWERED, Move.REOPEN}
BY_EITHER = {Move.UNMERGE}
"""Whoever takes their idea back does not take back what was joined to it: the program parts it."""
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
chair = st.tuples(department, st.sampled_from(["head", "head", "deputy"]))


class Life(RuleBasedStateMachine):
    """Up to two ideas at once; whoever tries whatever, and is refused where it is not theirs."""

    house: ClassVar[House]
    newcomers: ClassVar[list[Person]]
    seen: ClassVar[set[State]]
    marked: ClassVar[set[MarkKind]]

    def __init__(self) -> None:
        super().__init__()
        self.moment = MONDAY
        self.ideas: list[int] = []
        self.began: dict[int, datetime] = {}
        self.turns = 0

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
            settle_all()
            sweep()

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
        everybody = [self.house.agent, self.house.colleague, *self.newcomers]
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
    def whoever_it_waits_on_is_there_as_long_as_anybody_is(self) -> None:
        """Rule 1 through absences and changes of chairs: nothing lies on an empty desk."""
        with reading() as unit, now.at(self.moment):
            away, chairs = set(map_away()), load_chairs()
            for idea_id in self.ideas:
                idea = unit.get_one(Idea, idea_id)
                kinds = unit.scalars(select(IdeaMark.kind).where(IdeaMark.idea_id == idea_id))
                self.marked.update(kinds)
                clock = find_governing("idea", idea_id)
                authors = list_author_ids(idea_id)
                if clock is None or clock.accountable_id in authors:
                    continue
                owner = idea.owner_department_id or 0
                standing = find_standing(idea_id)
                if standing is not None:
                    assert standing.stand_in_id == clock.accountable_id
                    assert standing.absent_id in away
                if clock.accountable_id in away:
                    out = {*authors, *away, *list_heard(idea)}
                    assert chairs.find_stand_in(owner, clock.accountable_id, out) is None
                else:
                    is_executive = clock.accountable_id == chairs.find_executive(authors)
                    assert is_executive or chairs.is_above(owner, clock.accountable_id)

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
                    is_by_program = move.actor_id is None
                    assert move.verb in BY_EITHER or is_by_program is (move.verb in BY_PROGRAM)

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


class ComingAndGoing(Life):
    """The same lives, while those who answer are away, come back, and are replaced."""

    @rule(who=chair, first=st.sampled_from([0, 2]), days=st.sampled_from([0, 3, 12]))
    def be_away(self, who: tuple[str, str], first: int, days: int) -> None:
        """Somebody in a chair notes when they are away, perhaps everybody at once."""
        person = self.sitting(*who)
        if person is None:
            return
        begins = self.moment.date() + timedelta(days=first)
        with now.at(self.moment), suppress(RuleBroken):
            with writing() as unit:
                note_absence(
                    actor_of(person),
                    unit.get_one(Person, person.id),
                    from_on=begins,
                    until_on=begins + timedelta(days=days),
                    zone=ZoneInfo("Europe/Berlin"),
                )
            settle_all()

    @rule(who=chair)
    def be_away_for_a_day(self, who: tuple[str, str]) -> None:
        """Somebody in a chair is away today, and back soon after."""
        self.be_away(who=who, first=0, days=0)
        self.wait(days=3)

    @rule(who=chair)
    def come_back_early(self, who: tuple[str, str]) -> None:
        """Somebody is back before they said."""
        person = self.sitting(*who)
        if person is None:
            return
        with now.at(self.moment):
            with writing() as unit:
                for absence in list_absences(person.id)[:1]:
                    call_off(actor_of(person), unit.get_one(Person, person.id), absence.id)
            settle_all()

    @rule(
        name=st.sampled_from(["billing", "metering"]), seats=st.sampled_from(["12", "1", "2", ""])
    )
    def seat_others(self, name: str, seats: str) -> None:
        """Others come to sit there, or nobody; the two who sat there may come back."""
        desk = getattr(self.house, name)
        spare = [desk.head, desk.deputy, *self.newcomers]
        self.turns += 1
        head = spare[self.turns % len(spare)] if "1" in seats else None
        deputy = spare[(self.turns + 1) % len(spare)] if "2" in seats else None
        with now.at(self.moment), writing() as unit:
            appoint(
                PROGRAM,
                unit.get_one(Department, desk.department.id),
                head=head and unit.get_one(Person, head.id),
                deputy=deputy and unit.get_one(Person, deputy.id),
            )

    @rule(which=which, n=st.integers(min_value=0, max_value=1))
    def replace_whom_it_waits_on(self, which: int, n: int) -> None:
        """Somebody new comes to head the department whose head it waits on."""
        with now.at(self.moment), writing() as unit:
            waits_on, newcomer = self.idea(which).handler_id, self.newcomers[n]
            for desk in (self.house.billing, self.house.metering):
                department = unit.get_one(Department, desk.department.id)
                deputy_id = department.deputy_id
                if waits_on is not None and waits_on == department.head_id != newcomer.id:
                    appoint(
                        PROGRAM,
                        department,
                        head=unit.get_one(Person, newcomer.id),
                        deputy=unit.get_one(Person, deputy_id) if deputy_id else None,
                    )

    def sitting(self, name: str, seat: str) -> Person | None:
        """Who sits in a chair now."""
        with reading() as unit:
            department = unit.get_one(Department, getattr(self.house, name).department.id)
            person_id = department.head_id if seat == "head" else department.deputy_id
            return unit.get(Person, person_id) if person_id else None

    def teardown(self) -> None:
        """Everybody sits again where they sat, and nobody is away."""
        with writing() as unit:
            unit.execute(delete(Absence))
            for desk in (self.house.billing, self.house.metering):
                appoint(
                    PROGRAM,
                    unit.get_one(Department, desk.department.id),
                    head=unit.get_one(Person, desk.head.id),
                    deputy=unit.get_one(Person, desk.deputy.id),
                )


def play(house: House, kind: type[Life], examples: int) -> tuple[set[State], set[MarkKind]]:
    """Play random lives in a house: the states and marks that were seen."""
    with now.at(MONDAY), writing():
        make_dear(house.billing.reason)
        make_dear(house.metering.reason)
        newcomers = [make_person("First newcomer"), make_person("Second newcomer")]
    seen: set[State] = set()
    marked: set[MarkKind] = set()
    known = {"house": house, "seen": seen, "marked": marked, "newcomers": newcomers}
    run_state_machine_as_test(
        type("LifeInThisHouse", (kind,), known),
        settings=settings(
            max_examples=examples,
            stateful_step_count=22,
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    return seen, marked


def test_whatever_people_do_an_idea_never_waits_on_nobody(house: House) -> None:
    seen, marked = play(house, Life, 26)
    assert MarkKind.OVER in marked
    assert seen >= set(GOVERNED_BY) | {State.DECLINED, State.ALREADY_EXISTS, State.STOPPED}


def test_whoever_comes_and_goes_an_idea_never_waits_on_an_empty_desk(house: House) -> None:
    _seen, marked = play(house, ComingAndGoing, 14)
    assert marked & {MarkKind.STOOD_IN, MarkKind.CAME_BACK, MarkKind.PASSED}


def make_dear(reason: ContactReason) -> None:
    """Let a reason cost something that was counted, too little to forbid a plain no."""
    set_cost(PROGRAM, reason, avoidable_minor=500, full_minor=900, valid_from=MONDAY.date())
    make_insight(reason_id=reason.id, demand_type=DemandType.FAILURE, occurred_at=MONDAY)
