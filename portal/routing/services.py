"""Routing an idea to its owner, and handing it on."""

from datetime import datetime

from portal.actor import PROGRAM, Actor
from portal.audit.services import record
from portal.clocks.models import ClockKind
from portal.clocks.queries import find_governing
from portal.clocks.services import hand_over, start_clock, stop_clocks
from portal.columns import JsonObject
from portal.database import session
from portal.demand.owners import by_orphanage
from portal.errors import Conflict, RuleBroken
from portal.events import publish
from portal.i18n import gettext as _
from portal.ideas.events import IdeaMoving
from portal.ideas.lifecycle import Move, State
from portal.ideas.models import Idea
from portal.ideas.services import SUBJECT, move_idea
from portal.now import now
from portal.people.models import Department
from portal.people.queries import get_department, get_orphans_desk, get_person
from portal.routing import matching
from portal.routing.choosing import choose_desk, facts_of_idea
from portal.routing.events import IdeaCalledBack, IdeaRouted, IdeaTransferred
from portal.routing.models import Transfer, TransferOutcome
from portal.routing.offers import mark_offered
from portal.routing.policies import can_call_back, can_transfer
from portal.routing.queries import (
    count_hops,
    find_open_transfer,
    list_author_ids,
)
from portal.routing.room import find_desk, get_desk
from portal.routing.words import signed_words

HOPS_BETWEEN_HEADS = 1
"""So often heads hand an idea to each other; after that their common superior has it."""


def route_idea(idea: Idea) -> None:
    """Bring a submitted idea onto the desk of the department whose it is.

    That is the owner of its reason, else whom the rules name, else whom the learned router is
    sure of.  The program does it at once, and the desk's clocks begin: a first reply and a
    decision.  Where none of them says anything, or where everybody above the owner had a part
    in the idea, it goes to the named executive.  Where the desk is full, it goes to the next one
    (see :mod:`portal.routing.room`).

    Raises
    ------
    NotFound
        If no department takes what nobody owns.
    RuleBroken
        If nobody is left to decide even there.
    """
    author_ids = list_author_ids(idea.id)
    desk = choose_desk(idea.reason_id, lambda: facts_of_idea(idea))
    department, because = get_department(desk.department_id), desk.because
    found = find_desk(department, author_ids)
    if found is None:
        department = get_orphans_desk()
        because = by_orphanage(department.name)
        found = get_desk(department, author_ids)
    handler_id = found.handler_id
    idea.owner_department_id = department.id
    idea.routed_because = matching.because_orphan(because, get_person(handler_id).name)
    due_at = _start_clocks(idea, department.id, handler_id)
    details = {"department_id": department.id, "department": department.name}
    for move in (Move.ROUTE, Move.RECEIVE):
        move_idea(PROGRAM, idea, move, handler_id=handler_id, due_at=due_at, details=details)
    mark_offered(idea, found)
    publish(IdeaRouted(idea.id, department.id, handler_id))


def _start_clocks(idea: Idea, department_id: int, handler_id: int) -> datetime:
    """The clocks of a desk; the moment by which it has to decide."""
    due_at = now()
    for kind in (ClockKind.FIRST_REPLY, ClockKind.DECIDE):
        due_at = start_clock(
            kind,
            SUBJECT,
            idea.id,
            department_id=department_id,
            accountable_id=handler_id,
            is_governing=kind is ClockKind.DECIDE,
        )
    return due_at


def transfer_idea(actor: Actor, idea: Idea, *, to: Department, reason: str) -> Transfer:
    """Hand an idea in triage to another department; the author's clock runs on.

    The receiver has two business days to accept or return it.  When it was handed on before,
    it goes to the superior of both departments instead, who settles whose it is.

    Raises
    ------
    NotAllowed
        Unless the actor answers for the department and had no part in the idea.
    Conflict
        If the idea is not in triage any more, or its last hand-over is still to be answered.
    RuleBroken
        Without a reason, or when the department has it already.
    """
    _require(actor, idea)
    words = signed_words(reason, field="reason")
    giver = get_department(idea.owner_department_id or 0)
    if to.id == giver.id:
        raise RuleBroken(_("%(name)s has it already.", name=to.name), field="to")
    if find_open_transfer(idea.id) is not None:
        raise Conflict(_("It was handed to you. Take it or give it back first."))
    hop = count_hops(idea.id) + 1
    target = to if hop <= HOPS_BETWEEN_HEADS else _superior(giver, to)
    transfer = Transfer(
        idea_id=idea.id,
        hop=hop,
        from_department_id=giver.id,
        to_department_id=target.id,
        reason=words,
        asked_by_id=actor.id,
        asked_at=now(),
    )
    session().add(transfer)
    session().flush()
    because = matching.because_handed_on(giver.name, target.name, to.name)
    _move(actor, idea, transfer, target, because=because, sentence=words)
    return transfer


def _superior(giver: Department, to: Department) -> Department:
    """Who settles whose an idea is; a superior who had it already decides freely."""
    common = matching.common_superior(giver.path, to.path)
    if common is None:
        return get_orphans_desk()
    return to if common == giver.id else get_department(common)


def answer_transfer(actor: Actor, transfer: Transfer, *, accept: bool, reason: str = "") -> None:
    """Take an idea that was handed over, or give it back with a reason.

    Raises
    ------
    NotAllowed
        Unless the actor answers for the receiving department and had no part in the idea.
    Conflict
        If it was answered already, or the idea has moved on.
    RuleBroken
        If it is given back without a reason.
    """
    idea = session().get_one(Idea, transfer.idea_id)
    _require(actor, idea)
    if transfer.outcome is not None or idea.state is not State.TRIAGE:
        raise Conflict(_("This was answered already: the idea has moved on."))
    if accept:
        _settle(actor, transfer, TransferOutcome.ACCEPTED)
        stop_clocks(SUBJECT, idea.id, {ClockKind.FIRST_REPLY, ClockKind.ACCEPT_TRANSFER})
        return
    words = signed_words(reason, field="reason")
    _settle(actor, transfer, TransferOutcome.RETURNED)
    holder = get_department(transfer.to_department_id)
    origin = get_department(transfer.from_department_id)
    because = matching.because_returned(holder.name, origin.name)
    _move(actor, idea, transfer, origin, because=because, sentence=words)


def call_back(actor: Actor, transfer: Transfer) -> None:
    """Take back what one has handed on, before the receiver has answered.

    It lies again on the desk that it came from, as due as it was; the hand-over does not count.

    Raises
    ------
    NotAllowed
        For anybody but whoever handed it on.
    Conflict
        If the receiver has answered, or the idea has moved on.
    """
    can_call_back.require(actor, transfer)
    idea = session().get_one(Idea, transfer.idea_id)
    if transfer.outcome is not None or idea.state is not State.TRIAGE:
        raise Conflict(_("This was answered already: the idea has moved on."))
    _settle(actor, transfer, TransferOutcome.CALLED_BACK)
    holder_id = idea.handler_id
    holder = get_department(transfer.to_department_id)
    origin = get_department(transfer.from_department_id)
    because = matching.because_called_back(holder.name, origin.name)
    _move(actor, idea, transfer, origin, because=because, sentence=None)
    if holder_id is not None:
        publish(IdeaCalledBack(idea.id, transfer.id, holder_id))


def settle_transfer(actor: Actor, idea: Idea) -> None:
    """Count a hand-over as accepted, because the receiver decided on the idea."""
    transfer = find_open_transfer(idea.id)
    if transfer is not None:
        _settle(actor, transfer, TransferOutcome.ACCEPTED)


def _settle(actor: Actor, transfer: Transfer, outcome: TransferOutcome) -> None:
    transfer.outcome = outcome
    transfer.answered_by_id = actor.id
    transfer.answered_at = now()
    session().flush()
    record(actor, f"transfer.{outcome}", SUBJECT, transfer.idea_id, transfer_id=transfer.id)


def _move(
    actor: Actor,
    idea: Idea,
    transfer: Transfer,
    target: Department,
    *,
    because: JsonObject,
    sentence: str | None,
) -> None:
    """Lay the idea on another desk: everything the old one owed is owed there, as due as it was."""
    publish(IdeaMoving(idea.id))
    giver_id = idea.owner_department_id or 0
    desk = get_desk(target, list_author_ids(idea.id))
    handler_id = desk.handler_id
    stop_clocks(SUBJECT, idea.id, {ClockKind.ACCEPT_TRANSFER})
    hand_over(SUBJECT, idea.id, handler_id, target.id)
    if transfer.outcome is None:
        start_clock(
            ClockKind.ACCEPT_TRANSFER,
            SUBJECT,
            idea.id,
            department_id=target.id,
            accountable_id=handler_id,
            is_governing=False,
        )
    governing = find_governing(SUBJECT, idea.id)
    idea.owner_department_id = target.id
    idea.routed_because = because
    move_idea(
        actor,
        idea,
        Move.TRANSFER,
        sentence=sentence,
        handler_id=handler_id,
        due_at=governing.due_at if governing else None,
        details={**because, "transfer_id": transfer.id},
    )
    mark_offered(idea, desk)
    publish(IdeaTransferred(idea.id, transfer.id, giver_id, target.id, handler_id))


def _require(actor: Actor, idea: Idea) -> None:
    can_transfer.require(actor, idea, list_author_ids(idea.id))
