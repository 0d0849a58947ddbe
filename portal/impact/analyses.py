"""Keeping what analyses said, asking a validator, and ending the measuring."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.actor import PROGRAM
from portal.audit.services import record
from portal.clocks.models import ClockKind
from portal.clocks.queries import find_governing
from portal.clocks.services import start_clock, stop_clocks
from portal.columns import JsonObject
from portal.database import session
from portal.delivery.queries import find_implementation, get_commitment
from portal.events import publish
from portal.i18n import gettext as _
from portal.ideas.lifecycle import Move, State
from portal.ideas.models import Idea
from portal.ideas.queries import get_idea, lock_idea
from portal.ideas.services import SUBJECT, move_idea
from portal.impact.events import AnalysisReady, IdeaFoundNotProven
from portal.impact.lines import price_lines
from portal.impact.models import AnalysisRun, Outcome
from portal.impact.queries import (
    find_validation,
    find_validator,
    get_ties,
    list_latest,
    list_readings,
    list_runs,
)
from portal.impact.readings import Reading, ends_on
from portal.impact.verdicts import Verdict
from portal.now import now, today


@dataclass(frozen=True, slots=True)
class Analysed:
    """A reading with what its analysis says, as JSON."""

    reading: Reading
    result: JsonObject


def list_unread(implementation_id: int) -> list[Reading]:
    """The readings of a change whose newest analysis is of other points, or missing."""
    read = {(run.metric_id, run.points_hash) for run in list_runs(implementation_id)}
    return [
        reading
        for reading in list_readings(implementation_id, today())
        if (reading.metric_id, reading.points_hash) not in read
    ]


def keep_analyses(implementation_id: int, idea_id: int, analysed: Sequence[Analysed]) -> None:
    """Keep what the analyses of a change said; the newest of each metric becomes the latest.

    Safe to repeat: the same points are kept once.  What was computed from points that changed
    meanwhile is dropped, for their own task is on its way.  Where the points came back to what
    they were, the analysis kept then is the latest again.
    """
    lock_idea(idea_id)
    known = {(run.metric_id, run.points_hash): run for run in list_runs(implementation_id)}
    fresh = {(a.reading.metric_id, a.reading.points_hash): a for a in analysed}
    for reading in list_readings(implementation_id, today()):
        key = (reading.metric_id, reading.points_hash)
        run = known.get(key)
        if run is None and key in fresh:
            run = _make_run(implementation_id, idea_id, fresh[key])
        if run is not None and not (key in known and run.is_latest):
            _make_latest(run, known)
    session().flush()
    latest = list_latest(idea_id)
    if latest and not latest[0].is_guardrail:
        price_lines(idea_id, latest[0])
        _ask_if_ready(get_idea(idea_id), latest[0])


def _make_run(implementation_id: int, idea_id: int, one: Analysed) -> AnalysisRun:
    run = AnalysisRun(
        implementation_id=implementation_id,
        idea_id=idea_id,
        metric_id=one.reading.metric_id,
        baseline_id=one.reading.baseline_id,
        is_guardrail=one.reading.is_guardrail,
        verdict=one.result["verdict"],
        grade=one.result["grade"],
        sentence=one.result["sentence"],
        result=one.result,
        points_hash=one.reading.points_hash,
        computed_at=now(),
    )
    session().add(run)
    session().flush()
    record(PROGRAM, "analysis.kept", "analysis", run.id, idea_id=idea_id, verdict=run.verdict)
    return run


def _make_latest(run: AnalysisRun, known: Mapping[tuple[int, str], AnalysisRun]) -> None:
    for other in known.values():
        if other.metric_id == run.metric_id:
            other.is_latest = False
    run.is_latest = True


def _ask_if_ready(idea: Idea, primary: AnalysisRun) -> None:
    """Hand the idea to a validator once there is enough to judge.

    After a validator gave it back, the same verdict on newer points does not take it off the
    department's hands; another verdict does, and so does a claim.
    """
    returned = find_validation(idea.id)
    if returned is not None and returned.outcome is Outcome.RETURNED:
        before = session().get_one(AnalysisRun, returned.analysis_id)
        if before.verdict == primary.verdict:
            return
    ask_validator(idea, primary)


def ask_validator(idea: Idea, primary: AnalysisRun) -> bool:
    """Start the clock of a validator; whether it runs now.

    Nobody is asked before there is enough to judge, or twice, or when nobody from outside the
    department may sign; the promise's holder keeps the clock until then.
    """
    if idea.state is not State.MEASURING or primary.verdict == Verdict.NOT_ENOUGH_DATA:
        return False
    clock = find_governing(SUBJECT, idea.id)
    if clock is not None and clock.kind is ClockKind.VALIDATE:
        return True
    ties = get_ties(idea.id)
    validator = find_validator(ties)
    if validator is None:
        return False
    due_at = start_clock(
        ClockKind.VALIDATE,
        SUBJECT,
        idea.id,
        department_id=validator.home_department_id or ties.owner_department_id,
        accountable_id=validator.id,
        is_governing=True,
    )
    hand_to(idea, validator.id, due_at)
    record(PROGRAM, "validation.asked", SUBJECT, idea.id, validator_id=validator.id)
    publish(AnalysisReady(idea.id, primary.id))
    return True


def hand_to(idea: Idea, person_id: int, due_at: datetime) -> None:
    """Note whom an idea waits on now, and until when, without moving it."""
    idea.handler_id, idea.waits_since, idea.due_at = person_id, now(), due_at
    idea.is_paused = False
    session().flush()


def end_measuring(idea_id: int) -> None:
    """End the measuring of a change that has had its 26 weeks, as not proven.

    A measured improvement or harm is not ended: it waits for its signature, and where it was
    given back and the department let its clock run out, a validator is asked again.
    """
    lock_idea(idea_id)
    idea, change = get_idea(idea_id), find_implementation(idea_id)
    if idea.state is not State.MEASURING or change is None or ends_on(change.go_live_on) > today():
        return
    latest = list_latest(idea_id)
    if latest and latest[0].verdict in {Verdict.IMPROVED, Verdict.HARMED}:
        if idea.due_at is None or idea.due_at <= now():
            ask_validator(idea, latest[0])
        return
    commitment = get_commitment(idea_id)
    move_idea(
        PROGRAM,
        idea,
        Move.FIND_NOT_PROVEN,
        sentence=_("26 weeks have passed, and no effect could be shown."),
        handler_id=commitment.person_id,
        due_at=None,
    )
    stop_clocks(SUBJECT, idea.id)
    publish(IdeaFoundNotProven(idea.id, None))
