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

    def load(self, token: str) -> Reader | None:
        """The person whose session this is, or None; notes that it was used."""

    def close(self, token: str) -> None:
        """End the session, in a unit of its own."""


class Nav(Protocol):
    """What the frame around every page shows."""

    def __call__(self, reader: Reader | None) -> dict[str, Any]:
        """Template variables: entries of the navigation and their counts."""


@dataclass(frozen=True, slots=True)
class Ports:
    """The wired ports, kept in ``app.extensions["ports"]``."""

    sessions: SessionStore
    nav: Nav
