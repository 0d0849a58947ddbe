"""Saying what would be masked in what is being typed."""

from flask import request
from flask.typing import ResponseReturnValue

from portal.masking import foretell, mask
from portal.web.answers import fragment

OWN_WORDS = ("problem", "proposal", "title", "body", "text", "expected", "segment", "moment")
MAX_SHOWN = 20_000


def show_masked(*, is_hidden: bool) -> ResponseReturnValue:
    """The fragment that foretells it; nothing is kept.  ``is_hidden`` is for unlinked forms."""
    typed = "\n\n".join(request.form.get(name, "")[:MAX_SHOWN] for name in OWN_WORDS)
    said = foretell(mask(typed[:MAX_SHOWN]).found)
    return fragment("pages/_masked.html", said=said, is_hidden=is_hidden)
