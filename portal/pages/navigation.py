"""The frame around every page: where one can go, and what waits there."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import current_app, request, url_for

from portal.actor import Capability
from portal.i18n import current_locale
from portal.i18n import gettext as _
from portal.pages.queries import count_waiting
from portal.web.ports import Reader


@dataclass(frozen=True, slots=True)
class Place:
    """A place that the navigation offers to those who may open it."""

    endpoint: str
    label: str
    icon: str
    key_hint: str | None = None
    group: str = "main"
    phone: bool = False
    need: Capability = Capability.READ
    also: str = ""
    """Another section that belongs to it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One place of the navigation."""

    label: str
    url: str
    icon: str
    key_hint: str | None = None
    count: int | None = None
    current: bool = False
    group: str = "main"
    phone: bool = False


def navigation(reader: Reader | None) -> dict[str, Any]:
    """The entries this reader may open, with what waits; few for a stranger."""
    if reader is None:
        return {"nav": (), "unread_count": 0, "places": {"home": "/", "sign_in": "/sign-in"}}
    waiting = count_waiting(reader.actor)
    open_to = tuple(place for place in PLACES if reader.actor.can(place.need))
    return {
        "nav": _entries(
            open_to,
            request.endpoint or "",
            request.blueprint or "",
            waiting.items,
            waiting.to_decide,
            current_locale(),
        ),
        "unread_count": waiting.unread,
        "places": _places(),
    }


@lru_cache(maxsize=1024)
def _entries(
    open_to: tuple[Place, ...],
    endpoint: str,
    blueprint: str,
    items: int,
    to_decide: int,
    _locale: str,
) -> tuple[Entry, ...]:
    """The places as the frame shows them on one page; the same for the same values."""
    counts = {"pages.home": items, "triage.index": to_decide}
    known = current_app.view_functions
    return tuple(
        Entry(
            label=_(place.label),
            url=_url(place.endpoint),
            icon=place.icon,
            key_hint=place.key_hint,
            count=counts.get(place.endpoint),
            current=endpoint == place.endpoint or _is_section_of(place, blueprint),
            group=place.group,
            phone=place.phone,
        )
        for place in open_to
        if place.endpoint in known
    )


def _is_section_of(place: Place, blueprint: str) -> bool:
    section = place.endpoint.partition(".")[0]
    own = {section, place.also} - {"pages", "boards", "people", ""}
    return blueprint in own


@lru_cache(maxsize=1)
def _places() -> dict[str, str]:
    """The fixed addresses that the frame links to, as far as the portal has them."""
    wanted = {
        "home": "pages.home",
        "capture": "ideas.new",
        "search": "search.index",
        "notices": "notifications.index",
        "bell": "notifications.bell",
        "me": "pages.me",
        "sign_in": "people.sign_in",
        "sign_out": "people.sign_out",
    }
    known = current_app.view_functions
    return {name: url_for(endpoint) for name, endpoint in wanted.items() if endpoint in known}


@lru_cache(maxsize=64)
def _url(endpoint: str) -> str:
    return url_for(endpoint)


PLACES = (
    Place("pages.home", "Mine", "house", "g m", phone=True),
    Place(
        "triage.index",
        "Inbox",
        "inbox",
        "g t",
        phone=True,
        need=Capability.TRIAGE,
        also="contributions",
    ),
    Place("ideas.index", "Ideas", "lightbulb", "g i", phone=True),
    Place("insights.index", "Insights", "quote", "g h", phone=True),
    Place("delivery.index", "Delivery", "truck", "g d"),
    Place("impact.index", "Impact", "chart-line", "g e"),
    Place("pages.done", "You said, we did", "check-check", "g y"),
    Place("rewards.index", "Rewards", "gift", "g r"),
    Place("boards.impact", "Who moved what", "trophy", "g b", group="more"),
    Place("boards.funnel", "Funnel and ageing", "activity", group="more", need=Capability.LEAD),
    Place("metrics.index", "Metrics", "gauge", group="more"),
    Place("demand.reasons", "Contact reasons", "tags", group="more"),
    Place("people.departments", "Departments", "building-2", group="more"),
    Place("people.people_page", "People", "users", group="more"),
    Place("rewards.redemptions", "Orders", "package", group="more", need=Capability.FULFIL),
    Place(
        "admin.overview", "Administration", "settings-2", group="more", need=Capability.ADMINISTER
    ),
)
"""Every place of the navigation, in its order."""
