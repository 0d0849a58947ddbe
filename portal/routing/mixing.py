"""What the scores of all labels together say of each; imported by the worker alone.

Each label's machine has learned to tell its own from all others, and knows nothing of what the
other machines say.  Here a label's evidence becomes a weighing of all scores, learned on items
that no machine had seen: a matrix near a multiple of the identity, and an offset for each label
(stacked generalisation, Wolpert 1992; matrix scaling with off-diagonal regularisation, Kull et
al. 2019).  What is linear stays linear, so the router that a page applies is no larger for it.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import log_softmax

TRUST = 0.3
"""How much an item counts against leaving the scores as they are (C)."""
OFFSET_TRUST = 100.0
"""How freely offsets move, against how freely the matrix does."""
FEWEST = 4
"""A label with fewer items than this is left as its machine sees it."""
MOST_STEPS = 100


@dataclass(frozen=True, slots=True)
class Mixing:
    """``matrix`` (labels by labels) weighs scores, ``offsets`` are added to what comes out."""

    matrix: np.ndarray
    offsets: np.ndarray

    def apply(self, scores: np.ndarray) -> np.ndarray:
        """The evidence in rows of scores: items by labels."""
        return np.asarray(scores @ self.matrix.T + self.offsets)


def no_mixing(labels: int) -> Mixing:
    """The mixing that leaves scores as they are, for want of items to learn from."""
    return Mixing(np.eye(labels), np.zeros(labels))


def learn_mixing(scores: np.ndarray, targets: np.ndarray, weights: np.ndarray) -> Mixing:
    """The mixing that is least surprised by the targets, and not far from none.

    ``scores`` has a row for each item, by machines that had not seen it; ``targets`` are the
    places of their labels, ``weights`` how much each item counts.
    """
    count = scores.shape[1]
    size = count * count
    free = np.bincount(targets, minlength=count) >= FEWEST
    truth = np.arange(count) == targets[:, None]
    trust = weights[:, None] * TRUST

    def read(values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """What the search moves: how sharp all scores are, the change to the matrix, offsets."""
        sharp, change, shift = np.split(values, [1, 1 + size])
        return np.exp(sharp), change.reshape(count, count), shift

    def surprise(values: np.ndarray) -> tuple[float, np.ndarray]:
        """How surprised the mixing is, and its slope in every value."""
        scale, change, shift = read(values)
        said = log_softmax(scores @ (np.eye(count) * scale + change).T + shift, axis=1)
        pull = (np.exp(said) - truth) * trust
        slope = pull.T @ scores
        total = -(said[truth] * trust.ravel()).sum()
        total += ((change**2).sum() + (shift**2).sum() / OFFSET_TRUST) / 2
        slopes = (
            np.trace(slope) * scale,
            ((slope + change) * free[:, None]).ravel(),
            (pull.sum(axis=0) + shift / OFFSET_TRUST) * free,
        )
        return float(total), np.concatenate(slopes)

    bounds = [(-3.0, 4.0)] + [(None, None)] * (size + count)
    start = np.concatenate([[1.0], np.zeros(size + count)])
    found = minimize(
        surprise,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=bounds,
        options={"maxiter": MOST_STEPS},
    )
    scale, change, shift = read(found.x)
    return Mixing(np.eye(count) * scale + change, shift)
