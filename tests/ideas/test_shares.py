"""Dividing an idea among its authors."""

import pytest
from hypothesis import given
from hypothesis.strategies import integers

from portal.errors import RuleBroken
from portal.ideas.shares import check_shares, share_equally


@given(integers(1, 10))
def test_equal_shares_sum_to_a_hundred_and_differ_by_one_at_most(count: int) -> None:
    shares = share_equally(range(1, count + 1))
    check_shares(shares)
    percents = [share for _person, share in shares]
    assert max(percents) - min(percents) <= 1
    assert percents == sorted(percents, reverse=True)


def test_three_authors_share_34_33_33() -> None:
    assert share_equally([5, 6, 7]) == [(5, 34), (6, 33), (7, 33)]
    assert share_equally([]) == []


@pytest.mark.parametrize(
    "shares",
    [
        [(1, 99)],
        [(1, 60), (2, 60)],
        [(1, 100), (2, 0)],
        [(1, 50), (1, 50)],
        [(1, 150), (2, -50)],
        [(n, 1) for n in range(100)],
        [],
    ],
)
def test_shares_that_do_not_add_up_are_refused(shares: list[tuple[int, int]]) -> None:
    with pytest.raises(RuleBroken) as refusal:
        check_shares(shares)
    assert refusal.value.field == "authors"
