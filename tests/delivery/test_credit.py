"""The split of credit, as pure arithmetic."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.delivery.credit import Share, check_split, default_split
from portal.delivery.models import CreditRole
from portal.errors import RuleBroken

ORIGINATOR, DEVELOPER, IMPLEMENTER = CreditRole


@given(st.integers(0, 10))
def test_the_default_split_always_sums_to_one_hundred(originators: int):
    check_split(default_split(range(1, originators + 1), 99))


def test_originators_share_sixty_equally_and_the_first_get_what_is_left():
    shares = default_split([1, 2, 3, 4, 5, 6, 7], 99)
    assert [percent for _, role, percent in shares if role is ORIGINATOR] == [9, 9, 9, 9, 8, 8, 8]
    assert shares[-2:] == [(99, DEVELOPER, 20), (99, IMPLEMENTER, 20)]


def test_somebody_may_have_had_the_idea_and_build_it():
    check_split(default_split([99], 99))


@pytest.mark.parametrize(
    ("shares", "words"),
    [
        ([], "sum to 0"),
        ([(1, ORIGINATOR, 99)], "sum to 99"),
        ([(1, ORIGINATOR, 60), (2, DEVELOPER, 41)], "sum to 101"),
        ([(1, ORIGINATOR, 100), (2, DEVELOPER, 0)], "1 to 100"),
        ([(1, ORIGINATOR, 150), (2, DEVELOPER, -50)], "1 to 100"),
        ([(1, ORIGINATOR, 50), (1, ORIGINATOR, 50)], "twice"),
        ([(n, ORIGINATOR, 4) for n in range(25)], "At most"),
    ],
)
def test_a_split_that_does_not_add_up_is_refused(shares: list[Share], words: str):
    with pytest.raises(RuleBroken, match=words) as refusal:
        check_split(shares)
    assert refusal.value.field == "credit"
