"""Routing insights that no reason gave to anybody."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select

from portal.database import session
from portal.demand.owners import Desk
from portal.insights.models import Insight
from portal.insights.services import give_insight
from portal.jobs.services import enqueue
from portal.routing.choosing import choose_without_owner, facts_of_insight, list_usable_rules
from portal.routing.models import RoutingRule
from portal.routing.router import find_acting

ROUTE_INSIGHTS = "routing.insights"

_BY_NUMBER = select(Insight).where(Insight.number == bindparam("number"))
_BY_NUMBERS = select(Insight).where(Insight.number.in_(bindparam("numbers", expanding=True)))
_WITHOUT_REASON = (
    select(Insight)
    .where(
        Insight.number > bindparam("after"),
        Insight.number <= bindparam("last"),
        Insight.reason_id.is_(None),
    )
    .order_by(Insight.number)
    .limit(bindparam("limit"))
)
_ANY_RULE = select(RoutingRule.id).where(RoutingRule.is_active).limit(1)


def route_insight(number: int) -> None:
    """Find the desk of an insight that is on nobody's; leave one that has an owner."""
    insight = session().scalars(_BY_NUMBER, {"number": number}).one()
    if _is_orphaned(insight):
        desk = choose_without_owner(facts_of_insight(insight), list_usable_rules())
        if desk is not None:
            give_insight(insight, desk)


def _is_orphaned(insight: Insight) -> bool:
    return bool(insight.routed_because.get("rule") == "orphan")


def spread_later(first: int, count: int) -> None:
    """Let the worker find the desks of imported insights, where anything could find them."""
    if session().scalar(_ANY_RULE) is not None or find_acting() is not None:
        enqueue(ROUTE_INSIGHTS, {"first": first, "count": count}, key=f"{ROUTE_INSIGHTS}/{first}")


def choose_for_insights(after: int, last: int, *, limit: int) -> list[tuple[int, Desk | None]]:
    """Numbers of orphaned insights and their desks, None where nothing names one; in order."""
    rules = list_usable_rules()
    found = session().scalars(_WITHOUT_REASON, {"after": after, "last": last, "limit": limit})
    return [
        (insight.number, choose_without_owner(facts_of_insight(insight), rules))
        for insight in found.all()
    ]


def give_insights(chosen: Sequence[tuple[int, Desk | None]]) -> None:
    """Lay insights on the desks chosen for them, but those that found one meanwhile."""
    desks = {number: desk for number, desk in chosen if desk is not None}
    for insight in session().scalars(_BY_NUMBERS, {"numbers": list(desks)}).all():
        if _is_orphaned(insight):
            give_insight(insight, desks[insight.number])
