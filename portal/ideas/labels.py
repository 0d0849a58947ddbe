"""The words for states and moves, in the reader's language; nothing keys on them."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from portal.columns import JsonObject
from portal.i18n import format_day
from portal.i18n import gettext as _
from portal.ideas.lifecycle import Move, State
from portal.ideas.models import Control, Lens, MarkKind
from portal.insights.models import Channel
from portal.insights.words import channel_word

_STATES = MappingProxyType(
    {
        State.DRAFT: "Draft",
        State.SUBMITTED: "Sent",
        State.ROUTED: "On its way",
        State.TRIAGE: "Being looked at",
        State.NEEDS_INFO: "Asked back",
        State.MERGED: "Joined to another",
        State.DECLINED: "Not now",
        State.DEFERRED: "Put off",
        State.COST_ACCEPTED: "Cost accepted",
        State.ALREADY_EXISTS: "Exists already",
        State.TESTING: "Being tried",
        State.APPEALED: "Appealed",
        State.ACCEPTED: "Accepted",
        State.COMMITTED: "Promised",
        State.IN_PROGRESS: "In work",
        State.IMPLEMENTED: "Live",
        State.MEASURING: "Being measured",
        State.VALIDATED: "Validated",
        State.NOT_PROVEN: "Not proven",
        State.HARMFUL: "Did harm",
        State.ROLLED_BACK: "Rolled back",
        State.CLOSED: "Done",
        State.STOPPED: "Stopped",
        State.WITHDRAWN: "Taken back",
    }
)


def state_label(state: State) -> str:
    """The word on the state's pill."""
    return _(_STATES[State(state)])


ICONS: Mapping[Move | MarkKind, str] = {
    MarkKind.OVER: "siren",
    MarkKind.TWICE: "siren",
    MarkKind.RAISED: "arrow-up",
    MarkKind.STOOD_IN: "user-check",
    MarkKind.CAME_BACK: "undo-2",
    MarkKind.PASSED: "user-plus",
    MarkKind.OFFERED: "user-plus",
    MarkKind.TAKEN_BACK: "undo-2",
    MarkKind.REPLANNED: "calendar-clock",
    MarkKind.PART_ASKED: "users",
    MarkKind.PART_GIVEN: "check",
    MarkKind.PART_REFUSED: "undo-2",
    MarkKind.PART_WITHDRAWN: "x",
    Move.SUBMIT: "send",
    Move.ROUTE: "route",
    Move.RECEIVE: "inbox",
    Move.ASK: "message-circle",
    Move.ANSWER: "message-circle",
    Move.RETURN_UNANSWERED: "rotate-ccw",
    Move.TRANSFER: "split",
    Move.DECLINE: "x",
    Move.DEFER: "calendar-clock",
    Move.ACCEPT_COST: "banknote",
    Move.REOPEN: "refresh-cw",
    Move.POINT_OUT: "link",
    Move.MERGE: "git-merge",
    Move.UNMERGE: "split",
    Move.TEST: "target",
    Move.TRY_OUT: "zap",
    Move.VETO: "circle-x",
    Move.APPEAL: "scale",
    Move.HEAR: "ear",
    Move.ACCEPT: "check",
    Move.UNDO: "undo-2",
    Move.UNDO_TESTED: "undo-2",
    Move.UNDO_HEARD: "undo-2",
    Move.COMMIT: "handshake",
    Move.START: "hammer",
    Move.STOP: "circle-x",
    Move.IMPLEMENT: "flag",
    Move.MEASURE: "chart-line",
    Move.VALIDATE: "badge-check",
    Move.FIND_NOT_PROVEN: "circle-help",
    Move.FIND_HARMFUL: "triangle-alert",
    Move.ROLL_BACK: "rotate-ccw",
    Move.CLOSE: "check-check",
    Move.WITHDRAW: "undo-2",
}
"""The picture of each step and mark on the timeline (symbols of ``static/icons.svg``)."""


def move_sentence(move: Move, actor_name: str | None, details: JsonObject) -> str:
    """What happened, as the timeline says it; ``actor_name`` is None for the clockwork.

    ``details`` may name a ``department`` (where it went).
    """
    name = actor_name or _("The program")
    department = details.get("department")
    if move in {Move.ROUTE, Move.TRANSFER} and department:
        return _("To %(department)s", department=department)
    if move is Move.UNMERGE and details.get("number"):
        return _("%(name)s took it out of I-%(number)s", name=name, number=details["number"])
    return {
        Move.SUBMIT: _("%(name)s sent it", name=name),
        Move.ROUTE: _("It found its department"),
        Move.RECEIVE: _("It reached the desk"),
        Move.ASK: _("%(name)s asked a question", name=name),
        Move.ANSWER: _("%(name)s answered", name=name),
        Move.RETURN_UNANSWERED: _("No answer came in time; it is back on the desk"),
        Move.TRANSFER: _("%(name)s passed it on", name=name),
        Move.DECLINE: _("%(name)s declined it", name=name),
        Move.DEFER: _("%(name)s put it off, with a day to look again", name=name),
        Move.ACCEPT_COST: _("%(name)s signed that the calls go on", name=name),
        Move.REOPEN: _("The day to look again has come"),
        Move.POINT_OUT: _("%(name)s says it exists already", name=name),
        Move.MERGE: _("%(name)s joined it to another", name=name),
        Move.UNMERGE: _("%(name)s took the two apart again", name=name),
        Move.TEST: _("%(name)s has it tried out", name=name),
        Move.TRY_OUT: _("%(name)s tries it out", name=name),
        Move.VETO: _("%(name)s stopped the try before it began", name=name),
        Move.APPEAL: _("%(name)s appealed", name=name),
        Move.HEAR: _("%(name)s heard the appeal", name=name),
        Move.ACCEPT: _("%(name)s accepted it", name=name),
        Move.UNDO: _("%(name)s took the decision back", name=name),
        Move.UNDO_TESTED: _("%(name)s took the decision back", name=name),
        Move.UNDO_HEARD: _("%(name)s took the decision back", name=name),
        Move.COMMIT: _("%(name)s made a promise", name=name),
        Move.START: _("%(name)s started the work", name=name),
        Move.STOP: _("%(name)s stopped it", name=name),
        Move.IMPLEMENT: _("%(name)s says it is live", name=name),
        Move.MEASURE: _("The measuring began"),
        Move.VALIDATE: _("%(name)s signed that it worked", name=name),
        Move.FIND_NOT_PROVEN: _("%(name)s signed that it is not proven", name=name),
        Move.FIND_HARMFUL: _("%(name)s signed that it made things worse", name=name),
        Move.ROLL_BACK: _("%(name)s rolled it back", name=name),
        Move.CLOSE: _("%(name)s closed it: done", name=name),
        Move.WITHDRAW: _("%(name)s took it back", name=name),
    }[move]


def mark_sentence(
    kind: MarkKind, actor_name: str | None, person_name: str | None, details: JsonObject
) -> str:
    """What happened without a step; ``person_name`` is who was told, or whom it waits on now.

    ``details`` may hold ``instead_of``, the name of whom it waited on, when it is ``due``, and
    the ``department`` whose part it is.
    """
    name, person = actor_name or _("The program"), person_name or _("Nobody")
    before = details.get("instead_of") or _("somebody")
    due, there = details.get("due"), details.get("department") or _("Nobody yet")
    day = format_day(datetime.fromisoformat(due)) if due else ""
    return {
        MarkKind.OVER: _("Its time is over: %(person)s was told", person=person),
        MarkKind.TWICE: _("It has taken twice its time: escalated to %(person)s", person=person),
        MarkKind.RAISED: _("%(name)s escalated it to %(person)s", name=name, person=person),
        MarkKind.STOOD_IN: _(
            "%(before)s is away: it waits on %(person)s", before=before, person=person
        ),
        MarkKind.CAME_BACK: _("%(person)s is back, and it waits on them again", person=person),
        MarkKind.PASSED: _(
            "It waits on %(person)s now, no longer on %(before)s", before=before, person=person
        ),
        MarkKind.OFFERED: _(
            "The desk of %(before)s is full: it waits on %(person)s", before=before, person=person
        ),
        MarkKind.TAKEN_BACK: _("%(person)s took it back onto their own desk", person=person),
        MarkKind.REPLANNED: _("Business hours have changed: it is due on %(day)s", day=day),
        MarkKind.PART_ASKED: _("%(name)s asked %(there)s for its part", name=name, there=there),
        MarkKind.PART_GIVEN: _(
            "%(there)s did its part: %(name)s signed it", name=name, there=there
        ),
        MarkKind.PART_REFUSED: _("%(there)s gave its part back: %(name)s", name=name, there=there),
        MarkKind.PART_WITHDRAWN: _("The part of %(there)s is not needed any more", there=there),
    }[kind]


def lens_label(lens: Lens) -> str:
    """Who gains."""
    return {
        Lens.CUSTOMER: _("Customers"),
        Lens.EMPLOYEE: _("Us who work here"),
        Lens.BUSINESS: _("The business"),
    }[lens]


def control_label(control: Control) -> str:
    """Who can change it."""
    return {
        Control.OURS: _("My team can do it"),
        Control.INFLUENCE: _("Somebody we can talk to"),
        Control.NEEDS_EXECUTIVE: _("Only an executive"),
    }[control]


def channel_label(channel: Channel) -> str:
    """How the customer got in touch, in the words of the insights."""
    return channel_word(channel)
