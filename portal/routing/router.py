"""The learned router as pages use it: what it suggests, and whether it may act alone."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from portal.columns import JsonObject
from portal.database import session
from portal.people.queries import list_departments
from portal.routing.arrays import Arrays, read_arrays
from portal.routing.models import LearnedRouter, RouterSetting
from portal.routing.reading import Reading

LEAST_EXAMPLES = 300
"""The router acts alone only once it has learned from so many settled items."""
DEFAULT_PERCENT = 85
SUGGESTIONS = 3
TELLING_WORDS = 3

_NEWEST = (
    select(
        LearnedRouter.id,
        LearnedRouter.digest,
        LearnedRouter.example_count,
        LearnedRouter.learned_at,
        LearnedRouter.figures,
    )
    .order_by(LearnedRouter.id.desc())
    .limit(1)
)
_ARRAYS = select(LearnedRouter.arrays).where(LearnedRouter.id == bindparam("router_id"))
_SETTING = (
    select(RouterSetting.is_on, RouterSetting.confidence_percent)
    .order_by(RouterSetting.id.desc())
    .limit(1)
)

_kept: dict[str, Arrays] = {}
"""The arrays in use, under the digest of their bytes: one router at a time."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Whether the router may act alone, and from which confidence."""

    is_on: bool
    confidence_percent: int


@dataclass(frozen=True, slots=True)
class RouterRow:
    """The router in use, without what it has learned."""

    id: int
    digest: str
    example_count: int
    learned_at: datetime
    figures: JsonObject

    @property
    def has_enough(self) -> bool:
        """Whether it has seen enough to act alone."""
        return self.example_count >= LEAST_EXAMPLES


@dataclass(frozen=True, slots=True)
class Acting:
    """A router that may act alone, from a confidence on."""

    arrays: Arrays
    confidence_percent: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A department that a text may belong to, how sure the router is, and which words say so."""

    department_id: int
    department: str
    confidence: float
    words: tuple[str, ...]

    @property
    def percent(self) -> int:
        """The confidence in whole percent, rounded down, so that 100 is never said of a guess."""
        return int(self.confidence * 100)


def get_setting() -> Setting:
    """What an administrator has set, or the default."""
    row = session().execute(_SETTING).one_or_none()
    return Setting(*row) if row else Setting(is_on=True, confidence_percent=DEFAULT_PERCENT)


def find_router() -> RouterRow | None:
    """The newest router, or None before anything was learned."""
    row = session().execute(_NEWEST).one_or_none()
    return RouterRow(*row) if row else None


def get_arrays(router: RouterRow) -> Arrays:
    """What a router has learned; read from the database once by each process."""
    known = _kept.get(router.digest)
    if known is None:
        known = read_arrays(session().scalars(_ARRAYS, {"router_id": router.id}).one())
        _kept.clear()
        _kept[router.digest] = known
    return known


def find_acting() -> Acting | None:
    """The router, if it may act alone."""
    router = find_router()
    if router is None or not router.has_enough:
        return None
    setting = get_setting()
    return Acting(get_arrays(router), setting.confidence_percent) if setting.is_on else None


def suggest(text: str, *, without: Collection[int] = ()) -> list[Suggestion]:
    """Up to three departments that a text may belong to; nothing before anything was learned."""
    router = find_router()
    if router is None or not text.strip():
        return []
    return suggest_with(get_arrays(router), text, without=without)


def suggest_with(
    arrays: Arrays, text: str, *, without: Collection[int] = (), most: int = SUGGESTIONS
) -> list[Suggestion]:
    """What a router says of a text: today's departments, the surest first."""
    names = {str(row.id): row.name for row in list_departments(teams=True)}
    found: list[Suggestion] = []
    reading = Reading(arrays, text)
    for guess in reading.guesses:
        if len(found) == most:
            break
        if guess.label in names and int(guess.label) not in without:
            words = tuple(reading.telling_words(guess.label, TELLING_WORDS))
            found.append(Suggestion(int(guess.label), names[guess.label], guess.confidence, words))
    return found
