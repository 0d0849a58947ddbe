"""The table of an idea's life, on its own."""

from itertools import pairwise

import pytest
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from hypothesis.strategies import data, sampled_from

from portal.errors import Conflict
from portal.ideas.lifecycle import (
    ENDS,
    OPEN_FOR_TRIAGE,
    TABLE,
    UNDOING,
    Move,
    State,
    can_move,
    moves_from,
    next_state,
)

DECIDING = frozenset(
    {
        *(Move.ACCEPT, Move.ASK, Move.DECLINE, Move.DEFER, Move.ACCEPT_COST, Move.POINT_OUT),
        *(Move.TEST, Move.STOP, Move.VETO),
    }
)
COMMITTED = frozenset(
    {State.COMMITTED, State.IN_PROGRESS, State.IMPLEMENTED, State.MEASURING, State.HARMFUL}
)


@pytest.mark.parametrize("state", sorted(set(State) - ENDS))
def test_every_state_that_is_no_end_has_a_way_on(state: State) -> None:
    assert moves_from(state)


@pytest.mark.parametrize("state", sorted(ENDS))
def test_from_an_end_only_an_appeal_or_undoing_leads_on(state: State) -> None:
    assert moves_from(state) <= {Move.APPEAL, Move.UNMERGE, *UNDOING.values()}


@pytest.mark.parametrize("state", UNDOING)
def test_undoing_leads_back_from_wherever_a_decision_leads(state: State) -> None:
    desk = State.TRIAGE if state is State.APPEALED else state
    decided = {end for (start, move), end in TABLE.items() if start is desk and move in DECIDING}
    assert decided
    for end in decided:
        assert next_state(end, UNDOING[state]) is state


def test_what_can_be_appealed_is_an_answer_and_nothing_else() -> None:
    answers = {state for state in State if can_move(state, Move.APPEAL)}
    assert answers == {
        State.DECLINED,
        State.DEFERRED,
        State.COST_ACCEPTED,
        State.ALREADY_EXISTS,
        State.MERGED,
        State.STOPPED,
    }


def test_every_state_can_be_reached_and_every_move_is_used() -> None:
    reached = {State.DRAFT}
    for _ in State:
        reached |= {end for (start, _move), end in TABLE.items() if start in reached}
    assert reached == set(State)
    assert {move for _state, move in TABLE} == set(Move)


def test_from_everywhere_some_end_can_be_reached() -> None:
    ending = set(ENDS)
    for _ in State:
        ending |= {start for (start, _move), end in TABLE.items() if end in ending}
    assert ending == set(State)


def test_nothing_leads_back_to_a_draft() -> None:
    assert State.DRAFT not in TABLE.values()


def test_an_idea_can_be_taken_back_until_somebody_commits() -> None:
    withdrawable = {state for state in State if can_move(state, Move.WITHDRAW)}
    assert withdrawable == OPEN_FOR_TRIAGE | {
        State.DRAFT,
        State.DEFERRED,
        State.COST_ACCEPTED,
        State.TESTING,
        State.ACCEPTED,
    }


def test_a_step_that_is_not_in_the_table_is_a_conflict() -> None:
    with pytest.raises(Conflict, match="moved on"):
        next_state(State.DECLINED, Move.ACCEPT)


class Life(RuleBasedStateMachine):
    """An idea that takes any step the table allows."""

    def __init__(self) -> None:
        super().__init__()
        self.state = State.DRAFT
        self.past = [State.DRAFT]

    @precondition(lambda self: self.state not in ENDS)
    @rule(data=data())
    def take_a_step(self, data) -> None:
        move = data.draw(sampled_from(sorted(moves_from(self.state))))
        self.state = next_state(self.state, move)
        self.past.append(self.state)

    @rule(move=sampled_from(Move))
    def try_anything(self, move: Move) -> None:
        if not can_move(self.state, move):
            with pytest.raises(Conflict):
                next_state(self.state, move)

    @invariant()
    def what_is_proven_was_accepted_committed_done_and_measured(self) -> None:
        if self.state in {State.VALIDATED, State.NOT_PROVEN, State.HARMFUL}:
            for earlier in (
                State.ACCEPTED,
                State.COMMITTED,
                State.IN_PROGRESS,
                State.IMPLEMENTED,
                State.MEASURING,
            ):
                assert earlier in self.past

    @invariant()
    def nothing_goes_back_from_a_commitment_to_triage_but_by_an_appeal(self) -> None:
        first = next((n for n, state in enumerate(self.past) if state in COMMITTED), None)
        if first is not None and State.APPEALED not in self.past[first:]:
            assert not OPEN_FOR_TRIAGE & set(self.past[first:])

    @invariant()
    def after_an_end_comes_an_appeal_or_the_desk_or_nothing(self) -> None:
        for state, after in pairwise(self.past):
            assert state not in ENDS or after in {State.APPEALED, State.TRIAGE}


TestLife = Life.TestCase
