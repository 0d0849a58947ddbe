"""Learning where texts belong."""

from pathlib import Path

import pytest

from portal.errors import RuleBroken
from portal.routing.arrays import read_arrays
from portal.routing.evaluation import cross_validate, evaluate
from portal.routing.examples import Examples, read_examples
from portal.routing.reading import Reading
from portal.routing.training import deal, learn
from tests.routing.routers import BILLS, METERS

TEXTS, LABELS = BILLS + METERS, ["billing"] * 4 + ["metering"] * 4


def test_what_was_learned_is_told_again() -> None:
    router = learn(TEXTS, LABELS).arrays
    assert [Reading(router, text).guesses[0].label for text in TEXTS] == LABELS
    assert Reading(router, "where is the refund").telling_words("billing")[0] == "refund"


def test_the_stored_form_says_the_same() -> None:
    router = learn(TEXTS, LABELS).arrays
    assert (
        Reading(read_arrays(router.to_bytes()), "a refund").guesses
        == Reading(router, "a refund").guesses
    )


def test_a_label_without_an_example_is_known_by_its_name() -> None:
    router = learn(TEXTS, LABELS, names={"moves": "Moving home and tenancy"}).arrays
    assert Reading(router, "they are moving to another home").guesses[0].label == "moves"


def test_learning_twice_gives_the_same_router() -> None:
    assert learn(TEXTS, LABELS).arrays == learn(TEXTS, LABELS).arrays


def test_a_correction_weighs_more_than_what_it_corrects() -> None:
    texts, labels = [*TEXTS, "tariff", "tariff"], [*LABELS, "billing", "metering"]
    for heavy, expected in ((8, "billing"), (9, "metering")):
        weights = [1.0] * len(texts)
        weights[heavy] = 5.0
        router = learn(texts, labels, weights=weights).arrays
        assert Reading(router, "tariff").guesses[0].label == expected


@pytest.mark.parametrize(("texts", "labels"), [([], []), (["a", "b"], ["x", "x"])])
def test_nothing_is_learned_where_nothing_can_be_told_apart(
    texts: list[str], labels: list[str]
) -> None:
    with pytest.raises(RuleBroken, match="at least two labels"):
        learn(texts, labels)


def test_folds_share_every_label_evenly() -> None:
    import numpy as np

    targets = np.array([0] * 50 + [1] * 10)
    groups = deal(targets, 5, seed=3)
    assert [int(sum(groups[targets == 1] == fold)) for fold in range(5)] == [2] * 5


def test_what_is_measured_on_real_complaints(test_data: Path) -> None:
    found = read_examples(test_data / "routing_cfpb_product_dev.csv.gz")
    train = found.some(list(range(0, len(found.texts), 2)))
    held = found.some(list(range(1, len(found.texts), 4)))
    result = evaluate(train, held, 85)
    assert result["accuracy"] >= 0.78
    assert result["accuracy_at_3"] >= 0.93
    assert result["macro_f1"] >= 0.66
    assert result["calibration_error"] <= 0.07
    assert result["accuracy_at_confidence"] >= 0.9


def test_two_hundred_examples_lean_on_the_names_of_the_desks(test_data: Path) -> None:
    found = read_examples(test_data / "routing_cfpb_product_dev.csv.gz")
    small = found.some(list(range(0, len(found.texts), 3)))
    assert cross_validate(small, 85, folds=3, limit=200)["macro_f1"] >= 0.41


def test_what_is_measured_on_real_tickets(test_data: Path) -> None:
    found = read_examples(test_data / "routing_ittickets_service_dev.csv.gz")
    result = cross_validate(found, 85, folds=3)
    assert result["accuracy"] >= 0.73
    assert result["accuracy_at_3"] >= 0.88
    assert result["macro_f1"] >= 0.66


def test_examples_can_be_picked_by_place() -> None:
    assert Examples(["a", "b", "c"], ["x", "y", "z"]).some([2, 0]) == Examples(
        ["c", "a"], ["z", "x"]
    )
