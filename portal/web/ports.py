"""What the glue needs from the slices above it; ``portal.app`` wires the real ones in."""

from dataclasses import dataclass
from typing import Any, Protocol

from portal.actor import Actor


class Reader(Protocol):
    """The signed-in person, as pages show them."""

    @property
    def id(self) -> int:
        """The person's key."""

    @property
    def name(self) -> str:
        """The person's name."""

    @property
    def locale(self) -> str | None:
        """Their language, if they chose one."""

    @property
    def time_zone(self) -> str | None:
        """Their time zone, if they chose one."""

    @property
    def actor(self) -> Actor:
        """What they may do."""


class SessionStore(Protocol):
    """Where signed-in sessions live."""

    def load(self, token: str, *, is_passive: bool = False) -> Reader | None:
        """The person whose session this is, or None; notes its use, unless nobody asked."""

    def close(self, token: str) -> None:
        """End the session, in a unit of its own."""


class Limits(Protocol):
    """Counts what people do in an hour, for all processes together."""

    def count(self, person_id: int, kind: str, most: int) -> int | None:
        """Count once more within the unit that is open; else the seconds until it can be."""

    def count_alone(self, person_id: int, kind: str, most: int) -> int | None:
        """As ``count``, in a unit of its own."""


class Arrivals(Protocol):
    """Which forms have arrived, known by the key that each carries."""

    def claim(self, key_hash: str, body_hash: str) -> str | None:
        """Take a form's key within the unit that is open; what had it before, if something had.

        Where another unit is about to take it, this one waits until that is over.
        """


class Journal(Protocol):
    """What the audit log keeps of reading, each in a unit of its own."""

    def note_export(self, actor: Actor, action: str) -> None:
        """Keep that somebody took a table away."""

    def note_denied(self, actor: Actor, endpoint: str, method: str) -> None:
        """Keep that something was refused, as long as it is not a flood."""


class Nav(Protocol):
    """What the frame around every page shows."""

    def __call__(self, reader: Reader | None) -> dict[str, Any]:
        """Template variables: entries of the navigation and their counts."""


@dataclass(frozen=True, slots=True)
class Ports:
    """The wired ports, kept in ``app.extensions["ports"]``."""

    sessions: SessionStore
    limits: Limits
    arrivals: Arrivals
    journal: Journal
    nav: Nav
