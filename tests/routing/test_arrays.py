"""The learned router as plain arrays."""

import json
import subprocess
import sys
import zlib
from math import log, sqrt

import pytest

from portal.routing.arrays import (
    MOST_CHARACTERS,
    RARITY_STEPS,
    ZERO,
    Arrays,
    NotArrays,
    read_arrays,
)


def make_arrays(weights: dict[str, tuple[int, ...]], **changes: object) -> Arrays:
    """A router whose features weigh this much for each label, all of rarity 1."""
    count = len(next(iter(weights.values())))

    def pack(amounts: tuple[int, ...]) -> int:
        fields = [*(ZERO + amount for amount in amounts), RARITY_STEPS, 1]
        return sum(field << 32 * place for place, field in enumerate(fields))

    values = {
        "labels": ("billing", "metering", "moves")[:count],
        "rows": {feature: pack(amounts) for feature, amounts in weights.items()},
        "step": 0.001,
        "offsets": (0.0,) * count,
        "sharpness": 5.0,
        **changes,
    }
    return Arrays(**values)


REFUND = {"refund": (900, -300), "meter": (-200, 700), "credit note": (800, 0), "the": (5, 5)}


def test_words_speak_for_the_label_they_were_learned_with() -> None:
    router = make_arrays(REFUND)
    assert router.guesses("The refund")[0].label == "billing"
    assert router.guesses("The METER")[0].label == "metering"


def test_confidences_sum_to_one_and_the_surest_comes_first() -> None:
    guesses = make_arrays(REFUND).guesses("refund")
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
    assert router._scores((["refund", "meter", "refund"], [])) == pytest.approx(expected)


def test_words_and_pieces_are_weighed_each_by_their_own_length() -> None:
    router = make_arrays({"refund": (900, -300), "~ref": (100, 0), "~efu": (0, 100)})
    words, pieces = [0.9, -0.3], [0.1 / sqrt(2), 0.1 / sqrt(2)]
    assert router._scores((["refund"], [])) == pytest.approx(words)
    assert router._scores(([], ["~ref", "~efu"])) == pytest.approx(pieces)
    assert router._scores((["refund"], ["~ref", "~efu"])) == pytest.approx(
        [one + other for one, other in zip(words, pieces, strict=True)]
    )


def test_a_text_without_a_known_word_is_told_by_the_offsets_alone() -> None:
    router = make_arrays(REFUND, offsets=(0.0, 0.5))
    assert router.guesses("¡¿?!")[0].label == "metering"
    assert router.guesses("")[0].label == "metering"


def test_the_words_that_decided_are_named_and_those_that_say_nothing_are_not() -> None:
    router = make_arrays(REFUND)
    text = "The refund on the credit note, not the meter"
    assert router.telling_words(text, "billing") == ["refund", "credit note"]
    assert router.telling_words(text, "metering") == ["meter"]
    assert router.telling_words("The end", "billing") == []


def test_no_text_however_long_or_odd_overflows_a_field() -> None:
    most = make_arrays(dict.fromkeys(("a", "a a", "~_a_", "b"), (ZERO - 1, -ZERO)))
    for text in ("a " * MOST_CHARACTERS, "\ufdfa" * 100_000, "ß" * 10_000, "a b " * 9_000):
        assert sum(guess.confidence for guess in most.guesses(text)) == pytest.approx(1)


def test_a_router_comes_back_from_its_bytes_as_it_was() -> None:
    router = make_arrays(REFUND, labels=("Größe", "tab\tand\nline"))
    assert read_arrays(router.to_bytes()) == router


@pytest.mark.parametrize(
    "stored",
    [
        b"",
        b"cos\nsystem\n(S'true'\ntR.",
        b"portal router 2\n",
        b"portal router 2\n" + zlib.compress(b"{}\n\n"),
        b"portal router 2\n" + zlib.compress(json.dumps({"labels": []}).encode() + b"\na\tb\nxyz"),
        b"portal router 9\n" + zlib.compress(b"{}\n\n"),
    ],
)
def test_bytes_of_another_make_are_refused(stored: bytes) -> None:
    with pytest.raises(NotArrays):
        read_arrays(stored)


def test_applying_a_router_loads_no_statistics() -> None:
    program = (
        "import sys, portal.routing.arrays, portal.app\n"
        "print(sorted({'numpy', 'scipy', 'sklearn'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
