"""The handwritten ideas, read from their blocks."""

from __future__ import annotations

import re
from dataclasses import dataclass

from portal.demo import (
    stories_billing,
    stories_digital,
    stories_metering,
    stories_moves,
    stories_payments,
    stories_visits,
)

SHOWCASE = "estimated-on-the-bill"


@dataclass(frozen=True, slots=True)
class Story:
    """An idea before it has lived. `says` holds sentences that were written for it.

    `state`, `authors` and `age` (workdays since the last step) are open where the story does
    not need them.
    """

    key: str
    title: str
    reason: str
    lens: str
    effort: str
    today: str
    better: str
    state: str | None
    authors: tuple[tuple[str, int], ...]
    age: int | None
    says: dict[str, str]


def slug(title: str) -> str:
    """The key of a title: its words in small letters, joined by hyphens."""
    return "-".join(re.findall(r"[a-z0-9]+", title.lower()))


def _fields(block: str) -> dict[str, str]:
    """The lines of a block, each with the lines that continue it."""
    fields: dict[str, str] = {}
    name = ""
    for line in block.splitlines():
        if line.startswith("  "):
            fields[name] += f" {line.strip()}"
        else:
            name, _, text = line.partition(": ")
            fields[name] = text
    return fields


def _authors(text: str) -> tuple[tuple[str, int], ...]:
    pairs = (part.rsplit(" ", 1) for part in text.split(", ") if part)
    return tuple((person, int(percent)) for person, percent in pairs)


def _story(block: str) -> Story:
    fields = _fields(block)
    title = fields.pop("title")
    reason, lens, effort = fields.pop("for").split(", ")
    age = fields.pop("age", None)
    return Story(
        key=fields.pop("key", slug(title)),
        title=title,
        reason=reason,
        lens=lens,
        effort=effort,
        today=fields.pop("today"),
        better=fields.pop("better"),
        state=fields.pop("state", None),
        authors=_authors(fields.pop("authors", "")),
        age=int(age) if age else None,
        says=fields,
    )


STORIES = tuple(
    _story(block)
    for module in (
        stories_billing,
        stories_metering,
        stories_payments,
        stories_visits,
        stories_digital,
        stories_moves,
    )
    for block in module.STORIES.strip().split("\n\n")
)
BY_KEY = {story.key: story for story in STORIES}
