"""Every idea of the demo year with its whole life, step by step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from random import Random

from portal.demo.days import Workdays, at_local
from portal.demo.insights import pick
from portal.demo.lives import FUNNELS, beats
from portal.demo.patterns import pattern_stories
from portal.demo.people import AGENTS, BY_KEY, OWNERS
from portal.demo.reasons import BY_KEY as REASON_BY_KEY
from portal.demo.reviews import review
from portal.demo.steps import Step
from portal.demo.stories import STORIES, Story
from portal.demo.tellers import Cast, Teller, voices_from_the_floor

_CONTROL = {"days": "ours", "weeks": "influence", "months": "needs_executive"}

_OPEN = {
    "submitted",
    "routed",
    "triage",
    "needs_info",
    "accepted",
    "committed",
    "in_progress",
    "implemented",
    "measuring",
}


@dataclass(frozen=True, slots=True)
class Share:
    """An author's share in percent; the shares of an idea sum to 100."""

    person: str
    percent: int


@dataclass(frozen=True, slots=True)
class Idea:
    """An idea, how it ended up, and everything that happened to it, oldest first.

    `lens` is customer, employee or business; `control` ours, influence or needs_executive;
    `effort` days, weeks or months. Without a `reason` no department owns it. `department` is
    the owner at the end, after any transfer.
    """

    key: str
    title: str
    problem: str
    proposal: str
    lens: str
    control: str
    effort: str
    reason: str | None
    department: str | None
    authors: tuple[Share, ...]
    state: str
    steps: tuple[Step, ...]

    @property
    def created_at(self) -> datetime:
        """When the idea was first written down."""
        return self.steps[0].at


class Desk:
    """Picks who writes: some agents have many ideas, and the team lends a hand."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.eager = tuple(accumulate(rng.paretovariate(1.8) for _ in AGENTS))
        self.mates: dict[str, list[str]] = {}
        for agent in AGENTS:
            self.mates.setdefault(BY_KEY[agent].department, []).append(agent)

    def authors(self, story: Story) -> tuple[Share, ...]:
        """The authors of a story: its own, or somebody, sometimes with a colleague."""
        if story.authors:
            return tuple(Share(person, percent) for person, percent in story.authors)
        first = self.rng.choices(AGENTS, cum_weights=self.eager)[0]
        mate = pick(self.rng, self.mates[BY_KEY[first].department])
        if mate == first or self.rng.random() < 0.75:
            return (Share(first, 100),)
        percent = pick(self.rng, (50, 60, 70))
        return (Share(first, percent), Share(mate, 100 - percent))


def _assigned(rng: Random, size: str) -> Iterator[tuple[str, Story]]:
    """Each story with the state it ends in; told stories keep theirs."""
    left = dict(FUNNELS[size])
    for story in STORIES:
        if story.state:
            left[story.state] -= 1
            yield story.state, story
    states = [state for state, count in left.items() for _ in range(count)]
    rng.shuffle(states)
    untold = (story for story in STORIES if not story.state)
    titles = {story.key for story in STORIES}
    fresh = (story for story in pattern_stories(rng) if story.key not in titles)
    for state in states:
        yield state, next(untold, None) or next(fresh)


def _cast(rng: Random, story: Story, authors: tuple[Share, ...]) -> Cast:
    """Who owns, decides, builds and writes."""
    owner = REASON_BY_KEY[story.reason].owner
    return Cast(
        department=owner,
        other=pick(rng, tuple(key for key in OWNERS if key != owner)),
        authors=tuple((share.person, share.percent) for share in authors),
    )


LOUDNESS = {"small": 1.0, "medium": 0.4}
"""How much of what the floor says to an idea is told; among very many ideas, less to each."""


def _idea(
    rng: Random, state: str, story: Story, desk: Desk, workdays: Workdays, loudness: float
) -> Idea:
    authors = desk.authors(story)
    teller = Teller(rng, story, _cast(rng, story, authors), workdays)
    main = [step for beat in beats(rng, state, story, workdays) for step in teller.tell(beat)]
    owned = state not in {"draft", "submitted"}
    aside: Iterable[Step] = ()
    if state != "draft":
        until = at_local(workdays.days[0], 18 * 60) if state in _OPEN else main[-1].at
        first = main[0].at
        floor = voices_from_the_floor(rng, story, teller.cast, first, until, loudness=loudness)
        apart = Random(f"{story.key}-review")
        desk_side = review(apart, state, story.effort, teller.cast, main, until)
        aside = (*floor, *desk_side)
    return Idea(
        key=story.key,
        title=story.title,
        problem=story.today,
        proposal=story.better,
        lens=story.lens,
        control=_CONTROL[story.effort],
        effort=story.effort,
        reason=None if state == "submitted" else story.reason,
        department=teller.cast.department if owned else None,
        authors=authors,
        state=state,
        steps=tuple(sorted([*main, *aside], key=lambda step: step.at)),
    )


def ideas(seed: int, size: str, workdays: Workdays) -> tuple[Idea, ...]:
    """All ideas in the order in which they were written down; keys and titles are unique."""
    rng = Random(f"{seed}-ideas-{size}")
    desk = Desk(rng)
    told = [
        _idea(rng, state, story, desk, workdays, LOUDNESS[size])
        for state, story in _assigned(rng, size)
    ]
    return tuple(sorted(told, key=lambda idea: (idea.created_at, idea.key)))
