"""Signing a promise: its terms are checked, its baselines locked, its clocks started."""

from collections.abc import Sequence
from datetime import date

from portal.actor import Actor
from portal.audit.services import record
from portal.clocks.services import stop_clocks
from portal.database import session
from portal.delivery import terms
from portal.delivery.credit import Share
from portal.delivery.events import CommitmentMade
from portal.delivery.models import Commitment, CreditShare, Guardrail, Track
from portal.delivery.queries import find_commitment
from portal.delivery.steps import require_promiser, restart_report, start_delivery, take_step
from portal.delivery.terms import Measures, local_today
from portal.events import publish
from portal.ideas.lifecycle import Move, next_state
from portal.ideas.models import Idea
from portal.ideas.services import SUBJECT
from portal.metrics.services import lock_baseline
from portal.now import now


def commit_to_idea(
    actor: Actor,
    idea: Idea,
    *,
    person_id: int,
    due_on: date,
    definition_of_done: str,
    track: Track,
    metric_id: int | None = None,
    guardrail_ids: Sequence[int] = (),
    forecast_percent: float | None = None,
    investment_minor: int = 0,
    running_minor: int = 0,
    credit: Sequence[Share] | None = None,
) -> Commitment:
    """Sign a promise for an accepted idea: a person, a day, and how one will know it is done.

    On the measured track the baselines of the metric and its guardrails are locked at once;
    the quick track leaves metrics and forecast out.  Without ``credit`` the default split
    holds.  The same promise sent twice by its signer is one.

    Raises
    ------
    NotAllowed
        Without DELIVER in the department that owns the idea.
    Conflict
        If the idea is not waiting for a promise.
    RuleBroken
        On the field at fault.
    """
    require_promiser(actor, idea)
    known = find_commitment(idea.id)
    if known is not None and _is_same(known, actor, person_id, due_on):
        return known
    next_state(idea.state, Move.COMMIT)
    terms.check_person(person_id)
    terms.check_due(idea, due_on)
    terms.check_money(investment_minor, running_minor)
    measures = terms.checked_measures(track, metric_id, guardrail_ids)
    shares = terms.checked_credit(idea, person_id, credit)
    commitment = Commitment(
        idea_id=idea.id,
        person_id=person_id,
        department_id=idea.owner_department_id,
        due_on=due_on,
        definition_of_done=terms.checked_sentence(definition_of_done, "definition_of_done"),
        track=track,
        forecast_percent=terms.checked_forecast(measures, forecast_percent),
        investment_minor=investment_minor,
        running_minor=running_minor,
        signed_by_id=actor.id,
        signed_at=now(),
    )
    if measures is not None:
        _lock_primary(actor, idea, commitment, measures)
    session().add(commitment)
    session().flush()
    if measures is not None:
        _lock_guardrails(actor, idea, commitment, measures)
    _add_credit(idea, shares)
    stop_clocks(SUBJECT, idea.id)
    due_at = start_delivery(idea, commitment, due_on)
    restart_report(idea, commitment)
    take_step(actor, idea, Move.COMMIT, commitment, due_at, due_on=due_on.isoformat())
    record(actor, "commitment.made", "commitment", commitment.id, track=track.value)
    publish(CommitmentMade(idea.id, commitment.id))
    return commitment


def _is_same(known: Commitment, actor: Actor, person_id: int, due_on: date) -> bool:
    return (known.signed_by_id, known.person_id, known.due_on) == (actor.id, person_id, due_on)


def _lock_primary(actor: Actor, idea: Idea, commitment: Commitment, measures: Measures) -> None:
    until = local_today(idea.owner_department_id)
    commitment.metric_id = measures.primary.id
    commitment.baseline_id = lock_baseline(actor, measures.primary, idea, until=until).id


def _lock_guardrails(actor: Actor, idea: Idea, commitment: Commitment, measures: Measures) -> None:
    until = local_today(idea.owner_department_id)
    for metric in measures.guardrails:
        baseline = lock_baseline(actor, metric, idea, until=until)
        session().add(
            Guardrail(commitment_id=commitment.id, metric_id=metric.id, baseline_id=baseline.id)
        )


def _add_credit(idea: Idea, shares: Sequence[Share]) -> None:
    session().add_all(
        CreditShare(
            idea_id=idea.id, person_id=person_id, role=role, percent=percent, proposed_at=now()
        )
        for person_id, role, percent in shares
    )
