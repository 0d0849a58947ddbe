"""How well publication times tell who wrote: a simulated centre, the real stage, real batches.

The attacker reads everything that any role can reach, at any time, and has every nightly copy of
the database file.  So they have every minute in which each signed-in session was seen
(``last_seen``), every publication with its time, and the law by which batches leave.  They do not
watch the network, nor the file while the day goes on: the stage keeps no time, but a copy taken at
noon holds what was said before noon; ``copy_at`` measures what that tells.

For each publication they give everybody who was seen since the batch before it the number of
their minutes in which it could have been written.  Who was not at work on that day did not write
it, and no batch of a day can hide that; so only those who were are compared.

The area under the curve (AUC) is the chance that the author gets a higher score than a colleague of
the same day; 0.5 is guessing.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil, sqrt
from random import Random
from statistics import fmean, stdev
from uuid import UUID

from sqlalchemy import select

from portal.anonymous.services import hand_in, prepare_insight, publish_due
from portal.database import session, writing
from portal.insights.capture import NewInsight, make_ready
from portal.insights.models import Insight
from portal.now import at, house_zone, live_in

MOST_AUC = 0.60
"""The upper end of the 95 % interval, over 500 posts, is at most this."""
FIRST_DAY = datetime(2026, 3, 2, tzinfo=UTC)
POSTS_A_DAY = 5
CENTRE = 40
PRESENT = 0.8
DAY = 24 * 60
BATCH = 5 * 60
"""The minute of the day at which a batch leaves by default; the centre's zone is UTC here."""
OVERLAPPING, TWO_SHIFTS, AROUND_THE_CLOCK = (7, 8, 9, 10), (6, 14), (6, 14, 22)


@dataclass(frozen=True, slots=True)
class Figures:
    """The area under the curve and the upper end of its 95 % interval, over so many posts."""

    auc: float
    upper: float
    posts: int


def measure(
    posts: int, seed: int, *, starts: Sequence[int] = OVERLAPPING, copy_at: int | None = None
) -> Figures:
    """Simulate so many posts; ``starts`` are the hours at which shifts of eight hours begin.

    ``copy_at`` is an hour at which the attacker copies the file each day, beside each night.
    """
    random = Random(seed)
    days = ceil(posts / POSTS_A_DAY)
    seen = [_presence(random, days, starts) for _person in range(CENTRE)]
    written = _write(random, days, seen)
    elsewhere = house_zone()
    live_in("UTC")
    try:
        published = _live(written, days, random)
    finally:
        live_in(elsewhere.key)
    ranks = []
    for key, (author, minute) in written.items():
        day, window = _window(published[key], None if copy_at is None else copy_at * 60, minute)
        ranks.append(_rank(author, day, window, seen))
    auc = fmean(ranks)
    return Figures(auc, auc + 1.96 * stdev(ranks) / sqrt(len(ranks)), len(ranks))


def _presence(random: Random, days: int, starts: Sequence[int]) -> list[int]:
    """The minutes in which somebody's session was seen: now and then, in shifts, on most days."""
    minutes: list[int] = []
    pace = random.choice((10, 20, 40))
    for day in range(days):
        if random.random() < PRESENT:
            begin = day * DAY + random.choice(starts) * 60 + random.randrange(30)
            minutes += [m for m in range(begin, begin + 480) if random.random() < 1 / pace]
    return sorted(minutes)


def _write(random: Random, days: int, seen: list[list[int]]) -> dict[str, tuple[int, int]]:
    """Each day some of those who are there write something; by key, who and when."""
    written = {}
    for day in range(days):
        here = [
            (person, own)
            for person, minutes in enumerate(seen)
            if (own := [m for m in minutes if day * DAY <= m < (day + 1) * DAY])
        ]
        for person, own in random.sample(here, POSTS_A_DAY):
            written[str(UUID(int=random.getrandbits(128), version=4))] = person, random.choice(own)
    return written


def _live(written: dict[str, tuple[int, int]], days: int, random: Random) -> dict[str, int]:
    """What is handed in, what the clockwork publishes; by key, in which minute."""
    payload = prepare_insight(make_ready(NewInsight(text="The letter does not say until when.")))
    said = [(minute, key) for key, (_who, minute) in written.items()]
    looks = [(day * DAY + BATCH + 2, "") for day in range(days + 2)]
    for minute, key in sorted(said + looks):
        with at(FIRST_DAY + timedelta(minutes=minute)):
            if key:
                with writing():
                    hand_in("insight", payload, phrase_tag=bytes(32), key=key, browser=key)
            else:
                publish_due(random)
    found = session().execute(
        select(Insight.nonce, Insight.created_at).where(Insight.nonce.in_(written))
    )
    return {row.nonce: int((row.created_at - FIRST_DAY).total_seconds()) // 60 for row in found}


def _window(published: int, copied: int | None, written: int) -> tuple[range, range]:
    """The day that came out with it, and the part of it that the attacker knows it is from."""
    end = published - (published - BATCH) % DAY
    day = range(end - DAY, end)
    if copied is None:
        return day, day
    copy = day.start + (copied - BATCH) % DAY
    return day, range(day.start, copy) if written < copy else range(copy, day.stop)


def _rank(author: int, day: range, window: range, seen: list[list[int]]) -> float:
    """The share of that day's colleagues whom the attacker suspects less; ties are halves."""
    scores = [_count(minutes, window) for minutes in seen]
    own = scores[author]
    assert own, "the author is among those whom the attacker can suspect"
    others = [
        score
        for person, score in enumerate(scores)
        if person != author and _count(seen[person], day)
    ]
    return fmean((score < own) + 0.5 * (score == own) for score in others)


def _count(minutes: list[int], window: range) -> int:
    return bisect_left(minutes, window.stop) - bisect_left(minutes, window.start)
