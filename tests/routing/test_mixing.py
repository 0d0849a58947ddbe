"""What the scores of all labels together say of each."""

import numpy as np
import pytest

from portal.routing.mixing import FEWEST, learn_mixing

TARGETS = np.repeat([0, 1, 2], 60)
EVEN = np.ones(len(TARGETS))


@pytest.fixture
def chance() -> np.random.Generator:
    return np.random.default_rng(5)


def share_right(scores: np.ndarray) -> float:
    return float((scores.argmax(axis=1) == TARGETS).mean())


def test_a_score_that_speaks_for_another_label_is_heard(chance: np.random.Generator) -> None:
    scores = chance.normal(size=(len(TARGETS), 3)) / 4
    scores[np.arange(len(TARGETS)), (TARGETS + 1) % 3] += 1
    mixed = learn_mixing(scores, TARGETS, EVEN).apply(scores)
    assert share_right(scores) < 0.1
    assert share_right(mixed) > 0.9


def test_from_scores_that_say_nothing_little_is_said(chance: np.random.Generator) -> None:
    scores = chance.normal(size=(len(TARGETS), 3))
    mixed = learn_mixing(scores, TARGETS, EVEN).apply(scores)
    said = np.exp(mixed) / np.exp(mixed).sum(axis=1, keepdims=True)
    assert np.abs(said - 1 / 3).max() < 0.25


def test_a_label_of_few_items_is_left_as_its_machine_sees_it(chance: np.random.Generator) -> None:
    targets = np.concatenate([np.zeros(40, int), np.ones(40, int), np.full(FEWEST - 1, 2)])
    scores = chance.normal(size=(len(targets), 4)) * 0.6
    scores[np.arange(len(targets)), targets] += 1
    mixing = learn_mixing(scores, targets, np.ones(len(targets)))
    scale = mixing.matrix[3, 3]
    assert scale > 1
    assert mixing.matrix[2:] == pytest.approx(np.eye(4)[2:] * scale)
    assert mixing.offsets[2:] == pytest.approx([0, 0])
    assert np.abs(mixing.matrix[:2, :2] - np.eye(2) * scale).max() > 0.01


def test_an_item_that_weighs_more_is_minded_more() -> None:
    scores = np.zeros((80, 2))
    targets = np.repeat([0, 1], 40)
    heavy = np.where(targets == 1, 3.0, 1.0)
    said = learn_mixing(scores, targets, heavy).apply(scores)[0]
    assert np.exp(said[1]) / np.exp(said).sum() == pytest.approx(0.75, abs=0.01)


def test_the_slopes_are_those_of_the_surprise(chance: np.random.Generator) -> None:
    """Against a search that has to find its slopes by trying (so wrong slopes would stop short)."""
    from scipy.optimize import minimize
    from scipy.special import log_softmax

    from portal.routing.mixing import OFFSET_TRUST, TRUST

    scores = chance.normal(size=(60, 2))
    targets = (scores[:, 0] + chance.normal(size=60) / 2 < scores[:, 1]).astype(int)

    def surprise(matrix: np.ndarray, offsets: np.ndarray, scale: float) -> float:
        said = log_softmax(scores @ matrix.T + offsets, axis=1)[np.arange(60), targets]
        change = matrix - np.eye(2) * scale
        return float(
            -TRUST * said.sum() + (change**2).sum() / 2 + (offsets**2).sum() / OFFSET_TRUST / 2
        )

    tried = minimize(
        lambda v: surprise(np.eye(2) * np.exp(v[0]) + v[1:5].reshape(2, 2), v[5:], np.exp(v[0])),
        np.zeros(7),
    )
    found = learn_mixing(scores, targets, np.ones(60))
    ours = min(
        surprise(found.matrix, found.offsets, scale) for scale in np.linspace(0.05, 20, 2000)
    )
    assert ours == pytest.approx(tried.fun, abs=1e-3)
