"""What the page of one idea shows: everything that happened to it, from every slice."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.actor import Actor, Capability
from portal.authors.policies import can_ask
from portal.contributions.panels import parts_panel
from portal.delivery import queries as delivery
from portal.delivery.models import Track
from portal.delivery.policies import can_close, can_confirm, can_promise, can_report
from portal.ideas.lifecycle import Move, State, can_move
from portal.ideas.models import Idea, MarkKind
from portal.ideas.panels import idea_panels
from portal.ideas.queries import TimelineRow, map_comments, map_timelines
from portal.impact import queries as impact
from portal.impact.policies import can_validate
from portal.pages.queries import get_names
from portal.people.queries import list_faces
from portal.routing.matching import explain
from portal.triage import merges
from portal.triage import queries as triage
from portal.triage.appealing import is_appealable
from portal.triage.held import find_undoable
from portal.triage.models import Decision, DecisionKind
from portal.triage.policies import (
    can_answer,
    can_appeal,
    can_escalate,
    can_part,
    can_rate,
    can_triage,
    can_try_out,
)
from portal.triage.raising import is_late
from portal.triage.signing import ON_THE_DESK
from portal.triage.standing_in import CHOSEN_ANEW


@dataclass(frozen=True, slots=True)
class Doors:
    """What this reader may do with the idea now; each is a link or button on its page."""

    triage: bool
    answer: bool
    appeal: bool
    escalate: bool
    try_out: bool
    rate: bool
    commit: bool
    work: bool
    stop: bool
    close: bool
    roll_back: bool
    confirm: bool
    judge: bool
    unseal: bool
    log: bool


def get_idea_page(actor: Actor, idea: Idea) -> dict[str, Any]:
    """Everything the template needs, in a fixed number of statements."""
    panels = idea_panels(actor, idea)
    decisions = triage.list_decisions(idea.id)
    author_ids = {row.face.id for row in panels["authors"]}
    promised = delivery.get_delivery(idea.id, actor.id)
    names = get_names(idea.id)
    return {
        **panels,
        "names": names,
        "stands_for": _stands_for(panels["timeline"], names.handler),
        "why": explain(idea.routed_because or {}),
        "decisions": decisions,
        "signers": list_faces(
            person_id
            for decision in decisions
            for person_id in (decision.signed_by_id, decision.answered_by_id)
        ),
        "ratings": _ratings(panels, decisions),
        "delivery": promised,
        "result": impact.get_result(idea.id) if promised and promised.change else None,
        "escalation": _last_escalation(idea, panels["timeline"]),
        "undoable": find_undoable(actor, idea.id) if actor.can(Capability.TRIAGE) else None,
        "doors": _doors(actor, idea, panels, promised, decisions),
        **parts_panel(actor, idea, author_ids),
        **_joined(actor, idea, author_ids),
    }


def _joined(actor: Actor, idea: Idea, author_ids: Collection[int]) -> dict[str, Any]:
    """What the idea is joined to, and what to it: one statement, and two more where there is."""
    joined_into = merges.find_joined_into(idea.id) if idea.state is State.MERGED else None
    joined = merges.list_joined(idea.id)
    ids = [one.idea_id for one in joined]
    departments = (idea.owner_department_id, joined_into.department_id if joined_into else None)
    return {
        "joined_into": joined_into,
        "joined": joined,
        "joined_steps": map_timelines(ids) if ids else {},
        "joined_comments": map_comments(ids) if ids else {},
        "may_part": joined_into is not None and can_part(actor, departments, author_ids),
    }


AT_THE_HEADS = ON_THE_DESK | {State.TESTING}
"""Where a head can decide."""


def _ratings(panels: dict[str, Any], decisions: Sequence[Decision]) -> dict[int, bool]:
    """What an author said of the answers; nobody else is asked."""
    author = panels["author"]
    if not decisions or not can_rate(author, {row.face.id for row in panels["authors"]}):
        return {}
    return triage.map_ratings(decisions[0].idea_id, author.id)


def _doors(
    actor: Actor,
    idea: Idea,
    panels: dict[str, Any],
    promised: delivery.Delivery | None,
    decisions: Sequence[Decision],
) -> Doors:
    state = idea.state
    author_ids = {row.face.id for row in panels["authors"]}
    supporter_ids = {actor.id} if panels["is_supported"] and actor.id else set[int]()
    may_report = promised is not None and can_report(actor, idea, promised.promise.person.id)
    author = panels["author"]
    is_quick = promised is not None and promised.promise.track is Track.QUICK
    asked = state is State.NEEDS_INFO and any(map(_is_open_question, decisions))
    return Doors(
        triage=state in AT_THE_HEADS and can_triage(actor, idea, author_ids),
        answer=asked
        and (
            can_answer(author, author_ids, supporter_ids)
            or can_answer(actor, author_ids, supporter_ids)
        ),
        appeal=can_appeal(author, author_ids)
        and is_appealable(idea)
        and triage.find_appeal(idea.id) is None,
        escalate=_may_escalate(idea, panels, author_ids),
        try_out=state is State.TRIAGE and can_try_out(author, author_ids),
        rate=can_rate(author, author_ids),
        commit=state is State.ACCEPTED and can_promise(actor, idea),
        work=state in {State.COMMITTED, State.IN_PROGRESS} and may_report,
        stop=can_move(state, Move.STOP) and can_promise(actor, idea),
        close=state is State.IMPLEMENTED and is_quick and can_close(actor, idea),
        roll_back=state is State.HARMFUL and can_promise(actor, idea),
        confirm=_may_confirm(actor, promised),
        judge=state is State.MEASURING and can_validate(actor, idea),
        unseal=panels["is_own_seal"] and can_ask(actor),
        log=actor.can(Capability.ADMINISTER),
    )


ESCALATIONS = frozenset({MarkKind.OVER, MarkKind.TWICE, MarkKind.RAISED})


def _may_escalate(idea: Idea, panels: dict[str, Any], author_ids: set[int]) -> bool:
    was_raised = any(row.what is MarkKind.RAISED for row in panels["timeline"])
    return (
        can_escalate(panels["author"], author_ids)
        and is_late(idea)
        and idea.handler_id not in author_ids
        and not was_raised
    )


def _last_escalation(idea: Idea, timeline: Sequence[TimelineRow]) -> TimelineRow | None:
    """Who was told last that what is owed now is late; None while it is in time."""
    return next(
        (
            row
            for row in timeline
            if row.what in ESCALATIONS and idea.waits_since and row.at >= idea.waits_since
        ),
        None,
    )


_HANDS = frozenset(
    {
        *(MarkKind.STOOD_IN, MarkKind.CAME_BACK, MarkKind.PASSED),
        *(MarkKind.OFFERED, MarkKind.TAKEN_BACK),
        *CHOSEN_ANEW - {Move.RECEIVE},
    }
)


def _stands_for(timeline: Sequence[TimelineRow], handler: str | None) -> dict[str, Any] | None:
    """For whom the handler stands in, and until which day."""
    last = next((row for row in timeline if row.what in _HANDS), None)
    if last is None or last.what is not MarkKind.STOOD_IN or last.person_name != handler:
        return None
    until = last.details.get("until")
    return {
        "name": last.details.get("instead_of"),
        "until": date.fromisoformat(until) if until else None,
    }


def _is_open_question(decision: Decision) -> bool:
    return decision.kind is DecisionKind.ASK and decision.answered_at is None


def _may_confirm(actor: Actor, promised: delivery.Delivery | None) -> bool:
    if promised is None or promised.change is None or promised.change.mine is not None:
        return False
    return can_confirm(actor, promised.credited)
