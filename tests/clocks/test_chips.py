"""A clock on the page never lies."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.clocks.chips import make_chip
from portal.i18n import speaking

NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)
SINCE = NOW - timedelta(days=4)


@pytest.mark.parametrize(
    ("due_in", "words", "tone"),
    [
        (timedelta(minutes=20), "due in 20 minutes", "soon"),
        (timedelta(hours=3), "due in 3 hours", "soon"),
        (timedelta(days=2), "due Fri 20 Nov", "calm"),
        (timedelta(days=30), "due 18 Dec", "calm"),
        (timedelta(minutes=-20), "just over", "over"),
        (timedelta(hours=-1), "1 hour over", "over"),
        (timedelta(days=-3), "3 days over", "over"),
    ],
)
def test_a_chip_says_what_is_left(due_in: timedelta, words: str, tone: str) -> None:
    with speaking("en", "Europe/Berlin"):
        chip = make_chip(NOW + due_in, SINCE, is_paused=False, moment=NOW)
    assert chip is not None
    assert (chip.due, chip.tone) == (words, tone)


def test_a_paused_clock_says_so_and_nothing_owed_says_nothing() -> None:
    chip = make_chip(NOW, SINCE, is_paused=True, moment=NOW)
    assert chip is not None
    assert chip.tone == "paused"
    assert make_chip(None, SINCE, is_paused=False, moment=NOW) is None
