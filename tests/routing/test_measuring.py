"""The figures of a router."""

import pytest

from portal.routing.measuring import (
    Answer,
    accuracy_at,
    at_confidence,
    calibration_error,
    figures,
    macro_f1,
)

ANSWERS = [
    Answer("a", ("a", "b", "c"), 0.95),
    Answer("a", ("a", "b", "c"), 0.85),
    Answer("b", ("a", "b", "c"), 0.75),
    Answer("c", ("b", "a", "d"), 0.35),
]


def test_right_at_once_and_right_among_three() -> None:
    assert accuracy_at(ANSWERS, 1) == 0.5
    assert accuracy_at(ANSWERS, 3) == 0.75


def test_macro_f1_counts_every_label_alike() -> None:
    assert macro_f1(ANSWERS) == pytest.approx((0.8 + 0 + 0) / 3)


def test_coverage_and_accuracy_at_a_confidence() -> None:
    assert at_confidence(ANSWERS, 85) == (0.5, 1.0)
    assert at_confidence(ANSWERS, 75) == (0.75, pytest.approx(2 / 3))
    assert at_confidence(ANSWERS, 99) == (0.0, None)


def test_calibration_error_is_the_mean_gap_between_sure_and_right() -> None:
    assert calibration_error(ANSWERS) == pytest.approx((0.05 + 0.15 + 0.75 + 0.35) / 4)


def test_figures_say_what_they_were_measured_at() -> None:
    found = figures(ANSWERS, 85)
    assert (found["confidence"], found["coverage"], found["items"]) == (0.85, 0.5, 4)
