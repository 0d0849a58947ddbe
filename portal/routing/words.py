"""Sentences that a person signs: normalised, masked, and long enough to mean something."""

from portal.errors import RuleBroken
from portal.i18n import gettext as _
from portal.ideas.writing import mask_fields


def signed_words(text: str, *, field: str, least: int = 1) -> str:
    """The text as it is stored.

    Raises
    ------
    RuleBroken
        On ``field``, if nothing or fewer than ``least`` characters were written.
    """
    words = mask_fields(words=text).text["words"]
    if not words:
        raise RuleBroken(_("Write a sentence."), field=field)
    if len(words) < least:
        raise RuleBroken(
            _("Write a whole sentence, of %(least)s characters or more.", least=least),
            field=field,
        )
    return words
