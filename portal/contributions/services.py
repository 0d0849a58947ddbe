"""Asking departments for their part in an idea, doing it, giving it back, taking it back."""

from portal.actor import PROGRAM, Actor
from portal.audit.services import record
from portal.clocks.models import ClockKind
from portal.clocks.queries import find_governing
from portal.clocks.services import restart_clock, start_clock, stop_clocks
from portal.contributions import queries
from portal.contributions.events import PartAsked, PartSettled
from portal.contributions.models import Contribution, Outcome
from portal.contributions.policies import can_ask_for_part, can_settle
from portal.contributions.queries import SUBJECT
from portal.database import session
from portal.errors import Conflict, RuleBroken
from portal.events import publish
from portal.i18n import gettext as _
from portal.ideas.lifecycle import State
from portal.ideas.models import Idea, IdeaMark, MarkKind
from portal.now import now
from portal.people.absences import map_away
from portal.people.models import Department
from portal.people.queries import get_department
from portal.routing.chairs import load_chairs
from portal.routing.queries import list_author_ids, nobody_left
from portal.routing.words import signed_words

AT_WORK = frozenset(
    {
        *(State.TRIAGE, State.NEEDS_INFO, State.APPEALED, State.TESTING),
        *(State.ACCEPTED, State.COMMITTED, State.IN_PROGRESS),
    }
)
"""Where somebody still decides on an idea or works on it, so that others can have a part."""

_MARKS = {
    Outcome.GIVEN: MarkKind.PART_GIVEN,
    Outcome.REFUSED: MarkKind.PART_REFUSED,
    Outcome.WITHDRAWN: MarkKind.PART_WITHDRAWN,
}


def ask_for_part(
    actor: Actor, idea: Idea, *, department_id: int, task: str, nonce: str | None = None
) -> Contribution:
    """Ask another department for its part; it has five business days of its own.

    The idea stays with whom it waits on, and its clock runs on.  A form sent twice asks once.

    Raises
    ------
    NotAllowed
        Unless the actor answers for the idea's department and had no part in it.
    Conflict
        If nobody decides on the idea or works on it any more.
    RuleBroken
        On ``department`` or ``task``: no such department, its own, one that is asked already,
        one where nobody could answer; nothing written.
    """
    authors = list_author_ids(idea.id)
    can_ask_for_part.require(actor, idea, authors)
    if known := queries.find_by_nonce(nonce):
        return known
    if idea.state not in AT_WORK:
        raise Conflict(_("Nobody works on this idea any more, so nobody can have a part in it."))
    words = signed_words(task, field="task")
    department = session().get(Department, department_id)
    if department is None:
        raise RuleBroken(_("Choose a department."), field="department")
    if department.id == idea.owner_department_id:
        raise RuleBroken(
            _("%(name)s has the idea itself.", name=department.name), field="department"
        )
    if queries.find_open(idea.id, department.id) is not None:
        raise RuleBroken(
            _("%(name)s is asked already, and has not answered.", name=department.name),
            field="department",
        )
    holder_id = load_chairs().find_present(department.id, authors, map_away())
    if holder_id is None:
        raise RuleBroken(nobody_left(department).message, field="department")
    contribution = Contribution(
        idea_id=idea.id,
        department_id=department.id,
        task=words,
        asked_by_id=actor.id,
        asked_at=now(),
        nonce=nonce or None,
    )
    session().add(contribution)
    session().flush()
    start_clock(
        ClockKind.CONTRIBUTE,
        SUBJECT,
        contribution.id,
        department_id=department.id,
        accountable_id=holder_id,
        is_governing=True,
    )
    _mark(actor, contribution, MarkKind.PART_ASKED, words, holder_id)
    publish(PartAsked(contribution.id, holder_id))
    return contribution


def settle_part(
    actor: Actor, contribution: Contribution, *, words: str, is_done: bool = True
) -> Contribution:
    """Sign that the department has done its part, and what; or give it back, and why.

    Sent a second time, the same answer is returned and nothing happens.

    Raises
    ------
    NotAllowed
        Unless the actor answers for the department and had no part in the idea.
    Conflict
        If it was settled otherwise meanwhile.
    RuleBroken
        On ``words``, if nothing was written.
    """
    can_settle.require(actor, contribution, list_author_ids(contribution.idea_id))
    outcome = Outcome.GIVEN if is_done else Outcome.REFUSED
    said = signed_words(words, field="words")
    if contribution.settled_at is not None:
        if (contribution.settled_by_id, contribution.outcome, contribution.words) == (
            actor.id,
            outcome,
            said,
        ):
            return contribution
        raise Conflict(_("This task is settled already."))
    _settle(actor, contribution, outcome, said)
    return contribution


def withdraw_part(actor: Actor, idea: Idea, contribution: Contribution) -> None:
    """Take a task back that is not needed any more.  Taken back twice, it is taken back.

    Raises
    ------
    NotAllowed
        Unless the actor answers for the idea's department and had no part in it.
    Conflict
        If the department has answered.
    """
    can_ask_for_part.require(actor, idea, list_author_ids(idea.id))
    if contribution.outcome is Outcome.WITHDRAWN:
        return
    if contribution.settled_at is not None:
        raise Conflict(_("This task is settled already."))
    _settle(actor, contribution, Outcome.WITHDRAWN, None)


def end_parts(idea: Idea) -> None:
    """Withdraw what nobody needs any more; the program does it.

    That is everything once an idea has come to an end, and the task of a department that has
    the idea itself now.
    """
    for contribution in queries.list_open(idea.id):
        if idea.state not in AT_WORK or contribution.department_id == idea.owner_department_id:
            _settle(PROGRAM, contribution, Outcome.WITHDRAWN, None)


def ask_again(idea: Idea) -> None:
    """Open the tasks anew that ended because an idea was joined to another; the program does it.

    What was left of their time is left again.
    """
    away, chairs, authors = map_away(), load_chairs(), list_author_ids(idea.id)
    for contribution in queries.list_ended_by_merging(idea.id):
        department_id = contribution.department_id
        holder_id = chairs.find_present(department_id, authors, away)
        if holder_id is None or queries.find_open(idea.id, department_id) is not None:
            continue
        contribution.outcome = contribution.settled_at = None
        restart_clock(
            ClockKind.CONTRIBUTE,
            SUBJECT,
            contribution.id,
            department_id=department_id,
            accountable_id=holder_id,
        )
        _mark(PROGRAM, contribution, MarkKind.PART_ASKED, contribution.task, holder_id)
        publish(PartAsked(contribution.id, holder_id))


def _settle(actor: Actor, contribution: Contribution, outcome: Outcome, words: str | None) -> None:
    clock = find_governing(SUBJECT, contribution.id)
    stop_clocks(SUBJECT, contribution.id)
    contribution.outcome, contribution.words = outcome, words
    contribution.settled_by_id, contribution.settled_at = actor.id, now()
    session().flush()
    _mark(actor, contribution, _MARKS[outcome], words)
    publish(PartSettled(contribution.id, clock.accountable_id if clock else None))


def _mark(
    actor: Actor,
    contribution: Contribution,
    kind: MarkKind,
    words: str | None,
    person_id: int | None = None,
) -> None:
    """Write it on the idea's timeline, and in the audit log."""
    department = get_department(contribution.department_id)
    mark = IdeaMark(
        idea_id=contribution.idea_id,
        at=now(),
        actor_id=actor.id,
        kind=kind,
        person_id=person_id,
        sentence=words,
        details={"department": department.name, "contribution_id": contribution.id},
    )
    session().add(mark)
    session().flush()
    record(
        actor,
        f"contribution.{kind.value.removeprefix('part_')}",
        "idea",
        contribution.idea_id,
        contribution_id=contribution.id,
        department_id=contribution.department_id,
    )
