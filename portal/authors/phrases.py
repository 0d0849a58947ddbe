"""The phrase by which an anonymous author comes back: how strong, and its hash."""

import re
import threading
import unicodedata

from argon2.low_level import Type, hash_secret_raw

from portal.authors.sealing import phrase_salt
from portal.database import refuse_in_unit
from portal.errors import RuleBroken
from portal.i18n import gettext as _

LEAST_CHARACTERS = 20
LEAST_WORDS = 4
LEAST_DIFFERENT = 8
MOST_CHARACTERS = 200

_WORD = re.compile(r"\w+")
_COMMON = (
    "lorem ipsum dolor",
    "to be or not to be",
    "the quick brown fox",
    "correct horse battery staple",
    "once upon a time",
    "all you need is love",
    "one two three four",
    "we store no author",
    "choose a phrase to come back",
)
_at_once = threading.BoundedSemaphore(4)


def normal(phrase: str) -> str:
    """The phrase as it is compared: without case, accents of width, or doubled spaces."""
    return " ".join(unicodedata.normalize("NFKC", phrase).casefold().split())


def check_phrase(phrase: str, *, words: str = "") -> None:
    """Raise RuleBroken (field ``phrase``) unless the phrase is hard to guess.

    Four different words and twenty characters at least, none of the sayings everybody tries, and
    not lifted from the ``words`` that will be published beside it.
    """
    clean = normal(phrase)
    if len(clean) > MOST_CHARACTERS:
        raise RuleBroken(_("Up to %(n)s characters.", n=MOST_CHARACTERS), field="phrase")
    different = {word for word in _WORD.findall(clean) if len(word) > 1}
    if (
        len(clean) < LEAST_CHARACTERS
        or len(different) < LEAST_WORDS
        or len(set(clean)) < LEAST_DIFFERENT
    ):
        raise RuleBroken(
            _("Too easy to guess. Take four or more words that only you would put together."),
            field="phrase",
        )
    if any(saying in clean for saying in _COMMON):
        raise RuleBroken(_("This is a saying that others try too. Take another."), field="phrase")
    if clean in normal(words):
        raise RuleBroken(_("This stands in your text, which others read."), field="phrase")


def tag_of(phrase: str) -> bytes:
    """The argon2id hash of a phrase (19 MiB, 2 passes); slow, never inside a writing unit.

    The salt is the portal's own and secret, so that the phrase alone finds what belongs to it.
    """
    refuse_in_unit("hashing a phrase")
    with _at_once:
        return hash_secret_raw(
            normal(phrase)[: MOST_CHARACTERS * 2].encode(),
            phrase_salt(),
            time_cost=2,
            memory_cost=19456,
            parallelism=1,
            hash_len=32,
            type=Type.ID,
        )
