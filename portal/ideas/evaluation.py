"""Measuring how well like is found by like, on pairs that people judged; for the command line."""

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from portal.columns import JsonObject
from portal.i18n import gettext as _
from portal.ideas.likeness import Question, ask, count_terms, weigh
from portal.tables import TableError, open_table, read_rows

MAX_TEXT = 100_000
_YES, _NO = {"1", "true", "yes"}, {"0", "false", "no"}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts, and whether people say that they mean the same."""

    one: str
    other: str
    is_duplicate: bool


def read_pairs(path: Path) -> list[Pair]:
    """The rows of a CSV file with columns ``a``, ``b`` and ``is_duplicate``, packed or not.

    Raises TableError, in one line that names the file, row and column.
    """
    pairs = []
    for number, values in _rows(path, ("a", "b", "is_duplicate")):
        said = values["is_duplicate"].lower()
        if said not in _YES | _NO:
            message = _("%(name)s: write 1 or 0", name=path.name)
            raise TableError(message, row=number, column="is_duplicate")
        pairs.append(Pair(values["a"], values["b"], said in _YES))
    if len({pair.is_duplicate for pair in pairs}) < 2:
        raise TableError(_("%(name)s: it takes pairs of both kinds.", name=path.name))
    return pairs


def read_texts(path: Path) -> list[str]:
    """The column ``text`` of a CSV file; raises as :func:`read_pairs`."""
    return [values["text"] for _number, values in _rows(path, ("text",))]


def _rows(path: Path, columns: tuple[str, ...]) -> Iterable[tuple[int, dict[str, str]]]:
    try:
        with open_table(path) as stream:
            for row in read_rows(stream, required=columns, max_cell=MAX_TEXT):
                yield row.number, row.values
    except TableError as error:
        raise TableError(f"{path.name}: {error}") from None


@dataclass
class Shelf:
    """Texts as the database keeps them, in memory: the same terms, weights and questions."""

    places: dict[str, int] = field(default_factory=dict)
    held: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, text: str) -> int:
        """Keep a text once; its place."""
        if text not in self.places:
            place = self.places[text] = len(self.places)
            for term, weight in weigh(count_text(text)).items():
                self.held[term][place] = weight
        return self.places[text]

    def score(self, text: str) -> tuple[Question, dict[int, float]]:
        """What is asked for a text, and the score of every place that shares a term."""
        counts = count_text(text)
        known = {term: len(self.held[term]) for term in counts if term in self.held}
        question = ask(counts, known, len(self.places))
        scores: defaultdict[int, float] = defaultdict(float)
        for term, factor in question.factors.items():
            for place, weight in self.held[term].items():
                scores[place] += factor * weight
        return question, scores


def count_text(text: str) -> Counter[str]:
    """The terms of a whole text, whose first sentence is its title."""
    title, _dot, rest = text.partition(". ")
    return count_terms(title, rest)


def evaluate(pairs: Sequence[Pair], among: Iterable[str] = ()) -> JsonObject:
    """Tell pairs apart, and find the true twin of each ``one`` among all others and ``among``.

    ``auc`` is the chance that a true pair scores above one that is not (area under the ROC
    curve); ``recall_at_k`` the share of true pairs whose ``other`` is among the first k.
    """
    shelf = Shelf()
    for text in (*(pair.other for pair in pairs), *among):
        shelf.add(text)
    scores: dict[bool, list[float]] = {True: [], False: []}
    ranks = []
    started = time.process_time()
    for pair in pairs:
        question, found = shelf.score(pair.one)
        itself = shelf.places.get(pair.one)
        twin = shelf.places[pair.other]
        if itself is not None and itself != twin:
            found.pop(itself, None)
        scores[pair.is_duplicate].append(found[twin] / question.whole if question.whole else 0.0)
        if pair.is_duplicate:
            ranks.append(sum(score > found[twin] for score in found.values()) + 1)
            if not found[twin]:
                ranks[-1] = len(shelf.places)
    seconds = time.process_time() - started
    return {
        "auc": round(_area(scores[True], scores[False]), 4),
        "recall_at_1": round(sum(rank <= 1 for rank in ranks) / len(ranks), 4),
        "recall_at_5": round(sum(rank <= 5 for rank in ranks) / len(ranks), 4),
        "milliseconds_per_query": round(1000 * seconds / len(pairs), 3),
        "pairs": len(pairs),
        "true_pairs": len(ranks),
        "texts": len(shelf.places),
    }


def _area(true: Sequence[float], false: Sequence[float]) -> float:
    above = sum((one > other) + (one == other) / 2 for one in true for other in false)
    return above / (len(true) * len(false))
