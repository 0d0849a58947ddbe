"""How well a router does, from what it said and what was true: plain arithmetic."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from portal.columns import JsonObject

BINS = 10
"""Bins of the expected calibration error, of equal width (Guo et al. 2017)."""
THRESHOLDS = (50, 60, 70, 75, 80, 85, 90, 95, 99)
"""Confidences, in percent, for which coverage and accuracy are shown."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was true, and what was said: labels with the surest first, and how sure."""

    truth: str
    ranked: Sequence[str]
    confidence: float

    @property
    def is_right(self) -> bool:
        """Whether the first label was the true one."""
        return self.ranked[0] == self.truth


def accuracy_at(answers: Sequence[Answer], most: int) -> float:
    """The share of answers whose first ``most`` labels hold the true one."""
    return fmean(answer.truth in answer.ranked[:most] for answer in answers)


def macro_f1(answers: Sequence[Answer]) -> float:
    """The mean over labels of the harmonic mean of precision and recall.

    Labels are those that are true or said anywhere; one that is never right counts 0.
    """
    true = Counter(answer.truth for answer in answers)
    said = Counter(answer.ranked[0] for answer in answers)
    right = Counter(answer.truth for answer in answers if answer.is_right)
    return fmean(2 * right[label] / (true[label] + said[label]) for label in true | said)


def calibration_error(answers: Sequence[Answer]) -> float:
    """The mean gap between how sure the router was and how often it was right, over bins."""
    bins: dict[int, list[Answer]] = {}
    for answer in answers:
        bins.setdefault(min(int(answer.confidence * BINS), BINS - 1), []).append(answer)
    gaps = (
        len(group)
        * abs(fmean(one.confidence for one in group) - fmean(one.is_right for one in group))
        for group in bins.values()
    )
    return sum(gaps) / len(answers)


def at_confidence(answers: Sequence[Answer], percent: int) -> tuple[float, float | None]:
    """Coverage and accuracy of the answers that are at least that sure; None where none is."""
    sure = [answer for answer in answers if answer.confidence * 100 >= percent]
    accuracy = fmean(answer.is_right for answer in sure) if sure else None
    return len(sure) / len(answers), accuracy


def figures(answers: Sequence[Answer], percent: int) -> JsonObject:
    """All figures, rounded, with coverage and accuracy at a confidence in percent."""
    coverage, accuracy = at_confidence(answers, percent)
    return {
        "accuracy": round(accuracy_at(answers, 1), 4),
        "accuracy_at_3": round(accuracy_at(answers, 3), 4),
        "macro_f1": round(macro_f1(answers), 4),
        "confidence": percent / 100,
        "coverage": round(coverage, 4),
        "accuracy_at_confidence": None if accuracy is None else round(accuracy, 4),
        "calibration_error": round(calibration_error(answers), 4),
        "items": len(answers),
    }


def thresholds(answers: Sequence[Answer]) -> list[JsonObject]:
    """Coverage and accuracy at every confidence that is shown."""
    rows = []
    for percent in THRESHOLDS:
        coverage, accuracy = at_confidence(answers, percent)
        rows.append(
            {
                "percent": percent,
                "coverage": round(coverage, 4),
                "accuracy": None if accuracy is None else round(accuracy, 4),
            }
        )
    return rows
