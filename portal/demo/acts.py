"""Acting out the plan: each step of an idea's life as the service that does it."""

from datetime import date, timedelta

from portal.columns import JsonObject
from portal.database import session
from portal.delivery import queries as delivery
from portal.delivery.going_live import confirm_change, implement_idea
from portal.delivery.models import CreditRole, Track
from portal.delivery.promising import commit_to_idea
from portal.delivery.services import (
    add_progress,
    change_date,
    close_idea,
    roll_back,
    start_work,
    stop_idea,
)
from portal.demo import steps as step
from portal.demo.ideas import Idea as PlannedIdea
from portal.demo.review_acts import REVIEW_ACTS, Act, idea_of
from portal.demo.sentences import POINTERS
from portal.demo.stage import Stage
from portal.errors import Conflict
from portal.ideas.lifecycle import State
from portal.ideas.models import Control, Lens
from portal.ideas.queries import get_idea
from portal.ideas.services import (
    add_comment,
    save_draft,
    submit_idea,
    support_idea,
    withdraw_idea,
)
from portal.ideas.similar import list_similar
from portal.impact.models import BenefitKind, Outcome
from portal.impact.queries import list_latest
from portal.impact.services import claim_benefit, validate_idea
from portal.insights.models import Channel
from portal.people.models import Department
from portal.routing.queries import get_open_transfer
from portal.routing.services import answer_transfer, transfer_idea
from portal.triage.appealing import appeal, is_appealable
from portal.triage.limits import EXECUTIVE_ABOVE_MINOR, SIGNED_ABOVE_MINOR
from portal.triage.merging import foresee, merge_ideas
from portal.triage.prizes import find_failure_price
from portal.triage.putting_off import accept_cost, defer_idea
from portal.triage.services import (
    accept_idea,
    answer_question,
    ask_author,
    decline_idea,
    point_out,
)
from portal.triage.trying import begin_test

JOIN_AMONG = 40
JOINED_TO = frozenset({State.ACCEPTED, State.DEFERRED, State.COST_ACCEPTED, State.TESTING})
"""What takes another in: something that its author does not take back any more."""
DEAR_REVIEW_DAYS = 180
"""Where a plain no is not enough, so far ahead lies the day to look again."""


def _facts(stage: Stage, planned: PlannedIdea) -> JsonObject:
    return {
        "title": planned.title,
        "problem": planned.problem,
        "proposal": planned.proposal,
        "lens": Lens(planned.lens),
        "control": Control(planned.control),
        "reason_id": stage.reasons[planned.reason] if planned.reason else None,
        "authors": [(stage.people[one.person], one.percent) for one in planned.authors],
    }


def _save_draft(stage: Stage, planned: PlannedIdea, done: step.SaveDraft) -> None:
    made = save_draft(stage.actor(done.actor), **_facts(stage, planned))
    session().flush()
    stage.ideas[planned.key] = made.id


def _submit(stage: Stage, planned: PlannedIdea, done: step.Submit) -> None:
    draft = idea_of(stage, planned) if planned.key in stage.ideas else None
    made = submit_idea(stage.actor(done.actor), **_facts(stage, planned), draft=draft)
    stage.ideas[planned.key] = made.id


def _transfer(stage: Stage, planned: PlannedIdea, done: step.Transfer) -> None:
    to = session().get_one(Department, stage.departments[done.department])
    transfer_idea(stage.actor(done.actor), idea_of(stage, planned), to=to, reason=done.reason)


def _accept_transfer(stage: Stage, planned: PlannedIdea, done: step.AcceptTransfer) -> None:
    transfer = get_open_transfer(stage.ideas[planned.key])
    answer_transfer(stage.actor(done.actor), transfer, accept=True)


def _support(stage: Stage, planned: PlannedIdea, done: step.Support) -> None:
    support_idea(
        stage.actor(done.actor),
        idea_of(stage, planned),
        occurred_on=done.at.date(),
        channel=Channel(done.channel),
        example=done.example,
        minutes=done.minutes,
    )


def _comment(stage: Stage, planned: PlannedIdea, done: step.Comment) -> None:
    add_comment(stage.actor(done.actor), idea_of(stage, planned), body=done.text)


def _ask(stage: Stage, planned: PlannedIdea, done: step.Ask) -> None:
    ask_author(stage.actor(done.actor), idea_of(stage, planned), question=done.question)


def _answer(stage: Stage, planned: PlannedIdea, done: step.Answer) -> None:
    answer_question(stage.actor(done.actor), idea_of(stage, planned), answer=done.text)


def _accept(stage: Stage, planned: PlannedIdea, done: step.Accept) -> None:
    accept_idea(stage.actor(done.actor), idea_of(stage, planned), sentence=done.sentence)


def _decline(stage: Stage, planned: PlannedIdea, done: step.Decline) -> None:
    idea = idea_of(stage, planned)
    price = find_failure_price(idea.reason_id, done.at.date())
    if price is not None and price.total_minor > SIGNED_ABOVE_MINOR:
        review_on = done.at.date() + timedelta(days=DEAR_REVIEW_DAYS)
        kept = step.KeepCalls(done.at, done.actor, done.sentence, done.would_change, review_on)
        _keep_calls(stage, planned, kept)
        return
    decline_idea(
        stage.actor(done.actor),
        idea,
        reason_code=done.code,
        sentence=done.sentence,
        would_change=done.would_change,
    )


def _defer(stage: Stage, planned: PlannedIdea, done: step.Defer) -> None:
    idea = idea_of(stage, planned)
    defer_idea(
        stage.actor(done.actor), idea, sentence=done.sentence, review_on=_within_a_year(done)
    )


def _keep_calls(stage: Stage, planned: PlannedIdea, done: step.KeepCalls) -> None:
    idea = idea_of(stage, planned)
    price = find_failure_price(idea.reason_id, done.at.date())
    if price is None or price.total_minor > EXECUTIVE_ABOVE_MINOR:
        _defer(stage, planned, step.Defer(done.at, done.actor, done.sentence, done.review_on))
        return
    accept_cost(
        stage.actor(done.actor),
        idea,
        sentence=done.sentence,
        alternative=done.alternative,
        review_on=_within_a_year(done),
    )


def _within_a_year(done: step.Defer | step.KeepCalls) -> date:
    return min(done.review_on, done.at.date() + timedelta(days=360))


def _point_out(stage: Stage, planned: PlannedIdea, done: step.PointOut) -> None:
    point_out(
        stage.actor(done.actor), idea_of(stage, planned), sentence=done.sentence, place=done.place
    )


def _join(stage: Stage, planned: PlannedIdea, done: step.Join) -> None:
    """To the likest idea about the same reason that can take it in; else it exists already."""
    actor, idea = stage.actor(done.actor), idea_of(stage, planned)
    alike = list_similar(idea.title, idea.problem, idea.proposal, but=idea.id, most=JOIN_AMONG)
    for one in alike:
        into = get_idea(one.id)
        is_same = into.reason_id == idea.reason_id and into.state in JOINED_TO
        if is_same and foresee(actor, idea, into).refusal is None:
            merge_ideas(actor, idea, into, sentence=done.sentence)
            return
    point_out(actor, idea, sentence=done.sentence, place=POINTERS[0][1])


def _test(stage: Stage, planned: PlannedIdea, done: step.Test) -> None:
    begin_test(
        stage.actor(done.actor),
        idea_of(stage, planned),
        sentence=done.sentence,
        scope=done.scope,
        stop_rule=done.stop_rule,
        days=done.days,
    )


def _appeal(stage: Stage, planned: PlannedIdea, done: step.Appeal) -> None:
    idea = idea_of(stage, planned)
    if is_appealable(idea):
        appeal(stage.actor(done.actor), idea, reason=done.reason)


def _withdraw(stage: Stage, planned: PlannedIdea, done: step.Withdraw) -> None:
    withdraw_idea(stage.actor(done.actor), idea_of(stage, planned), sentence=done.sentence)


def _stop(stage: Stage, planned: PlannedIdea, done: step.Stop) -> None:
    stop_idea(stage.actor(done.actor), idea_of(stage, planned), sentence=done.sentence)


def _commit(stage: Stage, planned: PlannedIdea, done: step.Commit) -> None:
    measure = done.measure
    proof: JsonObject = {}
    if measure is not None:
        proof = {
            "metric_id": stage.metrics[measure.metric],
            "guardrail_ids": [stage.metrics[key] for key in measure.guardrails],
            "forecast_percent": measure.forecast_percent,
            "investment_minor": measure.investment_minor,
            "running_minor": measure.running_minor,
        }
    commit_to_idea(
        stage.actor(done.actor),
        idea_of(stage, planned),
        person_id=stage.people[done.person],
        due_on=done.due_on,
        definition_of_done=done.definition_of_done,
        track=Track(done.track),
        credit=[
            (stage.people[one.person], CreditRole(one.role), one.percent) for one in done.credits
        ],
        **proof,
    )


def _start(stage: Stage, planned: PlannedIdea, done: step.Start) -> None:
    start_work(stage.actor(done.actor), idea_of(stage, planned))


def _progress(stage: Stage, planned: PlannedIdea, done: step.ProgressNote) -> None:
    add_progress(stage.actor(done.actor), idea_of(stage, planned), sentence=done.text)


def _move_date(stage: Stage, planned: PlannedIdea, done: step.MoveDate) -> None:
    idea = idea_of(stage, planned)
    change_date(stage.actor(done.actor), idea, due_on=done.due_on, reason=done.reason)


def _implement(stage: Stage, planned: PlannedIdea, done: step.Implement) -> None:
    implement_idea(
        stage.actor(done.actor),
        idea_of(stage, planned),
        go_live_on=done.go_live_on,
        what_changes=done.what_changes,
        evidence=done.evidence,
    )


def _confirm(stage: Stage, planned: PlannedIdea, done: step.Confirm) -> None:
    live = delivery.get_implementation(stage.ideas[planned.key])
    confirm_change(stage.actor(done.actor), live, done.sees_it)


def _claim(stage: Stage, planned: PlannedIdea, done: step.Claim) -> None:
    claim_benefit(
        stage.actor(done.actor),
        idea_of(stage, planned),
        kind=BenefitKind(done.kind),
        label=done.label,
        evidence=done.evidence,
    )


def _sign(stage: Stage, planned: PlannedIdea, done: step.Sign) -> None:
    idea = idea_of(stage, planned)
    runs = list_latest(idea.id)
    if not runs:
        raise Conflict(f"{planned.key} has not been analysed")
    validate_idea(
        stage.actor(done.actor),
        idea,
        outcome=Outcome(done.outcome),
        sentence=done.sentence,
        analysis_id=runs[0].id,
        evidence=_cited(planned),
    )


def _cited(planned: PlannedIdea) -> str:
    """The line that the department's claim cites, which the validator repeats."""
    return next((one.evidence for one in planned.steps if isinstance(one, step.Claim)), "")


def _close(stage: Stage, planned: PlannedIdea, done: step.Close) -> None:
    close_idea(stage.actor(done.actor), idea_of(stage, planned), sentence=done.sentence)


def _roll_back(stage: Stage, planned: PlannedIdea, done: step.RollBack) -> None:
    roll_back(stage.actor(done.actor), idea_of(stage, planned), sentence=done.sentence)


ACTS: dict[type[step.Step], Act] = {
    step.SaveDraft: _save_draft,
    step.Submit: _submit,
    step.Transfer: _transfer,
    step.AcceptTransfer: _accept_transfer,
    step.Support: _support,
    step.Comment: _comment,
    **REVIEW_ACTS,
    step.Ask: _ask,
    step.Answer: _answer,
    step.Accept: _accept,
    step.Decline: _decline,
    step.Defer: _defer,
    step.KeepCalls: _keep_calls,
    step.PointOut: _point_out,
    step.Join: _join,
    step.Test: _test,
    step.Appeal: _appeal,
    step.Withdraw: _withdraw,
    step.Stop: _stop,
    step.Commit: _commit,
    step.Start: _start,
    step.ProgressNote: _progress,
    step.MoveDate: _move_date,
    step.Implement: _implement,
    step.Confirm: _confirm,
    step.Claim: _claim,
    step.Sign: _sign,
    step.Close: _close,
    step.RollBack: _roll_back,
}
"""What is missing here (routing, receiving, beginning to measure) the program does by itself."""

WORKER_FIRST = (step.Claim, step.Sign)
"""Steps before which the worker has to have done its work: they read its analysis."""
