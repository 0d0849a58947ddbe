"""Which pages there are for somebody: all fixed addresses, and some of each other kind."""

import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from portal.web.access import list_routes
from tests.support.client import Client

_HREF = re.compile(r'<a\b[^>]*\bhref="(/[^"#]*)"')


@dataclass(frozen=True, slots=True)
class Place:
    """One page: the name of its view and its address."""

    name: str
    path: str


def fixed_places(app: Flask) -> list[Place]:
    """The addresses without a blank that only somebody signed in may open, in their order."""
    return sorted(
        (
            Place(route.endpoint, route.rule)
            for route in list_routes(app)
            if "GET" in route.methods and "<" not in route.rule and not route.says.is_public
        ),
        key=lambda place: place.path,
    )


def find_places(client: Client, *, of_each: int = 1) -> list[Place]:
    """The pages that a signed-in person reaches by links, at most ``of_each`` of one view.

    Files to keep and pages that are not there for this person are left out; a page that
    breaks is kept, so that whoever looks at the places finds it.
    """
    waiting = deque(fixed_places(client.app))
    taken = Counter({place.name: of_each for place in waiting})
    seen = {place.path for place in waiting}
    found = []
    while waiting:
        place = waiting.popleft()
        answer = client.get(place.path)
        if answer.status_code in {303, 404} or answer.mimetype != "text/html":
            continue
        found.append(place)
        for path in _links(answer.text):
            name = _view_of(client.app, path.partition("?")[0])
            if path in seen or name is None or taken[name] >= of_each:
                continue
            seen.add(path)
            taken[name] += 1
            waiting.append(Place(name, path))
    return found


def _links(text: str) -> Iterator[str]:
    return (unescape(path) for path in _HREF.findall(text))


def _view_of(app: Flask, path: str) -> str | None:
    try:
        name, _values = app.url_map.bind("127.0.0.1").match(path)
    except (HTTPException, RequestRedirect):
        return None
    is_open = not app.view_functions[name].declaration.is_public
    return str(name) if is_open else None
