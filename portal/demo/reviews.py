"""What happens to an idea among those who decide: scores, private notes, parts of others.

It is drawn apart from the lives, so that a year with it is the same year.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

from portal.demo import steps as step
from portal.demo.days import is_workday, workday_after
from portal.demo.insights import pick
from portal.demo.people import BY_KEY, DEPARTMENT_BY_KEY
from portal.demo.tellers import Cast

REVIEWED = frozenset({"triage", "accepted", "committed", "in_progress", "implemented", "validated"})
"""Where an idea ends whose review is told; among very many that were declined it would be lost."""
WORKED_ON = frozenset({"triage", "accepted", "committed", "in_progress"})
"""Where others can still owe their part."""

_EFFORTS = ("hours", "days", "weeks", "months")
_BANDS = {"days": 1, "weeks": 2, "months": 3}
_NOTES = (
    "{name}, have you seen the same? You had the old template for years.",
    "{name}, I would say yes. Tell me by Thursday if you see what I do not.",
    "I rang two of the customers. It is as she says. {name}, please look at the cost.",
    "{name}, we said no to something like this in spring. Was that about the text or the system?",
)
_PARTS = (
    (
        "Say what it takes on your side, in days, and when you could begin.",
        "Three days for one of us, any week after the next release.",
        "We cannot say before the release is out. Ask again in December.",
    ),
    (
        "Look over the sentence that customers would read, and change what you would not sign.",
        "Read and signed. I took out one word that promised more than we do.",
        "This is for the lawyers, not for us.",
    ),
    (
        "Count how many of these reach you in a week, so that we do not guess.",
        "We counted five days: forty-one, most of them on Monday.",
        "We do not record these apart from the others, so a count would be a guess as well.",
    ),
    (
        "Name somebody who can test it for an hour with one of ours.",
        "Our early shift has volunteered. Tuesday, ten o'clock, room 2.",
        "Nobody before the holidays, sorry.",
    ),
)


def review(
    rng: Random,
    state: str,
    effort: str,
    cast: Cast,
    main: Sequence[step.Step],
    until: datetime,
) -> Iterator[step.Step]:
    """The steps of a review between the desk and the first decision, or until today."""
    received = next((one.at for one in main if isinstance(one, step.Receive)), None)
    if received is None or state not in REVIEWED:
        return
    if any(isinstance(one, step.Transfer | step.Ask) for one in main):
        return
    decided = next((one.at for one in main if isinstance(one, step.Accept)), until)
    if decided - received < timedelta(hours=2):
        return
    yield from _scores(rng, effort, cast, received, decided)
    if rng.random() < 0.4:
        at = _between(rng, received, decided)
        text = pick(rng, _NOTES).format(name=f"@{BY_KEY[cast.deputy].name}")
        yield step.PrivateNote(at, cast.head, text)
    if state in WORKED_ON and rng.random() < 0.35:
        yield from _part(rng, cast, received, decided, until)


def _scores(
    rng: Random, effort: str, cast: Cast, received: datetime, decided: datetime
) -> Iterator[step.Step]:
    for person in dict.fromkeys((cast.head, cast.deputy)):
        if rng.random() < 0.6:
            band = min(max(_BANDS[effort] + pick(rng, (-1, 0, 0, 1)), 0), len(_EFFORTS) - 1)
            sure = pick(rng, ("guess", "fairly", "fairly", "sure"))
            yield step.Score(_between(rng, received, decided), person, _EFFORTS[band], sure)


def _part(
    rng: Random, cast: Cast, received: datetime, decided: datetime, until: datetime
) -> Iterator[step.Step]:
    """Another department is asked; it answers within its days, later, or has not yet."""
    task, done, refused = pick(rng, _PARTS)
    asked = _between(rng, received, decided)
    yield step.AskPart(asked, cast.head, cast.other, task)
    day = workday_after(asked.date(), rng.randint(1, 8))
    settled = asked.replace(year=day.year, month=day.month, day=day.day) + timedelta(minutes=7)
    if settled < until:
        is_done = rng.random() < 0.8
        head = DEPARTMENT_BY_KEY[cast.other].head
        yield step.SettlePart(settled, head, cast.other, done if is_done else refused, is_done)


def _between(rng: Random, first: datetime, last: datetime) -> datetime:
    """Some time between two, with room to both; in the working day where there is one."""
    at = first + (last - first) * (0.1 + 0.8 * rng.random())
    shifted = at.replace(hour=7 + at.hour % 10)
    return shifted if first < shifted < last and is_workday(shifted.date()) else at
