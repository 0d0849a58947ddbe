"""The frame around every page: where one can go, and what waits there."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import current_app, request, url_for

from portal.actor import Actor, Capability
from portal.i18n import gettext as _
from portal.pages.queries import count_waiting
from portal.web.ports import Reader


@dataclass(frozen=True, slots=True)
class Entry:
    """One place of the navigation."""

    key: str
    label: str
    url: str
    icon: str
    key_hint: str | None = None
    count: int | None = None
    current: bool = False
    group: str = "main"
    phone: bool = False


def navigation(reader: Reader | None) -> dict[str, Any]:
    """The entries this reader may open, with what waits; empty for a stranger."""
    if reader is None:
        return {"nav": [], "unread_count": 0, "places": {"home": "/", "sign_in": "/sign-in"}}
    waiting = count_waiting(reader.actor)
    section = request.blueprint or ""
    return {
        "nav": [
            Entry(
                key=key,
                label=_(label),
                url=_url(endpoint),
                icon=icon,
                key_hint=hint,
                count=waiting.inbox if key == "triage" else None,
                current=request.endpoint == endpoint or section == key,
                group=group,
                phone=phone,
            )
            for key, label, endpoint, icon, hint, group, phone, need in PLACES
            if reader.actor.can(need)
        ],
        "unread_count": waiting.unread,
        "places": _places(),
    }


@lru_cache(maxsize=1)
def _places() -> dict[str, str]:
    """The fixed addresses that the frame links to, as far as the portal has them."""
    wanted = {
        "home": "pages.home",
        "capture": "ideas.new",
        "search": "search.index",
        "notices": "notifications.index",
        "me": "pages.me",
        "sign_in": "people.sign_in",
        "sign_out": "people.sign_out",
    }
    known = current_app.view_functions
    return {name: url_for(endpoint) for name, endpoint in wanted.items() if endpoint in known}


@lru_cache(maxsize=64)
def _url(endpoint: str) -> str:
    return url_for(endpoint)


def can_triage(actor: Actor) -> bool:
    """Whether this actor has an inbox."""
    return actor.can(Capability.TRIAGE)


PLACES = (("pages", "Mine", "pages.home", "home", "g m", "main", True, Capability.READ),)
