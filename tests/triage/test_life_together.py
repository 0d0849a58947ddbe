"""Random lives of ideas that are joined and taken apart, and that others have a part in."""

from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule
from sqlalchemy import select

from portal import now
from portal.actor import Actor
from portal.clocks.queries import list_open
from portal.contributions.keeping import keep_parts, sweep_parts
from portal.contributions.models import Contribution, Outcome
from portal.contributions.queries import SUBJECT
from portal.contributions.queries import list_open as list_open_parts
from portal.contributions.services import AT_WORK, ask_for_part, settle_part, withdraw_part
from portal.database import reading, session, writing
from portal.ideas.lifecycle import State
from portal.ideas.models import Idea, IdeaAuthor, Support
from portal.ideas.services import support_idea
from portal.people.models import Person
from portal.routing.queries import get_open_transfer, list_author_ids
from portal.routing.services import call_back
from portal.triage.merging import merge_ideas, unmerge_ideas
from tests.factories.people import actor_of
from tests.factories.triage import House, submit
from tests.triage.test_life import SENTENCE, Life, department, play, which, whoever

Shares = dict[int, int]


class LifeTogether(Life):
    """The same lives, with merges, tasks of other departments, and hand-overs called back."""

    settled: ClassVar[set[Outcome | None]] = set()
    merged: ClassVar[list[int]] = []

    def __init__(self) -> None:
        super().__init__()
        self.alone: dict[int, tuple[Shares, set[int]]] = {}

    @initialize(owner=department)
    def begin_with_two(self, owner: str) -> None:
        """There is another idea, of somebody else."""
        with now.at(self.moment), writing():
            idea = submit(self.house.colleague, getattr(self.house, owner).reason)
        self.ideas.append(idea.id)
        self.began[idea.id] = self.moment

    @precondition(lambda self: len(self.ideas) == 2)
    @rule(which=which, who=whoever)
    def join(self, which: int, who: str) -> None:
        """Somebody joins one to the other."""
        with reading():
            other = self.idea(1 - which)
            state, number, before = self.idea(which).state, other.id, self.people_of(other.id)
        self.attempt(
            which,
            who,
            lambda a, i: merge_ideas(a, i, session().get_one(Idea, number), sentence=SENTENCE),
        )
        with reading():
            if state is not State.MERGED and self.idea(which).state is State.MERGED:
                self.alone[number] = before
                self.merged.append(number)
                shares, supporters = self.people_of(number)
                assert set(shares) == set(before[0]) | set(self.people_of(self.idea(which).id)[0])
                assert not supporters & set(shares), "an author is counted as one alone"

    @rule(which=which, who=whoever)
    def part(self, which: int, who: str) -> None:
        """Somebody takes the two apart: the other one is as it was, but for who came since."""
        with reading():
            state = self.idea(which).state
        self.attempt(which, who, lambda a, i: unmerge_ideas(a, i))
        with reading():
            if state is State.MERGED and self.idea(which).state is State.TRIAGE:
                into = self.ideas[1 - which % 2]
                shares, supporters = self.people_of(into)
                assert shares == self.alone[into][0]
                assert supporters >= self.alone[into][1] - set(shares)

    @precondition(lambda self: len(self.ideas) == 2)
    @rule(which=which)
    def join_and_part(self, which: int) -> None:
        """Two are joined and taken apart at once, as far as both are possible."""
        self.join(which=which, who="handler")
        self.part(which=which, who="head")

    @rule(which=which)
    def meet_the_same(self, which: int) -> None:
        """Somebody says me too."""
        self.attempt(
            which, "stranger", lambda a, i: support_idea(a, i, occurred_on=self.moment.date())
        )

    @rule(which=which)
    def call_back(self, which: int) -> None:
        """Whoever handed it on takes that back, as far as it is not answered."""
        before = self.decide_clock(which)
        for who in ("handler", "head"):
            self.attempt(which, who, lambda a, i: call_back(a, get_open_transfer(i.id)))
        assert self.decide_clock(which) == before

    @rule(which=which, who=whoever, to=department)
    def ask_another(self, which: int, who: str, to: str) -> None:
        """Somebody asks another department for its part."""
        asked = getattr(self.house, to).department.id
        before = self.decide_clock(which)
        self.attempt(
            which, who, lambda a, i: ask_for_part(a, i, department_id=asked, task=SENTENCE)
        )
        assert self.decide_clock(which) == before

    @rule(which=which, who=whoever, is_done=st.booleans())
    def do_a_part(self, which: int, who: str, is_done: bool) -> None:
        """Somebody signs an open task, or gives it back."""

        def settle(actor: Actor, idea: Idea) -> None:
            for one in list_open_parts(idea.id)[:1]:
                holder_id = list_open(SUBJECT, one.id)[0].accountable_id
                by = actor_of(session().get_one(Person, holder_id)) if who == "handler" else actor
                settle_part(by, one, words=SENTENCE, is_done=is_done)

        self.attempt(which, who, settle)

    @rule(which=which, to=department, is_done=st.booleans())
    def ask_another_who_answers(self, which: int, to: str, is_done: bool) -> None:
        """A task and its answer, as far as both are possible."""
        self.ask_another(which=which, who="handler", to=to)
        self.do_a_part(which=which, who="handler", is_done=is_done)

    @rule(which=which, who=whoever)
    def do_without(self, which: int, who: str) -> None:
        """Somebody takes a task back."""
        self.attempt(
            which, who, lambda a, i: [withdraw_part(a, i, one) for one in list_open_parts(i.id)[:1]]
        )

    @rule(days=st.sampled_from([1, 8]))
    def let_tasks_wait(self, days: int) -> None:
        """Time passes for the tasks as well."""
        self.wait(days=days)
        with now.at(self.moment):
            keep_parts()
            sweep_parts()

    @staticmethod
    def people_of(idea_id: int) -> tuple[Shares, set[int]]:
        """Authors with their shares, and whoever meets the same."""
        authors = select(IdeaAuthor.person_id, IdeaAuthor.share_percent)
        supports = select(Support.person_id).where(Support.idea_id == idea_id)
        rows = session().execute(authors.where(IdeaAuthor.idea_id == idea_id))
        return {row[0]: row[1] for row in rows}, set(session().scalars(supports))

    @invariant()
    def everybody_is_counted_once(self) -> None:
        """Rule 6: shares are whole, and the number shown is that of people."""
        with reading():
            for idea_id in self.ideas:
                shares, supporters = self.people_of(idea_id)
                assert sum(shares.values()) == 100
                assert session().get_one(Idea, idea_id).support_count == len(supporters)

    @invariant()
    def an_open_task_has_one_holder_and_one_clock_and_a_settled_one_none(self) -> None:
        """Rule 1, for tasks; and nobody has a part in their own idea."""
        with reading() as unit:
            for one in unit.scalars(
                select(Contribution).where(Contribution.idea_id.in_(self.ideas))
            ).all():
                self.settled.add(one.outcome)
                clocks = list_open(SUBJECT, one.id)
                if one.settled_at is not None:
                    assert clocks == []
                    continue
                (clock,) = clocks
                idea = unit.get_one(Idea, one.idea_id)
                assert clock.is_governing
                assert clock.accountable_id not in list_author_ids(idea.id)
                assert idea.state in AT_WORK
                assert one.department_id != idea.owner_department_id


def test_whatever_is_joined_and_asked_everybody_is_counted_once(house: House) -> None:
    play(house, LifeTogether, 22)
    assert LifeTogether.merged, "two were joined"
    assert LifeTogether.settled >= {None, Outcome.GIVEN, Outcome.WITHDRAWN}
