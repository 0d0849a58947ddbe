"""Playing the demo year through the services, in the order things happened.

What happened is a list of moments; many of them share a writing unit, because a commit that
survives a power cut costs more than what it holds.  When something in a unit is refused, its
moments are played again one by one, and what is refused then is counted and left out.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import partial
from heapq import merge
from itertools import islice
from typing import Any

from portal.database import active, session, writing
from portal.demo.acts import ACTS, WORKER_FIRST
from portal.demo.days import ZONE, at_local
from portal.demo.ideas import Idea as PlannedIdea
from portal.demo.insights import Insight as PlannedInsight
from portal.demo.metrics import Point
from portal.demo.plan import Plan
from portal.demo.rewards import Redemption as PlannedRedemption
from portal.demo.stage import FIRST_DAY, Stage, set_stage
from portal.demo.steps import Step, Withdraw
from portal.errors import PortalError
from portal.insights.capture import NewInsight, ReadyInsight, make_ready
from portal.insights.models import Channel, DemandType, Friction
from portal.insights.services import add_insights
from portal.jobs.services import run_ready_tasks
from portal.metrics.models import Metric
from portal.metrics.services import record_points
from portal.notifications.services import as_history, read_all
from portal.now import at
from portal.people.passwords import hash_password
from portal.rewards import services as rewards
from portal.rewards.models import Redemption, RewardItem

PASSWORD = "a year of good ideas"
IN_A_UNIT = 200
INSIGHTS_IN_A_UNIT = 2000
UNREAD_DAYS = 7
"""People read their notices until this long ago."""

_log = logging.getLogger(__name__)

Told = Callable[[str, int, int], None]
"""Progress: what is being played, how far, of how many."""


@dataclass(frozen=True, slots=True)
class Happening:
    """Something at a moment; ``needs_worker`` when it reads what the worker has to do first."""

    at: datetime
    do: Callable[[], None]
    needs_worker: bool = False


@dataclass(slots=True)
class Report:
    """How the play went."""

    insights: int = 0
    happenings: int = 0
    refused: list[str] = field(default_factory=list)


def play(plan: Plan, told: Told = lambda _what, _done, _all: None) -> Report:
    """Play the whole plan on an empty, migrated database."""
    password_hash = hash_password(PASSWORD)
    with at(datetime.combine(FIRST_DAY, time(9), ZONE)), writing():
        stage = set_stage(plan, PASSWORD, password_hash)
    report = Report()
    with _hurried(), as_history():
        _play_year(plan, stage, report, told)
    return report


@contextmanager
def _hurried() -> Iterator[None]:
    """Not wait for the disk meanwhile: a play that a power cut ends is simply played again."""
    fast, safe = ("OFF", "FULL") if active().is_sqlite else ("off", "on")
    _set_synchronous(fast)
    try:
        yield
    finally:
        _set_synchronous(safe)


def _set_synchronous(value: str) -> None:
    """On the one connection that this single thread writes through."""
    with active().writer.connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        if active().is_sqlite:
            raw.execute(f"PRAGMA synchronous={value}")
        else:
            raw.execute(f"SET SESSION synchronous_commit = {value}")
            raw.commit()


def _play_year(plan: Plan, stage: Stage, report: Report, told: Told) -> None:
    _play_insights(plan, stage, report, told)
    happenings = list(
        merge(
            _list_steps(plan, stage),
            _list_points(plan, stage),
            _list_orders(plan, stage),
            key=lambda one: one.at,
        )
    )
    _play_happenings(plan, stage, happenings, report, told)


def _play_insights(plan: Plan, stage: Stage, report: Report, told: Told) -> None:
    planned = plan.insights()
    while chunk := list(islice(planned, INSIGHTS_IN_A_UNIT)):
        with at(chunk[-1].occurred_at):
            ready = [_ready(one, stage) for one in chunk]
            with writing():
                report.insights += add_insights(stage.actor(None), ready)
        told("insights", report.insights, plan.insight_count)


def _ready(planned: PlannedInsight, stage: Stage) -> ReadyInsight:
    return make_ready(
        NewInsight(
            text=planned.text,
            channel=Channel(planned.channel),
            reason_id=stage.reasons[planned.reason],
            demand_type=DemandType(planned.demand),
            expected=planned.expected,
            severity=planned.severity,
            minutes=planned.minutes,
            friction=tuple(Friction(one) for one in planned.friction),
            occurred_at=planned.occurred_at,
            author_id=stage.people[planned.author],
            external_id=planned.external_id,
        )
    )


def _list_steps(plan: Plan, stage: Stage) -> Iterator[Happening]:
    steps = merge(*(_life(idea) for idea in plan.ideas), key=lambda pair: pair[1].at)
    for idea, step in steps:
        act = ACTS.get(type(step))
        if act is not None:
            yield Happening(
                step.at,
                partial(act, stage, idea, step),
                needs_worker=isinstance(step, WORKER_FIRST),
            )


def _life(idea: PlannedIdea) -> list[tuple[PlannedIdea, Step]]:
    """What happened to an idea, until it was taken back."""
    ends = [place for place, step in enumerate(idea.steps, 1) if isinstance(step, Withdraw)]
    return [(idea, step) for step in idea.steps[: ends[0] if ends else None]]


def _list_points(plan: Plan, stage: Stage) -> list[Happening]:
    """Each week of each metric is known on the morning after its last day."""
    weeks: dict[datetime, list[tuple[str, Point]]] = {}
    for metric in plan.metrics:
        for point in metric.points:
            known_at = at_local(point.period_start + timedelta(days=7), 7 * 60)
            weeks.setdefault(known_at, []).append((metric.key, point))
    return [
        Happening(moment, partial(_record, stage, points))
        for moment, points in sorted(weeks.items())
    ]


def _record(stage: Stage, points: Sequence[tuple[str, Point]]) -> None:
    for key, point in points:
        metric = session().get_one(Metric, stage.metrics[key])
        row = (point.period_start, float(point.numerator), float(point.denominator))
        record_points(stage.actor(None), metric, [row])


def _list_orders(plan: Plan, stage: Stage) -> list[Happening]:
    happenings = []
    for number, order in enumerate(plan.redemptions):
        nonce = f"demo-order-{number}"
        happenings.append(Happening(order.requested_at, partial(_redeem, stage, order, nonce)))
        for move in order.moves:
            happenings.append(
                Happening(
                    move.at,
                    partial(_handle, stage, move.actor, move.verb, nonce),
                )
            )
    return sorted(happenings, key=lambda one: one.at)


def _redeem(stage: Stage, order: PlannedRedemption, nonce: str) -> None:
    item = session().get_one(RewardItem, stage.items[order.item])
    rewards.redeem(stage.actor(order.person), item, nonce=nonce)


def _handle(stage: Stage, actor: str, verb: str, nonce: str) -> None:
    order = session().query(Redemption).filter_by(nonce=nonce).one_or_none()
    if order is None:
        return  # the order itself was refused, so there is nothing to hand over
    verbs = {
        "approve": rewards.approve,
        "fulfil": rewards.fulfil,
        "receive": rewards.receive,
        "refund": rewards.refund,
    }
    verbs[verb](stage.actor(actor), order)


def _play_happenings(
    plan: Plan, stage: Stage, happenings: Sequence[Happening], report: Report, told: Told
) -> None:
    end = at_local(plan.today, 0)
    read_until = end - timedelta(days=UNREAD_DAYS)
    has_read = False
    for batch in _batches(happenings):
        if not has_read and batch[0].at >= read_until:
            _read_notices(stage, batch[0].at)
            has_read = True
        if batch[0].needs_worker:
            with at(batch[0].at):
                run_ready_tasks(limit=100_000)
        _play_batch(stage, batch, report)
        report.happenings += len(batch)
        told("the year", report.happenings, len(happenings))
    with at(end):
        run_ready_tasks(limit=100_000)


def _batches(happenings: Iterable[Happening]) -> Iterator[list[Happening]]:
    """Runs of happenings that share a unit; one that needs the worker begins a new one."""
    batch: list[Happening] = []
    for one in happenings:
        if batch and (one.needs_worker or len(batch) >= IN_A_UNIT):
            yield batch
            batch = []
        batch.append(one)
    if batch:
        yield batch


def _play_batch(stage: Stage, batch: Sequence[Happening], report: Report) -> None:
    known = dict(stage.ideas)
    try:
        with writing():
            for one in batch:
                with at(one.at):
                    one.do()
    except PortalError as error:
        stage.ideas = known
        if len(batch) == 1:
            report.refused.append(f"{batch[0].at:%Y-%m-%d}: {error.message}")
            _log.debug("refused", exc_info=error)
            return
        for one in batch:
            _play_batch(stage, [one], report)


def _read_notices(stage: Stage, moment: datetime) -> None:
    with at(moment), writing():
        for key in stage.people:
            read_all(stage.actor(key))
