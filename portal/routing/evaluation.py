"""Measuring the learned router on labelled files; imported by the command line alone."""

import time
from collections.abc import Sequence
from statistics import fmean, stdev

import numpy as np

from portal.columns import JsonObject
from portal.routing.arrays import Arrays, read_arrays
from portal.routing.examples import Examples, label_words
from portal.routing.measuring import Answer, figures
from portal.routing.reading import Reading
from portal.routing.training import deal, learn

SPREAD = ("accuracy", "accuracy_at_3", "macro_f1", "coverage", "calibration_error")


def evaluate(
    train: Examples, test: Examples, percent: int, *, labels: Sequence[str] = ()
) -> JsonObject:
    """Learn from some examples and measure on others, as a page would apply it.

    ``labels`` are known by their names though there may be no example of them.
    """
    started = time.process_time()
    names = {label: label_words(label) for label in (*train.labels, *labels)}
    learned = learn(train.texts, train.labels, names=names)
    training_seconds = time.process_time() - started
    stored = learned.arrays.to_bytes()
    router = read_arrays(stored)
    answers, milliseconds = _apply(router, test)
    return {
        **figures(answers, percent),
        "milliseconds_per_item": round(milliseconds, 3),
        "training_seconds": round(training_seconds, 1),
        "kilobytes": round(len(stored) / 1024),
        "examples": len(train.texts),
        "labels": len(router.labels),
    }


def _apply(router: Arrays, test: Examples) -> tuple[list[Answer], float]:
    """What the router says about each text, and the mean milliseconds of CPU it takes."""
    started = time.process_time()
    said = [Reading(router, text).guesses for text in test.texts]
    milliseconds = (time.process_time() - started) * 1000 / len(test.texts)
    answers = [
        Answer(truth, [guess.label for guess in guesses[:3]], guesses[0].confidence)
        for truth, guesses in zip(test.labels, said, strict=True)
    ]
    return answers, milliseconds


def cross_validate(
    examples: Examples, percent: int, *, folds: int = 5, seed: int = 1, limit: int | None = None
) -> JsonObject:
    """Means and spread over folds, each measured by a router that learned from the others.

    ``limit`` lets it learn from only so many examples, drawn at random from the other folds.
    """
    targets = np.unique(examples.labels, return_inverse=True)[1]
    groups = deal(targets, folds, seed)
    chance = np.random.default_rng(seed)
    rows = []
    for fold in range(folds):
        known = chance.permutation(np.flatnonzero(groups != fold))[:limit]
        held = np.flatnonzero(groups == fold)
        train, test = examples.some(known.tolist()), examples.some(held.tolist())
        rows.append(evaluate(train, test, percent, labels=examples.labels))
    return _summary(rows) | {"folds": folds, "seed": seed}


def _summary(rows: Sequence[JsonObject]) -> JsonObject:
    """The mean of every figure, and how far folds differ (sample standard deviation)."""
    mean: JsonObject = {}
    for name in rows[0]:
        values = [row[name] for row in rows if row[name] is not None]
        mean[name] = round(fmean(values), 4) if values else None
    spread = {name: round(stdev(row[name] for row in rows), 4) for name in SPREAD}
    return mean | {"spread": spread}
