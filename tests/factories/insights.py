"""What customers said."""

from typing import Any

from portal.actor import PROGRAM, Actor
from portal.insights import services
from portal.insights.models import Insight

WORDS = "Her bill is double what she normally pays; the reading on it is a guess."


def make_insight(text: str = WORDS, *, actor: Actor = PROGRAM, **changes: Any) -> Insight:
    """An insight; inside a writing unit, with a reason or an orphans' desk."""
    return services.add_insight(actor, text=text, **changes)
