"""Ranks read no noise as news."""

from hypothesis import given
from hypothesis import strategies as st

from portal.boards.ranking import Interval, rank

INTERVALS = st.lists(
    st.tuples(st.integers(-500, 1000), st.integers(0, 400), st.integers(0, 400)).map(
        lambda drawn: Interval(drawn[0], drawn[0] + drawn[1], drawn[0] + drawn[1] + drawn[2])
    ),
    max_size=40,
)


def _itself(interval: Interval) -> Interval:
    return interval


@given(INTERVALS)
def test_a_rank_is_one_more_than_those_clearly_better(entries: list[Interval]) -> None:
    for place in rank(entries, _itself):
        if place.entry.low <= 0:
            assert place.rank is None
        else:
            better = sum(other.low > place.entry.high for other in entries if other.low > 0)
            assert place.rank == 1 + better


@given(INTERVALS)
def test_nobody_is_lost_and_ranks_rise_down_the_board(entries: list[Interval]) -> None:
    places = rank(entries, _itself)
    assert sorted(place.entry.low for place in places) == sorted(one.low for one in entries)
    order = [(place.rank or 10**9, -place.entry.low) for place in places]
    assert order == sorted(order)


@given(INTERVALS)
def test_shared_says_that_somebody_else_has_the_same_rank(entries: list[Interval]) -> None:
    places = rank(entries, _itself)
    ranks = [place.rank for place in places if place.rank is not None]
    for place in places:
        if place.rank is not None:
            assert place.is_shared == (ranks.count(place.rank) > 1)


def test_overlapping_intervals_share_a_rank_and_the_next_one_skips() -> None:
    first, second, third = Interval(90, 100, 120), Interval(80, 95, 110), Interval(10, 20, 30)
    places = rank([third, second, first], _itself)
    assert [(place.rank, place.is_shared) for place in places] == [
        (1, True),
        (1, True),
        (3, False),
    ]
