"""Four eyes, and nothing signed that was not measured."""

from itertools import pairwise
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.actor import PROGRAM, Actor, Capability
from portal.impact.models import Outcome
from portal.impact.money import Benefit, BenefitKind
from portal.impact.parts import divide, part_of
from portal.impact.policies import APPROVING, Ties, signable, why_not_approve, why_not_sign
from portal.impact.verdicts import Verdict

OWNER = 4
TIES = Ties(
    owner_department_id=OWNER,
    owner_path="/1/4/",
    home_path="/1/5/",
    authors=frozenset({11}),
    credited=frozenset({12}),
    claimants=frozenset({13}),
)


def _validator(person_id: int = 20, *, scope: frozenset[int] | None = None) -> Actor:
    if scope is None:
        return Actor(id=person_id, name="Priya", everywhere=frozenset({Capability.VALIDATE}))
    within = MappingProxyType({Capability.VALIDATE: scope})
    return Actor(id=person_id, name="Priya", within=within)


def _with_home(path: str | None) -> Ties:
    return Ties(OWNER, TIES.owner_path, path, TIES.authors, TIES.credited, TIES.claimants)


def test_a_validator_from_outside_may_sign() -> None:
    assert why_not_sign(_validator(), TIES) is None
    assert why_not_sign(_validator(scope=frozenset({OWNER})), TIES) is None
    assert why_not_sign(_validator(), _with_home(None)) is None


@pytest.mark.parametrize("home", ["/1/4/", "/1/4/9/", "/1/4/9/17/"])
def test_nobody_signs_for_their_own_department_or_one_above_them(home: str) -> None:
    assert why_not_sign(_validator(), _with_home(home)) is not None


def test_a_department_whose_number_begins_alike_is_outside() -> None:
    assert why_not_sign(_validator(), _with_home("/1/44/")) is None


@pytest.mark.parametrize("person_id", [11, 12, 13])
def test_nobody_signs_what_they_wrote_gain_by_or_claimed(person_id: int) -> None:
    assert why_not_sign(_validator(person_id), TIES) is not None


def test_neither_the_program_nor_a_validator_of_others_signs() -> None:
    assert why_not_sign(PROGRAM, TIES) is not None
    assert why_not_sign(_validator(scope=frozenset({5})), TIES) is not None
    assert why_not_sign(Actor(id=20, name="Amina"), TIES) is not None


verdicts = st.sampled_from(list(Verdict))


@given(primary=verdicts, guardrails=st.lists(verdicts, max_size=4))
def test_only_an_improvement_without_harm_is_approved(
    primary: Verdict, guardrails: list[Verdict]
) -> None:
    found = signable(primary, guardrails)
    may = primary is Verdict.IMPROVED and Verdict.HARMED not in guardrails
    assert found >= APPROVING if may else not found & APPROVING
    assert (why_not_approve(primary, guardrails) is None) is may


@given(primary=verdicts, guardrails=st.lists(verdicts, max_size=4))
def test_harm_is_signed_only_where_it_was_measured_and_returning_is_always_possible(
    primary: Verdict, guardrails: list[Verdict]
) -> None:
    found = signable(primary, guardrails)
    assert Outcome.RETURNED in found
    if Outcome.HARMFUL in found:
        assert Verdict.HARMED in {primary, *guardrails}
    if primary is Verdict.NOT_ENOUGH_DATA:
        assert found == {Outcome.RETURNED}


@st.composite
def _percents(draw: st.DrawFn) -> dict[int, int]:
    cuts = draw(st.lists(st.integers(1, 99), unique=True, max_size=19).map(sorted))
    ends = [0, *cuts, 100]
    return {person: end - start for person, (start, end) in enumerate(pairwise(ends), start=1)}


@st.composite
def _benefits(draw: st.DrawFn) -> Benefit:
    low, mid, high = sorted(draw(st.tuples(*[st.integers(-(10**12), 10**12)] * 3)))
    return Benefit(BenefitKind.HARD, low, mid, high)


@given(benefit=_benefits(), percents=_percents())
def test_the_parts_of_a_benefit_add_up_exactly_and_keep_their_order(
    benefit: Benefit, percents: dict[int, int]
) -> None:
    parts = divide(benefit, percents)
    assert sum(part.low for part in parts.values()) == benefit.low
    assert sum(part.mid for part in parts.values()) == benefit.mid
    assert sum(part.high for part in parts.values()) == benefit.high
    for person_id, part in parts.items():
        assert part.low <= part.mid <= part.high
        assert part.percent == percents[person_id]
        assert abs(part.low - benefit.low * part.percent / 100) <= 1


def test_the_largest_remainders_get_what_is_left_over() -> None:
    parts = divide(Benefit(BenefitKind.HARD, 100, 100, 101), {1: 33, 2: 33, 3: 34})
    assert [part.low for part in parts.values()] == [33, 33, 34]
    assert [part.high for part in parts.values()] == [33, 33, 35]


def test_parts_that_do_not_sum_to_a_hundred_are_refused() -> None:
    with pytest.raises(ValueError, match="100"):
        divide(Benefit(BenefitKind.HARD, 1, 2, 3), {1: 60, 2: 20})


@given(benefit=_benefits(), percent=st.integers(1, 100))
def test_a_part_that_is_approved_keeps_the_order_of_the_bounds(
    benefit: Benefit, percent: int
) -> None:
    bounds = [part_of(amount, percent) for amount in (benefit.low, benefit.mid, benefit.high)]
    assert bounds == sorted(bounds)
