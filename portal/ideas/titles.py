"""A title for an idea whose author gave none."""

import re

from portal.text import one_line

MAX_TITLE = 140

_SENTENCE_END = re.compile(r"(?<=[.!?…。！？])\s")
_MARKS = re.compile(r"^[#>*+\-\s\d.)]*(?=\w)")


def title_from(proposal: str) -> str:
    """The first sentence, on one line, at most 140 characters, cut between words."""
    line = one_line(proposal)
    sentence = _SENTENCE_END.split(_MARKS.sub("", line, count=1), maxsplit=1)[0].rstrip(".。")
    if len(sentence) <= MAX_TITLE:
        return sentence or line[:MAX_TITLE]
    cut = sentence[: MAX_TITLE - 1]
    return (cut.rpartition(" ")[0] or cut).rstrip(" ,;:") + "…"
