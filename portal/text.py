"""Text as people wrote it, made storable and comparable.

Normal forms are those of Unicode Standard Annex 15.
"""

import re
import unicodedata

from portal.errors import RuleBroken
from portal.i18n import gettext as _
from portal.plaintext import without_ignorable

_LINE_ENDS = re.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")
_UNUSABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")
_BLANK_LINES = re.compile(r"\n{4,}")
_DIRECTION = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
_WHITESPACE = re.compile(r"\s+")
_WORD = re.compile(r"[^\W_]+")
_LONGEST_WORD = 40
"""Letters of a word that are read; what is longer is no word of a language."""


def normalise(text: str) -> str:
    """The text in the one form that is stored: NFC, ``\\n`` line ends, no stray white space.

    Spaces at line ends and blank lines at both ends go; more than two blank lines in a row
    become two.  Raises RuleBroken for what no keyboard writes and PostgreSQL refuses: NUL and
    other C0 controls, DEL, and lone surrogates.
    """
    text = _LINE_ENDS.sub("\n", text)
    if unusable := _UNUSABLE.search(text):
        code = f"U+{ord(unusable[0]):04X}"
        raise RuleBroken(_("The text holds a character that cannot be kept (%(code)s).", code=code))
    lines = (line.rstrip() for line in unicodedata.normalize("NFC", text).split("\n"))
    return _BLANK_LINES.sub("\n\n\n", "\n".join(lines)).strip("\n")


def one_line(text: str) -> str:
    """The normalised text on one line, for titles and names.

    White space becomes single spaces.  Marks that force a writing direction go, because in a
    list they would turn round the text that follows.  Raises RuleBroken as ``normalise`` does.
    """
    return _WHITESPACE.sub(" ", _DIRECTION.sub("", normalise(text))).strip()


def compare_key(text: str) -> str:
    """A key that is equal for texts that look alike: for what must be unique, never for showing.

    NFKC and full case folding without ignorable code points (zero-width, variation selectors),
    white space as single spaces.  Applying it twice changes nothing.
    """
    key = _fold(_fold(text))
    return " ".join(key.split())


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", without_ignorable(text))
    return unicodedata.normalize("NFKC", decomposed.casefold())


def fold(text: str) -> str:
    """The text without case and accents: ``Größe`` and ``GROSSE`` read the same."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def words_of(text: str) -> list[str]:
    """The folded words in their order: runs of letters and digits."""
    return [word[:_LONGEST_WORD] for word in _WORD.findall(fold(text))]
