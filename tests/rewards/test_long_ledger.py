"""A short stretch of what ``make ledger`` plays for ten thousand steps."""

import pytest

from portal.database import Database
from tests.rewards import long_ledger


@pytest.mark.threat(51)
def test_the_ledger_holds_under_everything_that_may_happen_to_it(database: Database) -> None:
    figures = long_ledger.play(database, seed=52, steps=150)
    assert figures["proofs"] == 3
    assert {"attack", "award", "order", "move refund"} <= figures["acts"].keys()
