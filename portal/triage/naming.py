"""Whom a text names with an ``@``: exact whole names, and never a guess; pure."""

import re
from collections.abc import Collection, Iterator, Mapping

from portal.errors import RuleBroken
from portal.i18n import gettext as _

_SIGN = re.compile(r"(?<![\w@])@(?=\w)")
_FIRST_WORD = re.compile(r"[\w.'-]{1,40}")


def find_named(text: str, people: Mapping[int, str], chosen: Collection[int]) -> set[int]:
    """The ids of those whom a text names, among ``people`` by id.

    Capitals do not matter.  Of two with one name, it is the one who was ``chosen`` beside the text.

    Raises
    ------
    RuleBroken
        On ``body``, for a name that is nobody's here, or that of several none of whom is chosen.
    """
    by_name: dict[str, set[int]] = {}
    for person_id, name in people.items():
        by_name.setdefault(name.casefold(), set()).add(person_id)
    found: set[int] = set()
    for rest in _after_signs(text):
        name = _match(rest, by_name)
        if not name:
            word = _FIRST_WORD.match(rest)
            raise RuleBroken(
                _(
                    "“@%(name)s” is nobody who can be named here. Write the whole name, choose "
                    "from the list, or leave the @ out.",
                    name=word[0] if word else "",
                ),
                field="body",
            )
        meant = by_name[name] & set(chosen) or by_name[name]
        if len(meant) > 1:
            raise RuleBroken(
                _(
                    "Several people are called “%(name)s”. Choose from the list whom you mean.",
                    name=rest[: len(name)],
                ),
                field="body",
            )
        found |= meant
    return found


def _after_signs(text: str) -> Iterator[str]:
    for sign in _SIGN.finditer(text):
        yield text[sign.end() : sign.end() + 200]


def _match(rest: str, names: Collection[str]) -> str:
    """The longest of the names with which the text goes on; empty where it is none of them."""
    fitting = (
        name
        for name in names
        if rest[: len(name)].casefold() == name and not rest[len(name) : len(name) + 1].isalnum()
    )
    return max(fitting, key=len, default="")
