"""What a signature brings about: credit, an end, a roll back, or an answer that is owed."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from types import MappingProxyType

from sqlalchemy import bindparam, select, update

from portal.actor import Actor
from portal.clocks.models import ClockKind
from portal.clocks.services import start_clock, stop_clocks
from portal.database import session
from portal.delivery.models import CreditShare
from portal.delivery.queries import get_commitment
from portal.errors import RuleBroken
from portal.events import publish
from portal.i18n import gettext as _
from portal.ideas.lifecycle import Move
from portal.ideas.models import Idea
from portal.ideas.services import SUBJECT, move_idea
from portal.impact.analyses import hand_to
from portal.impact.events import (
    IdeaFoundHarmful,
    IdeaFoundNotProven,
    IdeaValidated,
    ValidationReturned,
)
from portal.impact.lines import sign_lines
from portal.impact.models import AnalysisRun, ImpactCredit, Outcome, Validation
from portal.impact.money import Benefit
from portal.impact.parts import divide
from portal.now import now
from portal.people.models import Person

ROLL_BACK_DAYS = 10
"""Business days to take a harmful change back."""
ANSWER_DAYS = 10
"""Business days to answer a validator who gave the case back."""

_HOMES = select(Person.id, Person.home_department_id).where(
    Person.id.in_(bindparam("ids", expanding=True))
)


def _approve(actor: Actor, idea: Idea, validation: Validation, primary: AnalysisRun) -> None:
    percents = _freeze_credit(idea.id)
    hard = sign_lines(idea.id, validation.share_percent)
    if hard is not None:
        _give_credit(validation, hard, percents, primary.grade)
    _end(actor, idea, Move.VALIDATE, validation)
    publish(IdeaValidated(idea.id, validation.id))


def _freeze_credit(idea_id: int) -> dict[int, int]:
    """Freeze the split of credit; the whole percent of each person, over all their roles."""
    session().execute(
        update(CreditShare)
        .where(CreditShare.idea_id == idea_id, CreditShare.frozen_at.is_(None))
        .values(frozen_at=now())
        .execution_options(synchronize_session=False)
    )
    percents: dict[int, int] = defaultdict(int)
    shares = select(CreditShare.person_id, CreditShare.percent).where(
        CreditShare.idea_id == idea_id
    )
    for person_id, percent in session().execute(shares):
        percents[person_id] += percent
    if sum(percents.values()) != 100:
        raise RuleBroken(_("The shares of credit do not sum to 100, so nothing can be signed."))
    return dict(percents)


def _give_credit(
    validation: Validation, hard: Benefit, percents: Mapping[int, int], grade: str
) -> None:
    people = session().execute(_HOMES, {"ids": list(percents)})
    homes = {row.id: row.home_department_id for row in people}
    session().add_all(
        ImpactCredit(
            idea_id=validation.idea_id,
            validation_id=validation.id,
            person_id=person_id,
            department_id=homes.get(person_id),
            percent=part.percent,
            low_minor=part.low,
            mid_minor=part.mid,
            high_minor=part.high,
            grade=grade,
            validated_on=validation.validated_on,
        )
        for person_id, part in divide(hard, percents).items()
    )
    session().flush()


def _end(actor: Actor, idea: Idea, move: Move, validation: Validation) -> None:
    move_idea(
        actor,
        idea,
        move,
        sentence=validation.sentence,
        handler_id=None,
        due_at=None,
        details={"validation_id": validation.id, "outcome": validation.outcome.value},
    )
    stop_clocks(SUBJECT, idea.id)


def _find_not_proven(
    actor: Actor, idea: Idea, validation: Validation, _primary: AnalysisRun
) -> None:
    _end(actor, idea, Move.FIND_NOT_PROVEN, validation)
    publish(IdeaFoundNotProven(idea.id, validation.id))


def _find_harmful(actor: Actor, idea: Idea, validation: Validation, _primary: AnalysisRun) -> None:
    commitment = get_commitment(idea.id)
    due_at = start_clock(
        ClockKind.DELIVER,
        SUBJECT,
        idea.id,
        department_id=commitment.department_id,
        accountable_id=commitment.person_id,
        is_governing=True,
        days=ROLL_BACK_DAYS,
    )
    move_idea(
        actor,
        idea,
        Move.FIND_HARMFUL,
        sentence=validation.sentence,
        handler_id=commitment.person_id,
        due_at=due_at,
        details={"validation_id": validation.id, "outcome": validation.outcome.value},
    )
    publish(IdeaFoundHarmful(idea.id, validation.id))


def _return(_actor: Actor, idea: Idea, validation: Validation, _primary: AnalysisRun) -> None:
    commitment = get_commitment(idea.id)
    due_at = start_clock(
        ClockKind.MEASURE,
        SUBJECT,
        idea.id,
        department_id=commitment.department_id,
        accountable_id=commitment.person_id,
        is_governing=True,
        days=ANSWER_DAYS,
    )
    hand_to(idea, commitment.person_id, due_at)
    publish(ValidationReturned(idea.id, validation.id))


CONSEQUENCES: Mapping[Outcome, Callable[[Actor, Idea, Validation, AnalysisRun], None]] = (
    MappingProxyType(
        {
            Outcome.APPROVED: _approve,
            Outcome.IN_PART: _approve,
            Outcome.NOT_PROVEN: _find_not_proven,
            Outcome.HARMFUL: _find_harmful,
            Outcome.RETURNED: _return,
        }
    )
)
"""What each signature brings about."""
