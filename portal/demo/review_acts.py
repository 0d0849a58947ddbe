"""Acting out what happens among those who decide: scores, notes, parts of other departments."""

from collections.abc import Callable
from typing import Any

from portal.contributions.queries import find_open
from portal.contributions.services import ask_for_part, settle_part
from portal.database import session
from portal.demo import steps as step
from portal.demo.ideas import Idea as PlannedIdea
from portal.demo.stage import Stage
from portal.ideas.models import Idea
from portal.triage.notes import write_note
from portal.triage.reviewing import score_idea

Act = Callable[[Stage, PlannedIdea, Any], None]


def idea_of(stage: Stage, planned: PlannedIdea) -> Idea:
    """The idea of the database that a planned one has become."""
    return session().get_one(Idea, stage.ideas[planned.key])


def _score(stage: Stage, planned: PlannedIdea, done: step.Score) -> None:
    score_idea(
        stage.actor(done.actor),
        idea_of(stage, planned),
        effort=done.effort,
        confidence=done.confidence,
    )


def _note(stage: Stage, planned: PlannedIdea, done: step.PrivateNote) -> None:
    write_note(stage.actor(done.actor), idea_of(stage, planned), body=done.text)


def _ask_part(stage: Stage, planned: PlannedIdea, done: step.AskPart) -> None:
    ask_for_part(
        stage.actor(done.actor),
        idea_of(stage, planned),
        department_id=stage.departments[done.department],
        task=done.task,
    )


def _settle_part(stage: Stage, planned: PlannedIdea, done: step.SettlePart) -> None:
    part = find_open(stage.ideas[planned.key], stage.departments[done.department])
    if part is not None:
        settle_part(stage.actor(done.actor), part, words=done.words, is_done=done.is_done)


REVIEW_ACTS: dict[type[step.Step], Act] = {
    step.Score: _score,
    step.PrivateNote: _note,
    step.AskPart: _ask_part,
    step.SettlePart: _settle_part,
}
