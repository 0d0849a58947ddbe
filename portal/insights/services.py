"""Storing what customers said: one at a time, and by the thousand."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import bindparam, insert, select

from portal.actor import PROGRAM, Actor
from portal.audit.services import record
from portal.columns import JsonObject
from portal.database import lock_row, session
from portal.demand.owners import Desk
from portal.demand.queries import find_desk
from portal.errors import Conflict, RuleBroken
from portal.events import publish
from portal.i18n import gettext as _
from portal.insights.capture import NewInsight, ReadyInsight, make_ready
from portal.insights.events import InsightsAdded
from portal.insights.models import Channel, DemandType, Friction, Insight
from portal.insights.policies import can_add_insight
from portal.now import now
from portal.numbers import Counter, next_number

SUBJECT = "insight"
"""What files and audit call an insight."""

_NUMBERS = select(Counter.last).where(Counter.letter == "N")
_BY_NONCE = select(Insight).where(Insight.nonce == bindparam("nonce"))
_BY_EXTERNAL_ID = select(Insight.number).where(Insight.external_id == bindparam("external_id"))
_KNOWN = select(Insight.external_id).where(
    Insight.external_id.in_(bindparam("external_ids", expanding=True))
)


def add_insight(
    actor: Actor,
    *,
    text: str,
    channel: Channel | None = None,
    reason_id: int | None = None,
    demand_type: DemandType = DemandType.UNSURE,
    expected: str | None = None,
    severity: int | None = None,
    minutes: int | None = None,
    segment: str | None = None,
    moment: str | None = None,
    friction: Sequence[Friction] = (),
    occurred_at: datetime | None = None,
    nonce: str | None = None,
    external_id: str | None = None,
) -> Insight:
    """Store what a customer said, masked, with the department that owns its reason.

    A form sent twice (the same ``nonce``) gives the insight of its first arrival.
    """
    new = NewInsight(
        text=text,
        channel=channel,
        reason_id=reason_id,
        demand_type=demand_type,
        expected=expected,
        severity=severity,
        minutes=minutes,
        segment=segment,
        moment=moment,
        friction=friction,
        occurred_at=occurred_at,
        author_id=actor.id,
        external_id=external_id,
    )
    return add_ready_insight(actor, make_ready(new), nonce=nonce)


def add_ready_insight(actor: Actor, ready: ReadyInsight, *, nonce: str | None = None) -> Insight:
    """As :func:`add_insight`, for what was masked before the unit began."""
    can_add_insight.require(actor)
    if nonce and (sent := _find_sent(actor, nonce)) is not None:
        return sent
    _refuse_known(ready.new.external_id)
    desk = find_desk(ready.new.reason_id)
    insight = Insight(**_columns(ready, desk, next_number("N")), nonce=nonce or None)
    session().add(insight)
    session().flush()
    record(actor, "insight.added", "insight", insight.id, masked=ready.masked)
    publish(InsightsAdded(insight.number, 1))
    return insight


def _find_sent(actor: Actor, nonce: str) -> Insight | None:
    """What this form became already; waits for its twin, which takes a number as well."""
    session().execute(lock_row(_NUMBERS))
    sent = session().scalar(_BY_NONCE, {"nonce": nonce})
    if sent is not None and sent.author_id != actor.id:
        raise Conflict(_("This form was sent by somebody else. Open it again."))
    return sent


def _refuse_known(external_id: str | None) -> None:
    if external_id is None:
        return
    number = session().scalar(_BY_EXTERNAL_ID, {"external_id": external_id})
    if number is not None:
        raise RuleBroken(
            _(
                "This contact was reported already, as N-%(number)s. "
                "For something else the customer said, leave its reference out.",
                number=number,
            ),
            field="external_id",
        )


def add_insights(actor: Actor, rows: Iterable[ReadyInsight]) -> int:
    """Store many insights at once; how many were new.

    One whose ``external_id`` is known, or stands twice among the rows, is left out.  Rows are
    made by :func:`portal.insights.capture.make_ready`, before the unit begins.
    """
    can_add_insight.require(actor)
    fresh = _without_known(list(rows))
    if not fresh:
        return 0
    first = next_number("N", len(fresh))
    desks = {reason_id: find_desk(reason_id) for reason_id in {row.new.reason_id for row in fresh}}
    session().execute(
        insert(Insight),
        [
            {**_columns(row, desks[row.new.reason_id], number), "nonce": None}
            for number, row in enumerate(fresh, start=first)
        ],
    )
    record(actor, "insight.imported", "insight", None, first=first, count=len(fresh))
    publish(InsightsAdded(first, len(fresh)))
    return len(fresh)


def give_insight(insight: Insight, desk: Desk) -> None:
    """Lay an insight that no reason gave to anybody on the desk that it belongs to."""
    insight.department_id, insight.routed_because = desk.department_id, desk.because
    record(PROGRAM, "insight.routed", "insight", insight.id, department_id=desk.department_id)


def _without_known(rows: list[ReadyInsight]) -> list[ReadyInsight]:
    ids = [row.new.external_id for row in rows if row.new.external_id]
    seen = set(session().scalars(_KNOWN, {"external_ids": ids})) if ids else set()
    fresh = []
    for row in rows:
        if row.new.external_id is not None:
            if row.new.external_id in seen:
                continue
            seen.add(row.new.external_id)
        fresh.append(row)
    return fresh


def _columns(ready: ReadyInsight, desk: Desk, number: int) -> JsonObject:
    new = ready.new
    return {
        "number": number,
        "text": new.text,
        "expected": new.expected,
        "channel": new.channel,
        "reason_id": new.reason_id,
        "department_id": desk.department_id,
        "routed_because": desk.because,
        "demand_type": new.demand_type,
        "severity": new.severity,
        "minutes": new.minutes,
        "segment": new.segment,
        "moment": new.moment,
        "friction": [one.value for one in new.friction],
        "masked": ready.masked,
        "occurred_at": new.occurred_at or now(),
        "created_at": now(),
        "author_id": new.author_id,
        "external_id": new.external_id,
    }
