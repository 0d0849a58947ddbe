"""The life of an idea as one pure table: which move leads from where to where.

Labels are texts of the templates; nothing keys on a label.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from portal.errors import Conflict
from portal.i18n import gettext as _


class State(StrEnum):
    """Where an idea stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ROUTED = "routed"
    TRIAGE = "triage"
    NEEDS_INFO = "needs_info"
    MERGED = "merged"
    DECLINED = "declined"
    DEFERRED = "deferred"
    COST_ACCEPTED = "cost_accepted"
    ALREADY_EXISTS = "already_exists"
    TESTING = "testing"
    APPEALED = "appealed"
    ACCEPTED = "accepted"
    COMMITTED = "committed"
    IN_PROGRESS = "in_progress"
    IMPLEMENTED = "implemented"
    MEASURING = "measuring"
    VALIDATED = "validated"
    NOT_PROVEN = "not_proven"
    HARMFUL = "harmful"
    ROLLED_BACK = "rolled_back"
    CLOSED = "closed"
    STOPPED = "stopped"
    WITHDRAWN = "withdrawn"


class Move(StrEnum):
    """What can be done to an idea."""

    SUBMIT = "submit"
    ROUTE = "route"
    RECEIVE = "receive"
    ASK = "ask"
    ANSWER = "answer"
    RETURN_UNANSWERED = "return_unanswered"
    TRANSFER = "transfer"
    DECLINE = "decline"
    DEFER = "defer"
    ACCEPT_COST = "accept_cost"
    REOPEN = "reopen"
    POINT_OUT = "point_out"
    MERGE = "merge"
    UNMERGE = "unmerge"
    TEST = "test"
    TRY_OUT = "try_out"
    VETO = "veto"
    APPEAL = "appeal"
    HEAR = "hear"
    ACCEPT = "accept"
    UNDO = "undo"
    UNDO_TESTED = "undo_tested"
    UNDO_HEARD = "undo_heard"
    COMMIT = "commit"
    START = "start"
    STOP = "stop"
    IMPLEMENT = "implement"
    MEASURE = "measure"
    VALIDATE = "validate"
    FIND_NOT_PROVEN = "find_not_proven"
    FIND_HARMFUL = "find_harmful"
    ROLL_BACK = "roll_back"
    CLOSE = "close"
    WITHDRAW = "withdraw"


_BEFORE_COMMITMENT = (
    State.DRAFT,
    State.SUBMITTED,
    State.ROUTED,
    State.TRIAGE,
    State.NEEDS_INFO,
    State.DEFERRED,
    State.COST_ACCEPTED,
    State.TESTING,
    State.APPEALED,
    State.ACCEPTED,
)

APPEALABLE = (
    State.DECLINED,
    State.DEFERRED,
    State.COST_ACCEPTED,
    State.ALREADY_EXISTS,
    State.MERGED,
    State.STOPPED,
)
"""Answers that an author may take, once, to the head's head."""

_DECIDED = (
    State.NEEDS_INFO,
    State.DECLINED,
    State.DEFERRED,
    State.COST_ACCEPTED,
    State.ALREADY_EXISTS,
    State.TESTING,
    State.ACCEPTED,
)
"""Where a decision leads that was made on the desk."""

_DECIDED_ON_A_TEST = (State.TRIAGE, State.ACCEPTED, State.STOPPED)
"""Where a decision leads that was made on a test: a veto, a yes, an end."""

UNDOING: Mapping[State, Move] = MappingProxyType(
    {
        State.TRIAGE: Move.UNDO,
        State.TESTING: Move.UNDO_TESTED,
        State.APPEALED: Move.UNDO_HEARD,
    }
)
"""How a decision is undone, by where it was made: in the minute before anybody is told."""

TABLE: Mapping[tuple[State, Move], State] = MappingProxyType(
    {
        (State.DRAFT, Move.SUBMIT): State.SUBMITTED,
        (State.SUBMITTED, Move.ROUTE): State.ROUTED,
        (State.ROUTED, Move.RECEIVE): State.TRIAGE,
        (State.TRIAGE, Move.ASK): State.NEEDS_INFO,
        (State.TRIAGE, Move.TRANSFER): State.TRIAGE,
        (State.NEEDS_INFO, Move.ANSWER): State.TRIAGE,
        (State.NEEDS_INFO, Move.RETURN_UNANSWERED): State.TRIAGE,
        (State.TRIAGE, Move.DECLINE): State.DECLINED,
        (State.TRIAGE, Move.DEFER): State.DEFERRED,
        (State.TRIAGE, Move.ACCEPT_COST): State.COST_ACCEPTED,
        (State.DEFERRED, Move.REOPEN): State.TRIAGE,
        (State.COST_ACCEPTED, Move.REOPEN): State.TRIAGE,
        (State.TRIAGE, Move.POINT_OUT): State.ALREADY_EXISTS,
        (State.TRIAGE, Move.MERGE): State.MERGED,
        (State.MERGED, Move.UNMERGE): State.TRIAGE,
        (State.TRIAGE, Move.ACCEPT): State.ACCEPTED,
        (State.ACCEPTED, Move.COMMIT): State.COMMITTED,
        (State.COMMITTED, Move.START): State.IN_PROGRESS,
        (State.ACCEPTED, Move.STOP): State.STOPPED,
        (State.COMMITTED, Move.STOP): State.STOPPED,
        (State.IN_PROGRESS, Move.STOP): State.STOPPED,
        (State.TRIAGE, Move.TEST): State.TESTING,
        (State.TRIAGE, Move.TRY_OUT): State.TESTING,
        (State.TESTING, Move.VETO): State.TRIAGE,
        (State.TESTING, Move.ACCEPT): State.ACCEPTED,
        (State.TESTING, Move.STOP): State.STOPPED,
        (State.IN_PROGRESS, Move.IMPLEMENT): State.IMPLEMENTED,
        (State.IMPLEMENTED, Move.MEASURE): State.MEASURING,
        (State.IMPLEMENTED, Move.CLOSE): State.CLOSED,
        (State.MEASURING, Move.VALIDATE): State.VALIDATED,
        (State.MEASURING, Move.FIND_NOT_PROVEN): State.NOT_PROVEN,
        (State.MEASURING, Move.FIND_HARMFUL): State.HARMFUL,
        (State.HARMFUL, Move.ROLL_BACK): State.ROLLED_BACK,
        **{(state, Move.APPEAL): State.APPEALED for state in APPEALABLE},
        (State.APPEALED, Move.HEAR): State.TRIAGE,
        **{(state, Move.UNDO): State.TRIAGE for state in _DECIDED},
        **{(state, Move.UNDO_TESTED): State.TESTING for state in _DECIDED_ON_A_TEST},
        **{(state, Move.UNDO_HEARD): State.APPEALED for state in _DECIDED},
        **{(state, Move.WITHDRAW): State.WITHDRAWN for state in _BEFORE_COMMITMENT},
    }
)
"""Every allowed step; what is not here is refused."""

ENDS = frozenset(
    {
        State.DECLINED,
        State.ALREADY_EXISTS,
        State.MERGED,
        State.VALIDATED,
        State.NOT_PROVEN,
        State.ROLLED_BACK,
        State.CLOSED,
        State.STOPPED,
        State.WITHDRAWN,
    }
)
"""States in which nobody owes anything; an answer among them can still be appealed or undone."""

OPEN_FOR_TRIAGE = frozenset(
    {State.SUBMITTED, State.ROUTED, State.TRIAGE, State.NEEDS_INFO, State.APPEALED}
)
"""States before a decision."""


def next_state(state: State, move: Move) -> State:
    """Where a move leads.

    Raises
    ------
    Conflict
        If the move is not possible from here, perhaps because somebody was faster.
    """
    try:
        return TABLE[state, move]
    except KeyError:
        raise Conflict(_("This cannot be done any more: the idea has moved on.")) from None


def can_move(state: State, move: Move) -> bool:
    """Whether a move is possible from a state."""
    return (state, move) in TABLE


def moves_from(state: State) -> frozenset[Move]:
    """Everything that can be done in a state."""
    return frozenset(move for (start, move) in TABLE if start is state)
