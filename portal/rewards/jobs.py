"""Later and regularly: the second half of an outcome award, and the proof of the ledger."""

import logging
from datetime import timedelta

from portal.columns import JsonObject
from portal.database import reading, writing
from portal.jobs.services import every, handles
from portal.rewards.earnings import pay_sustained
from portal.rewards.proof import check_ledger
from portal.rewards.rules import SECOND_HALF

_log = logging.getLogger(__name__)


@handles(SECOND_HALF)
def pay_second_half(payload: JsonObject) -> None:
    """Pay the second half of the award for ``validation_id``, if the benefit held."""
    with writing():
        pay_sustained(payload["validation_id"])


@every(timedelta(days=1), "rewards.check")
def check_daily() -> None:
    """Prove the ledger; a fault is an error in the log."""
    with reading():
        faults = check_ledger()
    for fault in faults:
        _log.error("ledger: %s", fault)
