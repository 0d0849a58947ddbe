"""The name of a file as it may be stored and shown; pure."""

import re

from portal.errors import RuleBroken
from portal.i18n import gettext as _
from portal.masking import mask
from portal.plaintext import without_ignorable
from portal.text import one_line

MAX_NAME = 120
_LONGEST = 1000
_FOLDERS = re.compile(r"[/\\]")
_UNWANTED = re.compile(r'[<>:"|?*\x00-\x1f]+')


def clean_name(given: str) -> str:
    """The last part of a path as one line, masked, without what turns round or hides its end.

    At most ``MAX_NAME`` characters, the ending kept.  Raises RuleBroken (field ``files``) for
    what cannot be a name.
    """
    if len(given) > _LONGEST:
        raise RuleBroken(_("The name of this file is too long. Shorten it."), field="files")
    try:
        name = one_line(without_ignorable(_FOLDERS.split(given)[-1]))
    except RuleBroken as error:
        raise RuleBroken(error.message, field="files") from None
    stem, dot, ending = mask(_UNWANTED.sub("-", name)).text.rpartition(".")
    stem = stem.strip(" .-") or _("file")
    room = MAX_NAME - len(dot + ending)
    return f"{stem[: max(room, 1)]}{dot}{ending}"[:MAX_NAME]
