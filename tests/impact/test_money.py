"""Benefits and awards."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.impact.money import (
    AWARD_CAP_POINTS,
    Benefit,
    BenefitKind,
    RateChange,
    award_points,
    totals,
    yearly_benefit,
)

HARD, SOFT = BenefitKind.HARD, BenefitKind.SOFT
amounts = st.integers(-(10**12), 10**12)


def test_fewer_contacts_save_their_avoidable_cost_less_investment_and_running_cost():
    benefit = yearly_benefit(
        RateChange(-0.010, -0.015, -0.005),
        kind=HARD,
        exposure=1_000_000,
        unit_cost_minor=600,
        investment_minor=1_000_000,
        running_cost_minor=500_000,
    )
    assert benefit == Benefit(HARD, 1_500_000, 4_500_000, 7_500_000)


def test_a_rise_earns_where_higher_is_better_and_costs_where_lower_is():
    rise = RateChange(0.02, 0.01, 0.03)
    gain = yearly_benefit(rise, kind=HARD, exposure=100, unit_cost_minor=100, better="higher")
    loss = yearly_benefit(rise, kind=HARD, exposure=100, unit_cost_minor=100, better="lower")
    assert (gain.low, gain.mid, gain.high) == (100, 200, 300)
    assert (loss.low, loss.mid, loss.high) == (-300, -200, -100)


@pytest.mark.parametrize("wrong", [{"better": "up"}, {"exposure": -1.0}, {"investment_minor": -1}])
def test_a_wrong_direction_and_negative_costs_are_refused(wrong: dict[str, object]):
    known: dict[str, object] = {"kind": HARD, "exposure": 1.0, "unit_cost_minor": 1}
    with pytest.raises(ValueError, match=r"better|negative"):
        yearly_benefit(RateChange(0, 0, 0), **(known | wrong))


def test_kinds_are_totalled_side_by_side_and_never_together():
    hard, soft = Benefit(HARD, 1, 2, 3), Benefit(SOFT, 10, 20, 30)
    assert totals([hard, soft, hard]) == {HARD: Benefit(HARD, 2, 4, 6), SOFT: soft}
    with pytest.raises(ValueError, match="never added together"):
        hard + soft


def test_a_benefit_out_of_order_is_refused():
    with pytest.raises(ValueError, match="low ≤ mid ≤ high"):
        Benefit(HARD, 2, 1, 3)


@pytest.mark.parametrize(
    ("lower_bound_minor", "points"),
    [
        (-1, 0),
        (0, 0),
        (1_000_000, 10_000),
        (8_400_000, 32_200),
        (10_000_000, 37_000),
        (20_000_000, 42_000),
        (136_000_000, AWARD_CAP_POINTS),
        (10**15, AWARD_CAP_POINTS),
    ],
)
def test_the_award_follows_the_bands_up_to_the_cap(lower_bound_minor: int, points: int):
    assert award_points(lower_bound_minor) == points


@given(amounts, amounts)
def test_more_benefit_never_awards_fewer_points(one: int, other: int):
    less, more = sorted((one, other))
    assert award_points(less) <= award_points(more)


@given(st.integers(max_value=0))
def test_no_benefit_awards_nothing(lower_bound_minor: int):
    assert award_points(lower_bound_minor) == 0


@given(amounts, st.sampled_from([0, 1_000_000, 10_000_000, 136_000_000]))
def test_one_cent_more_awards_at_most_one_point_more_also_at_the_edges(any_: int, edge: int):
    for amount in (any_, edge - 1, edge):
        assert award_points(amount + 1) - award_points(amount) in (0, 1)


@given(
    st.tuples(*[st.floats(-1, 1)] * 3).map(sorted),
    st.sampled_from(["lower", "higher"]),
)
def test_low_mid_and_high_are_always_in_order(rates: list[float], better: str):
    low, mid, high = rates
    benefit = yearly_benefit(
        RateChange(mid, low, high), kind=SOFT, exposure=1e6, unit_cost_minor=250, better=better
    )
    assert benefit.low <= benefit.mid <= benefit.high
