"""A title made from a proposal."""

import pytest
from hypothesis import given
from hypothesis.strategies import text

from portal.ideas.titles import MAX_TITLE, title_from
from portal.text import normalise


@pytest.mark.parametrize(
    ("proposal", "title"),
    [
        ("Print a line under the reading. Then nobody calls.", "Print a line under the reading"),
        ("Could we text them? It takes a minute.", "Could we text them?"),
        ("- Send the photo\n- And the name", "Send the photo - And the name"),
        ("Use v2.1 of the letter. Now.", "Use v2.1 of the letter"),
        ("  \n ", ""),
        ("请在账单上注明。谢谢", "请在账单上注明。谢谢"),
    ],
)
def test_the_first_sentence_is_the_title(proposal: str, title: str) -> None:
    assert title_from(proposal) == title


def test_a_long_sentence_is_cut_between_words() -> None:
    title = title_from("very " * 100)
    assert title.endswith("very…")
    assert len(title) <= MAX_TITLE


@given(text())
def test_any_text_gives_a_title_that_fits_on_a_line(proposal: str) -> None:
    try:
        normalise(proposal)
    except Exception:
        return
    title = title_from(proposal)
    assert len(title) <= MAX_TITLE
    assert "\n" not in title
