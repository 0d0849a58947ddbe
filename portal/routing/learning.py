"""What the router learns from, and keeping what it learned; run by the worker alone."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import bindparam, delete, select

from portal.actor import PROGRAM, Actor
from portal.audit.services import record
from portal.columns import JsonObject, UtcDateTime
from portal.database import session
from portal.demand.models import ContactReason
from portal.errors import RuleBroken
from portal.i18n import gettext as _
from portal.ideas.lifecycle import OPEN_FOR_TRIAGE, State
from portal.ideas.models import Idea
from portal.insights.models import Insight
from portal.jobs.services import enqueue
from portal.now import now
from portal.people.models import Department
from portal.people.queries import list_departments
from portal.routing.models import LearnedRouter, RouterSetting, Transfer, TransferOutcome
from portal.routing.policies import can_set_router

LEARN = "routing.learn"
MOST_OF_EACH = 10_000
"""How many of the newest ideas and of the newest insights are learned from."""
KEPT = 3
EVERY = timedelta(days=1)
CORRECTION_WEIGHT = 3.0
"""A corrected item counts like so many: it shows what the router got wrong."""

_UNSETTLED = [*OPEN_FOR_TRIAGE, State.DRAFT, State.WITHDRAWN]
_IS_CORRECTED = (
    select(Transfer.id)
    .where(Transfer.idea_id == Idea.id, Transfer.outcome == TransferOutcome.ACCEPTED)
    .exists()
)
_IDEAS = (
    select(
        Idea.title,
        Idea.problem,
        Idea.proposal,
        Idea.owner_department_id.label("department_id"),
        _IS_CORRECTED.label("is_corrected"),
    )
    .where(
        Idea.owner_department_id.is_not(None),
        Idea.state.not_in([State.DRAFT, State.WITHDRAWN]),
        Idea.state.not_in(_UNSETTLED) | _IS_CORRECTED,
    )
    .order_by(Idea.id.desc())
    .limit(MOST_OF_EACH)
)
_INSIGHTS = (
    select(Insight.text, Insight.expected, ContactReason.owner_department_id.label("department_id"))
    .join(ContactReason, ContactReason.id == Insight.reason_id)
    .order_by(Insight.id.desc())
    .limit(MOST_OF_EACH)
)
_REASONS = select(ContactReason.name, ContactReason.owner_department_id).where(
    ContactReason.is_active
)
_LEARNED_AT = select(LearnedRouter.learned_at).order_by(LearnedRouter.id.desc()).limit(1)
_CORRECTED_SINCE = (
    select(Transfer.id)
    .where(
        Transfer.outcome == TransferOutcome.ACCEPTED,
        Transfer.answered_at > bindparam("since", type_=UtcDateTime),
    )
    .limit(1)
)
_SUCCESSORS = select(Department.id, Department.successor_id).where(
    Department.successor_id.is_not(None)
)


@dataclass(frozen=True, slots=True)
class Lessons:
    """Texts, the department of each (its id as text) and its weight; words for departments."""

    texts: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)

    def digest(self) -> str:
        """SHA-256 of all there is to learn from."""
        stored = json.dumps([self.texts, self.labels, self.weights, self.names])
        return hashlib.sha256(stored.encode()).hexdigest()


def gather_lessons() -> Lessons:
    """Decided ideas, ideas that were handed on and taken, and insights with a reason.

    An item of a closed department teaches for its successor, or not at all.  A department is
    known by its name and by those of the reasons that it owns.
    """
    lessons = Lessons(names=_names())
    heirs = _heirs(lessons.names)
    for idea in session().execute(_IDEAS):
        text = f"{idea.title}\n{idea.problem}\n{idea.proposal}"
        _add(lessons, heirs, text, idea.department_id, idea.is_corrected)
    for insight in session().execute(_INSIGHTS):
        text = f"{insight.text}\n{insight.expected or ''}"
        _add(lessons, heirs, text, insight.department_id, False)
    return lessons


def _add(
    lessons: Lessons,
    heirs: Mapping[int, int],
    text: str,
    department_id: int,
    is_corrected: bool,
) -> None:
    label = str(heirs.get(department_id, department_id))
    if label in lessons.names:
        lessons.texts.append(text)
        lessons.labels.append(label)
        lessons.weights.append(CORRECTION_WEIGHT if is_corrected else 1.0)


def _names() -> dict[str, str]:
    """Words for every department of today that is no team, by its id as text."""
    words = {row.id: [row.name] for row in list_departments()}
    for name, department_id in session().execute(_REASONS):
        if department_id in words:
            words[department_id].append(name)
    return {str(department_id): "\n".join(said) for department_id, said in words.items()}


def _heirs(names: Mapping[str, str]) -> dict[int, int]:
    """Today's department for each closed one that has a successor, however many steps away."""
    following = {row.id: row.successor_id for row in session().execute(_SUCCESSORS)}
    found = {}
    for start in following:
        step, seen = start, {start}
        while str(step) not in names and step in following and following[step] not in seen:
            step = following[step] or step
            seen.add(step)
        found[start] = step
    return found


def knows_already(lessons: Lessons) -> bool:
    """Whether the newest router learned from just this."""
    newest = session().scalar(
        select(LearnedRouter.material).order_by(LearnedRouter.id.desc()).limit(1)
    )
    return newest == lessons.digest()


def keep_router(arrays: bytes, *, example_count: int, material: str, figures: JsonObject) -> None:
    """Put a new router in the place of the old one, in one step; the last few are kept."""
    session().add(
        LearnedRouter(
            learned_at=now(),
            example_count=example_count,
            material=material,
            digest=hashlib.sha256(arrays).hexdigest(),
            arrays=arrays,
            figures=figures,
        )
    )
    session().flush()
    kept = select(LearnedRouter.id).order_by(LearnedRouter.id.desc()).limit(KEPT)
    ids = list(session().scalars(kept))
    session().execute(delete(LearnedRouter).where(LearnedRouter.id.not_in(ids)))
    record(PROGRAM, "router.learned", "learned_router", ids[0], examples=example_count)


def ask_to_learn(actor: Actor) -> None:
    """Let the worker learn anew as soon as it can; asking again within a minute asks once."""
    can_set_router.require(actor)
    moment = now()
    enqueue(LEARN, {}, key=f"{LEARN}/asked/{moment:%Y%m%d%H%M}")
    record(actor, "router.asked", "learned_router", None)


def is_due() -> bool:
    """Whether to learn anew: daily, and sooner after a hand-over was taken: a correction."""
    learned_at = session().scalar(_LEARNED_AT)
    if learned_at is None or learned_at <= now() - EVERY:
        return True
    return session().scalar(_CORRECTED_SINCE, {"since": learned_at}) is not None


def set_router(actor: Actor, *, is_on: bool, confidence_percent: int) -> None:
    """Say whether the router acts alone, and from which confidence; the last word holds.

    Raises
    ------
    NotAllowed
        Unless the actor is an administrator.
    RuleBroken
        For a confidence that is no percentage from 50 to 100.
    """
    can_set_router.require(actor)
    if not 50 <= confidence_percent <= 100:
        raise RuleBroken(
            _("How sure it must be goes from 50 to 100 percent."), field="confidence_percent"
        )
    session().add(
        RouterSetting(
            is_on=is_on, confidence_percent=confidence_percent, set_by_id=actor.id, set_at=now()
        )
    )
    record(actor, "router.set", "learned_router", None, is_on=is_on, percent=confidence_percent)
