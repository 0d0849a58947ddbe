"""The size of the prize: what the contacts about a reason cost in a year."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Select, bindparam, func, select

from portal.columns import UtcDateTime
from portal.database import session
from portal.demand.models import ReasonCost
from portal.insights.models import DemandType, Insight
from portal.now import now

YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Prize:
    """What the contacts of a reason cost in a year: an estimate of what there is to gain.

    ``contacts`` are the insights of the last 365 days, ``cost_minor`` the avoidable cost of
    one contact in minor units.
    """

    contacts: int
    cost_minor: int

    @property
    def total_minor(self) -> int:
        """Contacts times cost, in minor units."""
        return self.contacts * self.cost_minor


_PRIZE = select(
    func.count(Insight.id),
    select(ReasonCost.avoidable_minor)
    .where(ReasonCost.reason_id == bindparam("reason_id"), ReasonCost.valid_from <= bindparam("on"))
    .order_by(ReasonCost.valid_from.desc())
    .limit(1)
    .scalar_subquery(),
).where(
    Insight.reason_id == bindparam("reason_id"),
    Insight.occurred_at >= bindparam("since", type_=UtcDateTime()),
)
_FAILURE_PRICE = _PRIZE.where(Insight.demand_type == DemandType.FAILURE)


def find_prize(reason_id: int | None, on: date) -> Prize | None:
    """The size of what an idea is about; None where nothing was counted or nothing is known."""
    return _find(_PRIZE, reason_id, on)


def find_failure_price(reason_id: int | None, on: date) -> Prize | None:
    """What the contacts of a year cost that should not have been needed; None where unknown."""
    return _find(_FAILURE_PRICE, reason_id, on)


def _find(asked: Select[int, int], reason_id: int | None, on: date) -> Prize | None:
    if reason_id is None:
        return None
    values = {"reason_id": reason_id, "on": on, "since": now() - YEAR}
    contacts, cost = session().execute(asked, values).one()
    return Prize(contacts, cost) if contacts and cost else None
