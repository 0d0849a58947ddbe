"""What is claimed of mail addresses, phone numbers and accounts, on 2,000 labelled lines."""

import re
from collections import Counter

import pytest

from portal.identifiers import Kind
from portal.masking import mask
from tests.privacy.sentences import make_corpus

KINDS = (Kind.EMAIL, Kind.PHONE, Kind.ACCOUNT)


def measure(seed: int) -> dict[Kind, tuple[float, float]]:
    """Precision and recall by kind; found means that nothing of it but the end is left."""
    right, wrong, missed = Counter[Kind](), Counter[Kind](), Counter[Kind]()
    for line in make_corpus(seed):
        masked = mask(line.text)
        for kind in (finding.kind for finding in masked.found):
            (right if kind is line.kind else wrong)[kind] += 1
        if line.kind and not _is_gone(line.personal, masked.text):
            missed[line.kind] += 1
            right[line.kind] -= any(finding.kind is line.kind for finding in masked.found)
    return {
        kind: (
            right[kind] / max(1, right[kind] + wrong[kind]),
            right[kind] / max(1, right[kind] + missed[kind]),
        )
        for kind in KINDS
    }


def _is_gone(personal: str, text: str) -> bool:
    left = re.sub("[^0-9a-z@]", "", text.lower())
    return re.sub("[^0-9a-z@]", "", personal.lower())[:-3] not in left


@pytest.mark.threat(62)
@pytest.mark.parametrize("seed", [62, 63])
def test_nineteen_of_twenty_are_found_and_nineteen_of_twenty_finds_are_right(seed: int) -> None:
    figures = measure(seed)
    assert all(min(pair) >= 0.95 for pair in figures.values()), figures
