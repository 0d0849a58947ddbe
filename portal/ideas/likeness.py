"""How alike two texts are: by the rare words that they share; pure.

A text is a vector of its terms.  A term is the first letters of a word, so that endings count
little in any language.  What is stored of a text is ``(1 + ln tf)`` over the length of that
vector; how rare a term is (its inverse document frequency, Spärck Jones 1972, in the smoothed
form of BM25) comes in when something is asked, so that nothing stored grows stale while ideas
are added.  ``docs/decisions/0015-alike-by-rare-words.md`` has the figures.
"""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from portal.text import words_of

TERM_LETTERS = 5
MOST_TERMS = 64
"""How many terms of a text count: those that it repeats, then the first ones."""
ASKED_TERMS = 20
"""How many terms of a text are looked for: the ones that tell most."""
MOST_READ = 3_000
"""How many stored terms one question may read at most; what is more common tells nothing."""
SCALE = 10_000
LONGEST_NUMBER = 6


@dataclass(frozen=True, slots=True)
class Question:
    """What to look for: the weight of each term, and the score of a text just like this."""

    factors: Mapping[str, float]
    whole: float

    def percent(self, score: float) -> int:
        """How alike a text with this score is, in whole percent."""
        return min(round(100 * score / self.whole), 100) if self.whole else 0


def count_terms(title: str, *texts: str) -> Counter[str]:
    """How often each term occurs; those of the title count once more."""
    counts = Counter(_terms(title))
    counts.update(dict.fromkeys(counts, 1))
    for text in texts:
        counts.update(_terms(text))
    return Counter(dict(counts.most_common(MOST_TERMS)))


def _terms(text: str) -> list[str]:
    return [
        word[:TERM_LETTERS]
        for word in words_of(text)
        if len(word) > 1 and not (word.isdecimal() and len(word) > LONGEST_NUMBER)
    ]


def weigh(counts: Mapping[str, int]) -> dict[str, int]:
    """What is stored of a text: the weight of each term, in whole parts of ``SCALE``."""
    weights = {term: 1 + math.log(count) for term, count in counts.items()}
    length = math.sqrt(sum(weight * weight for weight in weights.values()))
    return {term: round(SCALE * weight / length) for term, weight in weights.items()}


def rarity(known_in: int, total: int) -> float:
    """How much a term tells that stands in so many of all texts."""
    return math.log(1 + (total - known_in + 0.5) / (known_in + 0.5))


def ask(counts: Mapping[str, int], known: Mapping[str, int], total: int) -> Question:
    """What to look for on behalf of a text.

    ``known`` says in how many of the ``total`` texts a term stands.  Terms that no text has
    cannot be found, but a text that is just like this one would have them: they count as if
    one had.
    """
    factors = {
        term: (1 + math.log(count)) * rarity(known.get(term) or 1, max(total, 1)) ** 2
        for term, count in counts.items()
    }
    ranked = sorted(factors, key=lambda term: (-factors[term], term))
    own = weigh(counts)
    whole = sum(factors[term] * own[term] for term in ranked[:ASKED_TERMS])
    chosen: dict[str, float] = {}
    left = MOST_READ
    for term in ranked:
        if len(chosen) < ASKED_TERMS and 0 < known.get(term, 0) <= left:
            chosen[term] = factors[term]
            left -= known[term]
    return Question(chosen, whole)
