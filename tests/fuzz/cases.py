"""The cases: every trap at every field, query and path by hand, then seeded ones without end."""

import re
from collections.abc import Iterator
from dataclasses import replace
from random import Random
from urllib.parse import quote, urlencode

from tests.fuzz.town import Case, Door, Page, World, list_addresses
from tests.fuzz.values import (
    CHOICES,
    CURSORS,
    LONG,
    NAMES,
    PLACES,
    VALUES,
    WORDS,
    Typed,
    make_value,
)

FORM = "application/x-www-form-urlencoded"
KINDS = {"textarea": {*WORDS, *LONG}, "text": {*VALUES}}
"""What to try on a field of a kind; on all others, what is short."""
OURS = {"nonce", "version"}

JSON_TRAPS: list[bytes] = [
    b"[" * 100_000,
    b'{"a":' * 30 + b"1" + b"}" * 30,
    b'{"text":"\\ud800"}',
    b'{"a":%d}' % 2**70,
    b'{"a":NaN}',
    b'{"a":1,"a":2}',
    '{"a":1}'.encode("utf-16"),
    b'{"a":"\\u0000"}',
    b"{",
    b"null",
    b"[]",
]
HEADERS: list[dict[str, str]] = [
    {"HX-Request": "true"},
    {"HX-Request": "true", "HX-Target": "'\"><x>", "HX-Current-URL": "javascript:alert(1)"},
    {"HX-Boosted": "true", "HX-Request": "true"},
    {"HX-History-Restore-Request": "true", "HX-Request": "true"},
    {"Accept-Language": "x-klingon;q=NaN, *;q=9e999, " + "de," * 300},
    {"Accept": "application/json"},
    {"Range": "bytes=9-1,-0,99999999999999999999-"},
    {"If-None-Match": '"' * 50, "If-Modified-Since": "yesterday"},
    {"User-Agent": "\xff<b>" * 200},
    {"X-Forwarded-For": "1.2.3.4, ' OR 1=1", "X-Forwarded-Host": "evil.example"},
    {"X-HTTP-Method-Override": "DELETE"},
    {"Cookie": "sid=s.%00; sid=" + "a" * 3000},
    {"Cookie": "sid=a.eyJ9.x.y; toasts=W10.x.y"},
    {"Host": "evil.example"},
    {"Host": "[::1"},
    {"Referer": "http://["},
    {"Content-Type": "text/plain"},
    {"Authorization": "Bearer \xff"},
]
METHODS = ("HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "POST")


def form_case(door: Door, fields: list[tuple[str, Typed]], what: str) -> Case:
    """A form sent as browsers do."""
    return Case(door.who, "POST", door.form.action, what, urlencode(fields).encode(), FORM)


def with_field(door: Door, name: str, values: list[Typed], what: str) -> Case:
    """The form well filled in, but for one field."""
    typed = [(key, value) for key, value in door.typed().items() if key != name]
    return form_case(door, [*typed, *((name, value) for value in values)], what)


def hand_cases(world: World, doors: list[Door], pages: list[Page]) -> Iterator[Case]:
    """Every trap in every field of every form, in every query and in every path."""
    for door in doors:
        yield form_case(door, list(door.typed().items()), "well filled in")
        for name in door.form.values:
            if name == "csrf_token":
                continue
            kinds = KINDS.get(door.form.kinds[name], {*WORDS, *CHOICES})
            for kind in sorted(kinds if name not in OURS else {"NUL", "30 digits", "surrogate"}):
                yield with_field(door, name, VALUES[kind], f"with {kind} as {name}")
        yield from _bodies(door)
    for page in pages:
        for name in sorted({*page.names, *NAMES}):
            for kind, values in (WORDS | CHOICES).items():
                query = urlencode([(name, value) for value in values])
                yield Case(page.who, "GET", f"{page.url}?{query}", f"with {kind} as {name}")
        for cursor in CURSORS:
            query = urlencode({"cursor": cursor, "after": cursor})
            yield Case(page.who, "GET", f"{page.url}?{query}", "with a cursor nobody gave")
        for headers in HEADERS:
            yield Case(page.who, "GET", page.url, "with odd headers", headers=headers)
    yield from _paths(world)
    yield from _strays(world)


def _bodies(door: Door) -> Iterator[Case]:
    """The form's address with bodies that are no such form."""
    case = Case(door.who, "POST", door.form.action, "with a body", has_token=False)
    for body in JSON_TRAPS:
        yield replace(case, body=body, content_type="application/json")
        yield replace(case, body=body, content_type=FORM)
        yield replace(case, body=body, content_type="multipart/form-data; boundary=x")
    yield replace(case, body=b"a=1", content_type=f"{FORM}; charset=utf-16")
    yield replace(case, body=b"a=1&" * 2000, content_type=FORM)
    yield replace(case, body=b"%" * 1000, content_type=FORM)
    yield replace(case, body=b"x" * 100, content_type="text/plain")
    yield replace(case, content_type=FORM)


def _paths(world: World) -> Iterator[Case]:
    for rule in world.app.url_map.iter_rules():
        if rule.arguments and rule.endpoint != "static":
            for part in PLACES:
                url = re.sub("<[^>]+>", lambda _part, part=part: part, rule.rule)
                method = "GET" if "GET" in (rule.methods or ()) else "POST"
                yield Case("administrator", method, url, "a place", content_type=None)


def _strays(world: World) -> Iterator[Case]:
    """Every address by every method, and forms sent to where they do not belong."""
    body = urlencode([(name, "9" * 30) for name in (*NAMES, "sentence", "text", "version")])
    for who in world.clients:
        for url in list_addresses(world, "POST"):
            yield Case(who, "POST", url, "not theirs", body.encode(), FORM)
    for url in list_addresses(world, "GET", lives={"triage"}):
        for method in METHODS:
            yield Case("agent", method, url, f"by {method}")


def random_cases(random: Random, doors: list[Door], pages: list[Page]) -> Iterator[Case]:
    """Cases without end, the same for the same seed."""
    while True:
        if random.random() < 0.6:
            yield _random_form(random, random.choice(doors))
        else:
            yield _random_page(random, random.choice(pages))


def _random_form(random: Random, door: Door) -> Case:
    fields = list(door.typed().items())
    for place in range(len(fields)):
        chance = random.random()
        if chance < 0.3:
            fields[place] = (fields[place][0], make_value(random))
        elif chance < 0.33:
            fields.append((fields[place][0], make_value(random)))
    if random.random() < 0.1 and fields:
        fields.pop(random.randrange(len(fields)))
    if random.random() < 0.1:
        fields.append((str(make_value(random)), make_value(random)))
    case = form_case(door, fields, f"random {fields!r}"[:500])
    if random.random() < 0.1:
        return replace(case, headers=random.choice(HEADERS))
    return case


def _random_page(random: Random, page: Page) -> Case:
    names = random.choices([*page.names, *NAMES], k=random.randrange(1, 5))
    query = urlencode([(name, make_value(random)) for name in names])
    url = page.url
    if random.random() < 0.2:
        parts = url.split("/")
        parts[random.randrange(1, len(parts))] = quote(make_value(random), safe="")
        url = "/".join(parts)
    headers = random.choice(HEADERS) if random.random() < 0.1 else {}
    return Case(page.who, "GET", f"{url}?{query}"[:3000], "random", headers=headers)
