"""Which passwords are too easily guessed to be kept, after NIST SP 800-63B-4.

No rule says which characters a password needs.  What is refused is what a list of stolen
passwords holds, what is made of at most two of them, and names that belong to the person or
the place; digits and marks around those change nothing.
"""

from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from portal.text import compare_key

_FILE = Path(__file__).with_name("common_passwords.txt")
SHORTEST_WORD = 3
"""Shorter parts of names and addresses are found in too much."""
FEWEST_CHARACTERS = 4
MOST_PIECES = 2


@lru_cache(maxsize=1)
def common_passwords() -> frozenset[str]:
    """The list; read when the first password is chosen."""
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


@lru_cache(maxsize=1)
def _longest() -> int:
    return max(map(len, common_passwords()))


def words_of(*texts: str) -> frozenset[str]:
    """The words of names and addresses that a password must not be made of."""
    parts: set[str] = set()
    for text in texts:
        key = compare_key(text)
        parts.update("".join(c if c.isalnum() else " " for c in key).split())
    return frozenset(part for part in parts if len(part) >= SHORTEST_WORD)


def is_easily_guessed(password: str, words: Iterable[str] = ()) -> bool:
    """Whether a password is on the list, is made of it and of ``words``, or is a plain pattern."""
    key = compare_key(password)
    if key in common_passwords() or _is_pattern(key):
        return True
    core = "".join(character for character in key if character.isalnum())
    return bool(core) and (
        _is_pattern(core) or _pieces(core, frozenset(words) | {""}) <= MOST_PIECES
    )


def _is_pattern(key: str) -> bool:
    """One piece said again and again, hardly any different characters, or a row such as abcdef."""
    if len(set(key)) < FEWEST_CHARACTERS or key in (key + key)[1:-1]:
        return True
    steps = {ord(after) - ord(before) for before, after in pairwise(key)}
    return steps in ({1}, {-1})


def _pieces(core: str, words: frozenset[str]) -> int:
    """The fewest listed passwords that it is made of; digits and ``words`` are not counted.

    More than MOST_PIECES where it is not made of them at all.
    """
    common, longest = common_passwords(), max(_longest(), *map(len, words))
    fewest = [0] + [MOST_PIECES + 1] * len(core)
    for end in range(1, len(core) + 1):
        if core[end - 1].isdigit():
            fewest[end] = fewest[end - 1]
        for start in range(max(0, end - longest), end):
            piece = core[start:end]
            cost = 0 if piece in words else 1 if piece in common else None
            if cost is not None:
                fewest[end] = min(fewest[end], fewest[start] + cost)
    return fewest[-1]
