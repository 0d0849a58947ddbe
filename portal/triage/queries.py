"""Reading the inbox, the item on the bench, and what was decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, func, select, text
from sqlalchemy.orm import aliased

from portal.actor import Actor
from portal.clocks.models import Clock, ClockKind
from portal.columns import UtcDateTime
from portal.database import session
from portal.demand.models import ContactReason
from portal.errors import Conflict
from portal.i18n import gettext as _
from portal.ideas.lifecycle import APPEALABLE, State
from portal.ideas.models import Idea, IdeaMark, IdeaMove, MarkKind, Support
from portal.ideas.queries import get_visible_idea, list_authors, nothing_here
from portal.ideas.services import SUBJECT
from portal.now import now
from portal.people.models import Department, Person
from portal.routing.models import Transfer
from portal.routing.queries import list_author_ids
from portal.triage.models import (
    AnswerRating,
    Appeal,
    Decision,
    DecisionKind,
    HeldDecision,
    StandIn,
)
from portal.triage.policies import can_triage

GOVERNING = and_(
    Clock.subject_kind == SUBJECT,
    Clock.subject_id == Idea.id,
    text("clocks.is_governing"),
    Clock.stopped_at.is_(None),
)
"""Joins an idea to the clock that its state runs on.

The condition is spelled as in the partial index, which SQLite uses for no other spelling.
"""

OPEN_TRANSFER = and_(Transfer.idea_id == Idea.id, Transfer.outcome.is_(None))
"""Joins an idea to a hand-over that waits for its answer."""

_WAITING = select(func.count(Idea.id)).where(
    Idea.handler_id == bindparam("reader_id"), Idea.state.in_([State.TRIAGE, State.ACCEPTED])
)


def count_inbox(actor: Actor) -> int:
    """How many ideas wait on this very person to decide or to promise; for the frame.

    One statement that reads the index of whom ideas wait on.
    """
    return session().scalar(_WAITING, {"reader_id": actor.id}) or 0


@dataclass(frozen=True, slots=True)
class Item:
    """The idea on the bench with what a decision needs to know.

    ``question`` is the last thing that was asked.  ``transfer`` is a hand-over that waits for
    its answer until ``answer_by``; ``giver`` names the department that handed it on.
    ``stands_for`` is for whom the handler stands in, until the day ``until_on``.
    """

    idea: Idea
    department: str
    reason: str | None
    handler: str | None
    started_at: datetime | None
    transfer: Transfer | None
    giver: str | None
    answer_by: datetime | None
    question: Decision | None
    stands_for: str | None
    until_on: date | None


_Giver = aliased(Department, name="giver")
_Absent = aliased(Person, name="absent")
_AcceptBy = aliased(Clock, name="accept_by")
_Asked = aliased(Decision, name="asked")
_LAST_QUESTION = (
    select(func.max(_Asked.id))
    .where(_Asked.idea_id == Idea.id, _Asked.kind == DecisionKind.ASK, _Asked.undone_at.is_(None))
    .scalar_subquery()
)
_ITEM = (
    select(
        Idea,
        Department.name,
        ContactReason.name,
        Person.name,
        Clock.started_at,
        Transfer,
        _Giver.name,
        _AcceptBy.due_at,
        Decision,
        _Absent.name,
        StandIn.until_on,
    )
    .join(Department, Department.id == Idea.owner_department_id)
    .outerjoin(ContactReason, ContactReason.id == Idea.reason_id)
    .outerjoin(Person, Person.id == Idea.handler_id)
    .outerjoin(Clock, GOVERNING)
    .outerjoin(Transfer, OPEN_TRANSFER)
    .outerjoin(_Giver, _Giver.id == Transfer.from_department_id)
    .outerjoin(
        _AcceptBy,
        and_(
            _AcceptBy.subject_kind == SUBJECT,
            _AcceptBy.subject_id == Idea.id,
            _AcceptBy.kind == ClockKind.ACCEPT_TRANSFER,
            _AcceptBy.stopped_at.is_(None),
        ),
    )
    .outerjoin(Decision, Decision.id == _LAST_QUESTION)
    .outerjoin(StandIn, and_(StandIn.idea_id == Idea.id, StandIn.ended_at.is_(None)))
    .outerjoin(_Absent, _Absent.id == StandIn.absent_id)
    .where(Idea.number == bindparam("number"))
)


def get_item(number: int) -> Item:
    """The item with this number, as far as it has a department; raises NotFound.

    Who may see it is for the caller to check, who reads the authors anyway.
    """
    row = session().execute(_ITEM, {"number": number}).one_or_none()
    if row is None:
        raise nothing_here()
    return Item(*row)


def get_triage_idea(actor: Actor, number: int, *, for_update: bool = False) -> Idea:
    """The idea with this number if the actor may decide on it; raises NotFound."""
    idea = get_visible_idea(actor, number, for_update=for_update)
    if not can_triage(actor, idea, list_author_ids(idea.id)):
        raise nothing_here()
    return idea


_LAST_MOVE = (
    select(IdeaMove.verb, IdeaMove.at, IdeaMove.actor_id, Person.name)
    .outerjoin(Person, Person.id == IdeaMove.actor_id)
    .where(IdeaMove.idea_id == bindparam("idea_id"))
    .order_by(IdeaMove.id.desc())
    .limit(1)
)


def find_last_move(idea_id: int) -> Row[*tuple[Any, ...]] | None:
    """The last step of an idea: verb, at, actor_id, and the actor's name."""
    return session().execute(_LAST_MOVE, {"idea_id": idea_id}).one_or_none()


_IN_FORCE = (
    select(Decision)
    .where(Decision.idea_id == bindparam("idea_id"), Decision.undone_at.is_(None))
    .order_by(Decision.id.desc())
)
_TOLD = _IN_FORCE.where(
    ~select(HeldDecision.idea_id).where(HeldDecision.decision_id == Decision.id).exists()
)


def list_decisions(idea_id: int) -> Sequence[Decision]:
    """Everything that was decided on an idea and told, the last first."""
    return session().scalars(_TOLD, {"idea_id": idea_id}).all()


def find_told_decision(idea_id: int) -> Decision | None:
    """What was decided last of what people have been told."""
    return session().scalar(_TOLD.limit(1), {"idea_id": idea_id})


def find_last_decision(idea_id: int) -> Decision | None:
    """What was decided last and holds, told or not."""
    return session().scalar(_IN_FORCE.limit(1), {"idea_id": idea_id})


def find_open_question(idea_id: int) -> Decision | None:
    """The question that waits for an answer, once it was told."""
    last = find_told_decision(idea_id)
    if last is None or last.kind is not DecisionKind.ASK or last.answer is not None:
        return None
    return last


_APPEAL = select(Appeal).where(Appeal.idea_id == bindparam("idea_id"))


def find_appeal(idea_id: int) -> Appeal | None:
    """The one appeal of an idea, heard or not."""
    return session().scalar(_APPEAL, {"idea_id": idea_id})


_RAISED = select(IdeaMark, Person.name).where(
    IdeaMark.idea_id == bindparam("idea_id"),
    IdeaMark.kind == MarkKind.RAISED,
    Person.id == IdeaMark.person_id,
)


def find_raised(idea_id: int) -> tuple[IdeaMark, str] | None:
    """The one escalation by an author, with the name of whom it went to."""
    row = session().execute(_RAISED, {"idea_id": idea_id}).one_or_none()
    return None if row is None else (row[0], row[1])


_SIGNER = (
    select(IdeaMove.actor_id)
    .where(IdeaMove.idea_id == bindparam("idea_id"), IdeaMove.to_state.in_(APPEALABLE))
    .order_by(IdeaMove.id.desc())
    .limit(1)
)
_PROMISED = select(IdeaMove.id).where(
    IdeaMove.idea_id == bindparam("idea_id"), IdeaMove.to_state == State.COMMITTED
)


def find_signer(idea_id: int) -> int | None:
    """Who gave the answer that could be appealed."""
    return session().scalar(_SIGNER, {"idea_id": idea_id})


def was_promised(idea_id: int) -> bool:
    """Whether somebody has promised the idea at some time."""
    return session().scalar(_PROMISED.limit(1), {"idea_id": idea_id}) is not None


_REVIEWS = (
    select(Idea.id)
    .where(
        Idea.state.in_([State.DEFERRED, State.COST_ACCEPTED]),
        Idea.due_at <= bindparam("moment", type_=UtcDateTime()),
    )
    .order_by(Idea.id)
)
_VETOES = (
    select(Clock.subject_id)
    .where(
        Clock.subject_kind == SUBJECT,
        Clock.kind == ClockKind.VETO,
        Clock.stopped_at.is_(None),
        Clock.due_at <= bindparam("moment", type_=UtcDateTime()),
    )
    .order_by(Clock.subject_id)
)


def list_reviews_due() -> list[int]:
    """The keys of ideas whose day to look again has come."""
    return list(session().scalars(_REVIEWS, {"moment": now()}))


def list_vetoes_over() -> list[int]:
    """The keys of ideas whose try nobody vetoed in time."""
    return list(session().scalars(_VETOES, {"moment": now()}))


_RATINGS = (
    select(AnswerRating.decision_id, AnswerRating.is_useful)
    .join(Decision, Decision.id == AnswerRating.decision_id)
    .where(
        Decision.idea_id == bindparam("idea_id"), AnswerRating.person_id == bindparam("person_id")
    )
)


def map_ratings(idea_id: int, person_id: int | None) -> dict[int, bool]:
    """What somebody said of the answers to an idea, by the decision's key."""
    rows = session().execute(_RATINGS, {"idea_id": idea_id, "person_id": person_id})
    return {row.decision_id: row.is_useful for row in rows}


def get_decision(idea_id: int, decision_id: int) -> Decision:
    """A decision on an idea; raises NotFound."""
    found = session().get(Decision, decision_id)
    if found is None or found.idea_id != idea_id:
        raise nothing_here()
    return found


_SUPPORTERS = select(Support.person_id).where(Support.idea_id == bindparam("idea_id"))


def list_supporter_ids(idea_id: int) -> frozenset[int]:
    """The ids of everybody who meets the same."""
    return frozenset(session().scalars(_SUPPORTERS, {"idea_id": idea_id}))


def get_first_author(idea: Idea) -> int:
    """The id of the author who is asked: who handed it in, else the one with most of it.

    Raises
    ------
    Conflict
        If the idea has no author that one could ask.
    """
    ids = [author.face.id for author in list_authors(idea.id)]
    if not ids:
        raise Conflict(_("This idea has no author who could be asked."))
    return idea.submitter_id if idea.submitter_id in ids else ids[0]


_STALE_QUESTIONS = (
    select(Idea.id)
    .where(Idea.state == State.NEEDS_INFO, Idea.due_at <= bindparam("moment", type_=UtcDateTime()))
    .order_by(Idea.id)
)


def list_unanswered() -> list[int]:
    """The keys of ideas whose question nobody answered in time."""
    return list(session().scalars(_STALE_QUESTIONS, {"moment": now()}))


def by_id(idea_id: int) -> Select[Idea]:
    """An idea by its key, to be locked."""
    return select(Idea).where(Idea.id == idea_id)
