"""Learning where texts belong; imported by the worker and the command line alone.

A linear support vector machine on damped, rarity-weighted counts of words and of pieces of words
(tf-idf), whose scores are mixed, and become probabilities by one sharpness, as is best for items
that the machine had not seen.  Names of labels (a department's, its contact reasons') count as
examples of their own, so that little to learn from leans on them.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax
from sklearn.svm import LinearSVC

from portal.errors import RuleBroken
from portal.i18n import gettext as _
from portal.routing.arrays import RARITY_STEPS, ZERO, Arrays
from portal.routing.measuring import Answer
from portal.routing.mixing import Mixing, learn_mixing, no_mixing
from portal.routing.reading import read_features
from portal.routing.wording import is_piece

FOLDS = 4
MOST_FEATURES = 60_000
MANY = 1_000
"""From so many examples on, a feature has to be met twice to count."""
COST = 0.35
"""How much the machine minds an error against being simple (C)."""

Matrix = Any
"""A sparse matrix of SciPy, which has no types of its own."""


@dataclass(frozen=True, slots=True)
class Learned:
    """A router, and what its like said about items that it had not seen."""

    arrays: Arrays
    answers: list[Answer]


@dataclass(frozen=True)
class Material:
    """Examples as counts: a row for each text, then one for each label that has a name.

    ``parts`` says of each feature whether it is a word (0) or a piece of one (1).
    """

    counts: Matrix
    targets: np.ndarray
    labels: tuple[str, ...]
    features: list[str]
    parts: np.ndarray
    examples: int
    weights: np.ndarray


def learn(
    texts: Sequence[str],
    truths: Sequence[str],
    *,
    names: Mapping[str, str] | None = None,
    weights: Sequence[float] | None = None,
    seed: int = 1,
) -> Learned:
    """Learn from texts and where each belongs.

    ``names`` are words for labels, met or not; ``weights`` count an example more or less.

    Raises
    ------
    RuleBroken
        Without two labels to tell apart.
    """
    material = _material(texts, truths, names or {}, weights)
    targets = material.targets[: material.examples]
    groups = deal(targets, FOLDS, seed)
    scores = _unseen_scores(material, groups)
    mixed = _unseen_mixed(material, scores, groups)
    sharpness = _sharpness(mixed, targets)
    weighed = _weigh(material, np.arange(material.counts.shape[0]))
    mixing = _mix(material, scores, np.arange(material.examples))
    arrays = _pack(material, weighed, mixing, sharpness)
    return Learned(arrays, list(_answers(material, mixed, sharpness)))


def _material(
    texts: Sequence[str],
    truths: Sequence[str],
    names: Mapping[str, str],
    weights: Sequence[float] | None,
) -> Material:
    labels = tuple(sorted({*truths, *names}))
    if len(labels) < 2:
        raise RuleBroken(_("There is nothing to tell apart: at least two labels need examples."))
    place = {label: number for number, label in enumerate(labels)}
    known: dict[str, int] = {}
    counts = _count(chain(texts, names.values()), known)
    targets = np.array([place[label] for label in chain(truths, names)], dtype=int)
    given = np.ones(len(texts)) if weights is None else np.asarray(weights, dtype=float)
    return Material(
        counts=counts,
        targets=targets,
        labels=labels,
        features=list(known),
        parts=np.array([is_piece(feature) for feature in known], dtype=int),
        examples=len(texts),
        weights=np.concatenate([given, np.ones(len(names))]),
    )


def _count(texts: Iterator[str], known: dict[str, int]) -> Matrix:
    """How often each text holds each feature; ``known`` takes the features and their columns."""
    columns: list[int] = []
    values: list[int] = []
    ends = [0]
    for text in texts:
        counted = Counter(chain(*read_features(text)))
        columns.extend([known.setdefault(feature, len(known)) for feature in counted])
        values.extend(counted.values())
        ends.append(len(columns))
    shape = (len(ends) - 1, len(known))
    return sparse.csr_matrix((np.asarray(values, dtype=float), columns, ends), shape=shape)


@dataclass(frozen=True)
class Weighed:
    """Weights of the features that count, for each label; ``columns`` are their places."""

    columns: np.ndarray
    rarity: np.ndarray
    weights: np.ndarray
    offsets: np.ndarray


def _weigh(material: Material, rows: np.ndarray) -> Weighed:
    """Train on some rows of the material."""
    counts = material.counts[rows]
    met = np.bincount(counts.indices, minlength=counts.shape[1])
    columns = np.flatnonzero(met >= (2 if len(rows) >= MANY else 1))
    rarity = np.log((1 + len(rows)) / (1 + met[columns])) + 1
    targets = material.targets[rows]
    machine = LinearSVC(C=COST, class_weight=_balance(targets), random_state=0, dual="auto")
    scaled = _scale(counts[:, columns], rarity, material.parts[columns])
    machine.fit(scaled, targets, sample_weight=material.weights[rows])
    weights, offsets = machine.coef_, machine.intercept_
    if len(machine.classes_) == 2:
        weights, offsets = np.vstack([-weights, weights]), np.concatenate([-offsets, offsets])
    return Weighed(columns, rarity, *_placed(weights, offsets, machine.classes_, material))


def _balance(targets: np.ndarray) -> dict[int, float]:
    """How much an example counts: more where its label is rare, but only half way to evenly.

    Evenly, the few examples of a rare label outweigh what the many say (accuracy suffers);
    not at all, rare labels are hardly ever said (macro F1 suffers).
    """
    labels, times = np.unique(targets, return_counts=True)
    return dict(zip(labels.tolist(), np.sqrt(times.mean() / times).tolist(), strict=True))


def _placed(
    weights: np.ndarray, offsets: np.ndarray, places: np.ndarray, material: Material
) -> tuple[np.ndarray, np.ndarray]:
    """Weights for all labels; one that was not among the rows is never said first."""
    size = len(material.labels)
    whole = np.zeros((size, weights.shape[1]))
    shifts = np.full(size, -2.0)
    whole[places], shifts[places] = weights, offsets
    return whole, shifts


def _scale(counts: Matrix, rarity: np.ndarray, parts: np.ndarray) -> Matrix:
    """Counts as damped, rarity-weighted rows, of length 1 in each of the two parts."""
    scaled = counts.tocsr(copy=True)
    scaled.data = (1 + np.log(scaled.data)) * rarity[scaled.indices]
    places = 2 * np.repeat(np.arange(scaled.shape[0]), np.diff(scaled.indptr))
    places += parts[scaled.indices]
    scaled.data /= np.sqrt(np.bincount(places, scaled.data**2))[places]
    return scaled


def _unseen_scores(material: Material, groups: np.ndarray) -> np.ndarray:
    """Scores of every example by a machine that was trained without it."""
    scores = np.zeros((material.examples, len(material.labels)))
    named = np.arange(material.examples, material.counts.shape[0])
    for group in range(FOLDS):
        unseen = np.flatnonzero(groups == group)
        rows = np.concatenate([np.flatnonzero(groups != group), named])
        if not len(unseen) or len(set(material.targets[rows])) < 2:
            continue
        weighed = _weigh(material, rows)
        kept = _that_matter(weighed)
        columns = weighed.columns[kept]
        counts = material.counts[unseen][:, columns]
        held = _scale(counts, weighed.rarity[kept], material.parts[columns])
        scores[unseen] = held @ weighed.weights[:, kept].T + weighed.offsets
    return scores


def _unseen_mixed(material: Material, scores: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """The scores of every example as mixed by what was learned from the others."""
    mixed = np.zeros_like(scores)
    for group in range(FOLDS):
        held = groups == group
        mixed[held] = _mix(material, scores, np.flatnonzero(~held)).apply(scores[held])
    return mixed


def _mix(material: Material, scores: np.ndarray, rows: np.ndarray) -> Mixing:
    """Learn to mix from some examples, which count as they do to the machine."""
    if not len(rows):
        return no_mixing(len(material.labels))
    targets = material.targets[rows]
    balance = _balance(targets)
    weights = material.weights[rows] * np.array([balance[target] for target in targets.tolist()])
    return learn_mixing(scores[rows], targets, weights)


def deal(targets: np.ndarray, folds: int, seed: int) -> np.ndarray:
    """A fold for each example, each label dealt out evenly, at random by the seed."""
    chance = np.random.default_rng(seed)
    shuffled = chance.permutation(len(targets))
    order = shuffled[np.argsort(targets[shuffled], kind="stable")]
    groups = np.empty(len(targets), dtype=int)
    groups[order] = np.arange(len(targets)) % folds
    return groups


def _sharpness(scores: np.ndarray, targets: np.ndarray) -> float:
    """What turns scores into probabilities that are as right as they are sure; 1 unmeasured."""
    if not len(targets):
        return 1.0

    def surprise(power: float) -> float:
        said = log_softmax(scores * np.exp(power), axis=1)
        return float(-said[np.arange(len(targets)), targets].mean())

    found = minimize_scalar(surprise, bounds=(-3, 4), method="bounded")
    return float(np.exp(found.x))


def _answers(material: Material, scores: np.ndarray, sharpness: float) -> Iterator[Answer]:
    said = np.exp(log_softmax(scores * sharpness, axis=1))
    ranked = np.argsort(-scores, axis=1, kind="stable")[:, :3]
    for target, order, shares in zip(material.targets, ranked, said, strict=False):
        labels = [material.labels[place] for place in order]
        yield Answer(material.labels[target], labels, float(shares[order[0]]))


def _that_matter(weighed: Weighed) -> np.ndarray:
    """Places of the features that are kept: those that say most, in their order."""
    strength = np.abs(weighed.weights).max(axis=0) * weighed.rarity
    return np.sort(np.argsort(-strength, kind="stable")[:MOST_FEATURES])


def _pack(material: Material, weighed: Weighed, mixing: Mixing, sharpness: float) -> Arrays:
    """The weights, mixed, in whole numbers: those that matter most."""
    kept = _that_matter(weighed)
    amounts = mixing.matrix @ (weighed.weights * weighed.rarity)[:, kept]
    step = float(np.abs(amounts).max() or 1) / (ZERO - 1)
    whole = np.rint(amounts / step).astype(int).T + ZERO
    rarity = np.rint(weighed.rarity[kept] ** 2 * RARITY_STEPS).astype(int)
    fields = np.column_stack([whole, rarity, np.ones(len(kept), dtype=int)]).astype("<u4")
    return Arrays(
        labels=material.labels,
        rows={
            material.features[column]: int.from_bytes(row.tobytes(), "little")
            for column, row in zip(weighed.columns[kept], fields, strict=True)
        },
        step=step,
        offsets=tuple(mixing.apply(weighed.offsets).tolist()),
        sharpness=sharpness,
    )
