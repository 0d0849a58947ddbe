"""What a learned router makes of one text."""

from math import log, sqrt

import pytest

from portal.routing.arrays import ZERO
from portal.routing.reading import MOST_CHARACTERS, Reading
from portal.routing.training import learn
from tests.routing.routers import BILLS, METERS, REFUND, make_arrays


def test_words_speak_for_the_label_they_were_learned_with() -> None:
    router = make_arrays(REFUND)
    assert Reading(router, "The refund").guesses[0].label == "billing"
    assert Reading(router, "The METER").guesses[0].label == "metering"


def test_confidences_sum_to_one_and_the_surest_comes_first() -> None:
    guesses = Reading(make_arrays(REFUND), "refund").guesses
    assert sum(guess.confidence for guess in guesses) == pytest.approx(1)
    assert guesses[0].confidence > guesses[1].confidence


def test_a_score_is_that_of_the_formula() -> None:
    router = make_arrays({"refund": (900, -300), "meter": (-200, 700)}, offsets=(0.1, 0.2))
    twice = round(16 * (1 + log(2)))
    length = sqrt(16 * 16 + twice * twice)
    expected = [
        offset + 0.001 * (twice * one + 16 * other) / length
        for one, other, offset in ((900, -200, 0.1), (-300, 700, 0.2))
    ]
    assert Reading(router, "Refund, meter, refund").scores == pytest.approx(expected)


def test_words_and_pieces_are_weighed_each_by_their_own_length() -> None:
    words, pieces = {"refund": (900, -300)}, {"~ref": (100, 0), "~efu": (0, 100)}
    by_word, by_piece = (0.9, -0.3), (0.1 / sqrt(2), 0.1 / sqrt(2))
    both = [one + other for one, other in zip(by_word, by_piece, strict=True)]
    for rows, expected in ((words, by_word), (pieces, by_piece), ({**words, **pieces}, both)):
        assert Reading(make_arrays(rows), "refund").scores == pytest.approx(expected)


def test_a_text_without_a_known_word_is_told_by_the_offsets_alone() -> None:
    router = make_arrays(REFUND, offsets=(0.0, 0.5))
    assert Reading(router, "¡¿?!").guesses[0].label == "metering"
    assert Reading(router, "").guesses[0].label == "metering"


def test_the_words_that_decided_are_named_and_those_that_say_nothing_are_not() -> None:
    router = make_arrays(REFUND)
    text = "The refund on the credit note, not the meter"
    assert Reading(router, text).telling_words("billing") == ["refund", "credit note"]
    assert Reading(router, text).telling_words("metering") == ["meter"]
    assert Reading(router, "The end").telling_words("billing") == []


def test_two_words_that_met_share_what_they_say_together() -> None:
    router = make_arrays({"password&reset": (100, 0), "please": (60, 0), "reset": (20, 0)})
    reading = Reading(router, "Please reset her old password")
    assert reading.telling_words("billing") == ["reset", "please", "password"]


def test_a_word_that_says_little_beside_another_is_left_out() -> None:
    router = make_arrays({"refund": (100, 0), "late": (40, 0), "the": (20, 0)})
    assert Reading(router, "the refund is late").telling_words("billing") == ["refund", "late"]


def test_what_words_say_adds_up_to_the_score() -> None:
    texts = BILLS + METERS
    router = learn(texts, ["billing"] * 4 + ["metering"] * 4).arrays
    reading = Reading(router, "a refund came, wrong meter")
    said = [sum(column) for column in zip(*(one for _, one in reading._evidence), strict=True)]
    scores = [score - offset for score, offset in zip(reading.scores, router.offsets, strict=True)]
    mean = sum(scores) / len(scores)
    assert said == pytest.approx([score - mean for score in scores])
    assert max(map(abs, said)) > 0.01


def test_no_text_however_long_or_odd_overflows_a_field() -> None:
    most = make_arrays(dict.fromkeys(("a", "a a", "~_a_", "b"), (ZERO - 1, -ZERO)))
    for text in ("a " * MOST_CHARACTERS, "\ufdfa" * 100_000, "ß" * 10_000, "a b " * 9_000):
        assert sum(guess.confidence for guess in Reading(most, text).guesses) == pytest.approx(1)
