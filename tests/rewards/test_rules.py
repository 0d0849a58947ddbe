"""What earns how much, without a database."""

from hypothesis import given
from hypothesis import strategies as st

from portal.impact.money import award_points
from portal.rewards.rules import DEFAULT_RULES, Rule, outcome_halves, split, worth_minor

SHARES = st.dictionaries(st.integers(1, 50), st.integers(0, 100), max_size=6)


def test_the_defaults_are_those_of_the_product() -> None:
    assert DEFAULT_RULES.points == {
        Rule.THANK_YOU: 10,
        Rule.ACCEPTED: 50,
        Rule.IMPLEMENTED: 100,
        Rule.HONEST_NULL: 100,
    }
    assert DEFAULT_RULES.weekly_caps == {Rule.THANK_YOU: 30}
    assert DEFAULT_RULES.two_people_from == 5_000


def test_ten_points_are_worth_one_unit_of_money() -> None:
    assert worth_minor(1_240) == 12_400


def test_an_outcome_is_paid_in_two_halves_with_the_odd_point_first() -> None:
    assert outcome_halves(8_400_000) == (16_100, 16_100)
    assert outcome_halves(10_100) == (51, 50)
    assert outcome_halves(-5) == (0, 0)


@given(st.integers(-1_000_000, 10**12))
def test_the_halves_add_up_to_the_award(lower_bound: int) -> None:
    first, second = outcome_halves(lower_bound)
    assert first + second == award_points(lower_bound)
    assert 0 <= first - second <= 1


def test_a_split_goes_by_largest_remainder_and_ties_to_the_lower_id() -> None:
    assert split(10, {1: 33, 2: 33, 3: 34}) == {1: 3, 2: 3, 3: 4}
    assert split(100, {7: 1, 5: 1, 6: 1}) == {5: 34, 6: 33, 7: 33}
    assert split(1_617, {1: 60, 2: 20, 3: 20}) == {1: 970, 2: 324, 3: 323}


@given(st.integers(1, 100_000), SHARES)
def test_a_split_loses_nothing_and_is_off_by_less_than_one(
    amount: int, shares: dict[int, int]
) -> None:
    parts = split(amount, shares)
    total = sum(shares.values())
    assert sum(parts.values()) == (amount if total else 0)
    assert list(parts) == sorted(parts)
    for person, part in parts.items():
        assert part > 0
        assert abs(part - amount * shares[person] / total) < 1


@given(st.integers(-100, 0), SHARES)
def test_nothing_is_shared_out_of_nothing(amount: int, shares: dict[int, int]) -> None:
    assert split(amount, shares) == {}
