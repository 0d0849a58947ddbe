"""The author's last word: an appeal, once, to the head's head; and whether an answer helped."""

from portal.actor import Actor
from portal.audit.services import record
from portal.clocks.models import ClockKind
from portal.clocks.services import start_clock
from portal.database import session
from portal.errors import Conflict
from portal.i18n import gettext as _
from portal.ideas.lifecycle import APPEALABLE, Move, State
from portal.ideas.models import Idea
from portal.ideas.services import SUBJECT, move_idea
from portal.now import now
from portal.people.models import Department
from portal.people.queries import get_department, get_orphans_desk
from portal.routing.queries import find_handler, list_author_ids
from portal.routing.words import signed_words
from portal.triage import limits, queries
from portal.triage.merging import part_for_appeal
from portal.triage.models import AnswerRating, Appeal, Decision
from portal.triage.policies import can_appeal, can_rate
from portal.triage.signing import department_of

LEAST_REASON = 20


def appeal(actor: Actor, idea: Idea, *, reason: str) -> Appeal:
    """Take an answer to the head's head, who decides anew within 10 business days.

    Raises
    ------
    NotAllowed
        Unless an author asks.
    Conflict
        If it was appealed before, is not answered (any more), the answer is older than 30 days,
        or work on it had been promised already.
    RuleBroken
        Without a reason of a sentence, or where nobody stands above who answered.
    """
    authors = list_author_ids(idea.id)
    can_appeal.require(actor, authors)
    words = signed_words(reason, field="reason", least=LEAST_REASON)
    known = queries.find_appeal(idea.id)
    if known is not None and (known.made_by_id, known.reason) == (actor.id, words):
        return known
    if known is not None:
        raise Conflict(_("This was appealed once already; that answer is the last."))
    if not is_appealable(idea):
        raise Conflict(_("There is no answer that could be appealed (any more)."))
    if idea.state is State.MERGED:
        part_for_appeal(actor, idea)
    against_id = queries.find_signer(idea.id)
    made = Appeal(
        idea_id=idea.id,
        against_id=against_id,
        made_by_id=actor.id,
        reason=words,
        made_at=now(),
    )
    session().add(made)
    handler_id = _superior(get_department(department_of(idea)), authors | {against_id})
    due_at = start_clock(
        ClockKind.APPEAL,
        SUBJECT,
        idea.id,
        department_id=department_of(idea),
        accountable_id=handler_id,
        is_governing=True,
    )
    move_idea(actor, idea, Move.APPEAL, sentence=words, handler_id=handler_id, due_at=due_at)
    return made


def is_appealable(idea: Idea) -> bool:
    """Whether the answer still stands open to an appeal, as far as the idea itself tells."""
    if idea.state not in APPEALABLE or now() - idea.moved_at > limits.APPEAL_WITHIN:
        return False
    return idea.state is not State.STOPPED or not queries.was_promised(idea.id)


def _superior(department: Department, passed_over: frozenset[int | None]) -> int:
    """Who stands above whoever answered: the department above, else the named executive.

    Raises Conflict where nobody is left who had no part in it.
    """
    out = {person_id for person_id in passed_over if person_id is not None}
    above = get_department(department.parent_id) if department.parent_id else get_orphans_desk()
    handler_id = find_handler(above, out | {department.head_id or 0})
    handler_id = handler_id or find_handler(get_orphans_desk(), out)
    if handler_id is None:
        raise Conflict(_("Nobody stands above who answered. Talk to an administrator."))
    return handler_id


def rate_answer(actor: Actor, decision: Decision, *, is_useful: bool) -> None:
    """Say whether an answer was useful; a second tap corrects the first.

    Raises NotAllowed unless an author of the idea says so.
    """
    can_rate.require(actor, list_author_ids(decision.idea_id))
    known = session().get(AnswerRating, (decision.id, actor.id))
    if known is None:
        known = AnswerRating(decision_id=decision.id, person_id=actor.id)
        session().add(known)
    known.is_useful, known.rated_at = is_useful, now()
    record(actor, "answer.rated", SUBJECT, decision.idea_id, decision_id=decision.id)
