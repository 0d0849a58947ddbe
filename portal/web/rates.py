"""How often one person may do what; every unsafe route names its class."""

from enum import StrEnum
from types import MappingProxyType

from portal.errors import PortalError
from portal.i18n import ngettext


class Rate(StrEnum):
    """What kind of doing a route is, as far as doing it too often goes."""

    READ = "read"
    """Only reads; not counted."""
    EXPORT = "export"
    """Takes a whole table away."""
    IDEA = "idea"
    """Hands in an idea, or keeps a draft of one."""
    INSIGHT = "insight"
    """Tells what a customer said."""
    COMMENT = "comment"
    """Says something to colleagues."""
    SUPPORT = "support"
    """One click: me too, I see it, all read."""
    DECIDE = "decide"
    """Decides or signs for a department."""
    CHANGE = "change"
    """Changes a promise, a metric, a setting."""
    ORDER = "order"
    """Spends points, or moves an order."""
    ANALYSE = "analyse"
    """Gives the worker something long to do."""
    PREVIEW = "preview"
    """Shows what would become of what is being typed, a moment after each key."""
    UPLOAD = "upload"
    """Sends files."""
    OWN = "own"
    """Has a brake, or a secret that works once, of its own."""
    FREE = "free"
    """Keeps nothing, so it is not counted."""


LIMITS = MappingProxyType(
    {
        Rate.EXPORT: 60,
        Rate.IDEA: 20,
        Rate.INSIGHT: 60,
        Rate.COMMENT: 60,
        Rate.SUPPORT: 240,
        Rate.DECIDE: 240,
        Rate.CHANGE: 120,
        Rate.ORDER: 60,
        Rate.ANALYSE: 20,
        Rate.PREVIEW: 1200,
        Rate.UPLOAD: 60,
    }
)
"""How many of a class one person may do in an hour; the other classes are not counted.

Counting keeps who did how much for an hour.  A route that must not know its person has a
brake of its own (``Rate.OWN``).
"""


class TooMany(PortalError):
    """Done too often for now; ``retry_after`` says for how many seconds."""

    def __init__(self, most: int, retry_after: int) -> None:
        minutes = -(-retry_after // 60)
        super().__init__(
            ngettext(
                "That is enough for now: %(most)s an hour. Go on in %(n)s minute.",
                "That is enough for now: %(most)s an hour. Go on in %(n)s minutes.",
                minutes,
                most=most,
            )
        )
        self.retry_after = retry_after
