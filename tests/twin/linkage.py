"""How well publication times tell who wrote: a simulated centre, the real stage, real batches.

The attacker reads everything that any role can reach, and the database file once a minute: so they
have every minute in which each signed-in session was seen (``last_seen``), every publication with
its time, and the law by which delays are drawn.  They do not watch the network, and the file tells
them nothing else, for the stage keeps no time.  For each publication they give every colleague who
was signed in that day the likelihood that one of their minutes was the one of writing: the sum of
the delay's density over their minutes.

The area under the curve (AUC) is the chance that the author gets a higher score than a colleague of
the same day; 0.5 is guessing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil, sqrt
from random import Random
from statistics import fmean, stdev
from uuid import UUID

from sqlalchemy import select

from portal.anonymous import staging
from portal.anonymous.services import INTERVALS, NEXT_BATCH, hand_in, prepare_insight, publish_due
from portal.anonymous.staging import MOST_BATCHES
from portal.database import session, writing
from portal.insights.capture import NewInsight, make_ready
from portal.insights.models import Insight
from portal.now import at
from portal.people.queries import find_fact

FIRST_DAY = datetime(2026, 3, 2, tzinfo=UTC)
POSTS_A_DAY = 5
CENTRE = 40
TICK_MINUTES = 5
LEAST, MOST = 60.0, 360.0


@dataclass(frozen=True, slots=True)
class Figures:
    """The area under the curve and the upper end of its 95 % interval, over so many posts."""

    auc: float
    upper: float
    posts: int


def measure(posts: int, seed: int, *, starts: Sequence[int] = (7, 8, 9, 10)) -> Figures:
    """Simulate so many posts; ``starts`` are the hours at which shifts of eight hours begin."""
    random = staging._random = Random(seed)
    ranks: list[float] = []
    for day in range(ceil(posts / POSTS_A_DAY)):
        midnight = FIRST_DAY + timedelta(days=day)
        minutes = [_minutes(random, starts) for _person in range(CENTRE)]
        authors = random.sample(range(CENTRE), POSTS_A_DAY)
        written = {_key(random): (who, random.choice(minutes[who])) for who in authors}
        published = _live(midnight, written, random)
        for key, (who, _minute) in written.items():
            ranks.append(_rank(who, published[key], minutes))
    ranks = ranks[:posts]
    auc = fmean(ranks)
    return Figures(auc, auc + 1.96 * stdev(ranks) / sqrt(len(ranks)), len(ranks))


def _minutes(random: Random, starts: Sequence[int]) -> list[int]:
    """The minutes of a day in which somebody's session was seen: now and then, in their shift."""
    begin = random.choice(starts) * 60 + random.randrange(30)
    pace = random.choice((10, 20, 40))
    return [m for m in range(begin, begin + 480) if random.random() < 1 / pace] or [begin]


def _key(random: Random) -> str:
    return str(UUID(int=random.getrandbits(128), version=4))


def _live(
    midnight: datetime, written: dict[str, tuple[int, int]], random: Random
) -> dict[str, float]:
    """One day of the portal: what is handed in, what the clockwork publishes, by when."""
    payload = prepare_insight(make_ready(NewInsight(text="The letter does not say until when.")))
    events = sorted((minute, key) for key, (_who, minute) in written.items())
    for minute, key in events:
        _tick_until(midnight + timedelta(minutes=minute), random)
        with at(midnight + timedelta(minutes=minute)), writing():
            hand_in("insight", payload, phrase_tag=bytes(32), key=key, browser=key)
    _tick_until(midnight + timedelta(hours=30), random)
    found = session().execute(
        select(Insight.nonce, Insight.created_at).where(Insight.nonce.in_(written))
    )
    return {row.nonce: (row.created_at - midnight).total_seconds() / 60 for row in found}


def _tick_until(moment: datetime, random: Random) -> None:
    """Let the clockwork look every five minutes; looks that can find nothing are left out."""
    for tick in _ticks(moment):
        with at(tick):
            publish_due(random)


def _ticks(moment: datetime) -> Iterator[datetime]:
    while True:
        planned = find_fact(NEXT_BATCH)
        due = datetime.fromisoformat(planned) if planned else FIRST_DAY
        steps = ceil((due - FIRST_DAY) / timedelta(minutes=TICK_MINUTES))
        tick = FIRST_DAY + steps * timedelta(minutes=TICK_MINUTES)
        if tick >= moment:
            return
        yield tick


def _rank(author: int, published: float, minutes: Sequence[Sequence[int]]) -> float:
    """The share of colleagues whom the attacker suspects less than the author; ties are halves."""
    scores = [sum(_density(published - minute) for minute in seen) for seen in minutes]
    own = scores[author]
    others = [score for person, score in enumerate(scores) if person != author]
    return fmean((score < own) + 0.5 * (score == own) for score in others)


def _density(delay: float) -> float:
    """How likely a delay is, up to a factor."""
    index = int(delay // TICK_MINUTES)
    return _DENSITY[index] if 0 <= index < len(_DENSITY) else 0.0


def _table() -> list[float]:
    """The density by steps: what is left of an interval, and one to four whole ones more.

    Intervals are uniform between the least delay and a fifth of the longest.  What is left of
    one has the density (1 − F(x)) / mean, by the renewal theorem; sums are convolutions.
    """
    low, high = LEAST, MOST / INTERVALS
    times = [n * TICK_MINUTES for n in range(int(MOST // TICK_MINUTES) + 2)]
    whole = [1.0 if low <= time <= high else 0.0 for time in times]
    left = [1.0 if time < low else max(0.0, (high - time) / (high - low)) for time in times]
    density, waited = [0.0] * len(times), left
    for _batch in range(MOST_BATCHES):
        waited = _sum(waited, whole)
        density = [one + other for one, other in zip(density, waited, strict=True)]
    return density


def _sum(one: Sequence[float], other: Sequence[float]) -> list[float]:
    """The density of a sum of two delays, normalised."""
    sums = [sum(one[k] * other[n - k] for k in range(n + 1)) for n in range(len(one))]
    return [value / sum(sums) for value in sums]


_DENSITY = _table()
