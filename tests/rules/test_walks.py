"""Walks over every route: forged writes are refused, reading writes nothing, every answer is
headed the same."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.test import TestResponse

from portal.database import Base, Database, release
from portal.web import headers
from portal.web.access import Csrf
from tests.fuzz.town import SAME_SITE, Case, World, list_addresses
from tests.support.client import ORIGIN

FORM = "application/x-www-form-urlencoded"
BOOKKEEPING = {
    *("sign_in_sessions", "failed_sign_ins", "sign_in_brakes", "rate_counts"),
    *("audit_rows", "audit_head", "audit_asides"),
}
"""The tables that may change when nothing is done: that somebody was here, and what was tried."""
WITHOUT_TOKEN = {"operations.csp_report", "notifications.end_digests"}
"""What browsers and mail programs send on their own: a report, and the click that ends digests."""
KEPT = ("access.denied", "export.")
"""What the audit log keeps of requests that do nothing."""
VARY = "Cookie, HX-Request, Sec-Fetch-Site, Origin"
OWN_CACHE = {"static"}


@pytest.fixture
def world(app: Flask, database: Database) -> World:
    """One of everything, everybody signed in."""
    return World(app, database)


def _hashes(database: Database) -> dict[str, str]:
    """The content of every table, as one hash each."""
    release()
    found = {}
    with database.writer.connect() as connection:
        for table in Base.metadata.sorted_tables:
            rows = connection.execute(text(f'SELECT * FROM "{table.name}"')).all()
            found[table.name] = hashlib.sha256(repr(sorted(map(repr, rows))).encode()).hexdigest()
    return found


def _audited(database: Database) -> set[str]:
    """The actions in the audit log that are more than bookkeeping."""
    release()
    with database.writer.connect() as connection:
        found = connection.execute(text("SELECT seq, action FROM audit_rows")).all()
    return {f"{row.seq} {row.action}" for row in found if not row.action.startswith(KEPT)}


@pytest.fixture
def untouched(world: World, database: Database) -> Iterator[None]:
    """Nothing may change while the test runs, but for the bookkeeping."""
    before, done = _hashes(database), _audited(database)
    yield
    assert _changed(before, _hashes(database)) <= BOOKKEEPING
    assert _audited(database) == done


def _changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    return {name for name, value in after.items() if before[name] != value}


def _forgeries(world: World, case: Case) -> Iterator[tuple[Case, set[int]]]:
    """The same write as it must not come: each with the refusals it may get."""
    token = f"csrf_token={world.tokens[case.who]}".encode()
    other = next(name for name in world.tokens if name != case.who)
    bare = replace(case, has_token=False)
    alien = f"csrf_token={world.tokens[other]}".encode()
    yield replace(bare, what="no token", content_type=FORM), {401, 403}
    yield replace(bare, what="no body at all"), {401, 403}
    yield replace(bare, what="wrong token", body=b"csrf_token=x", content_type=FORM), {403}
    yield replace(bare, what="another's token", body=alien, content_type=FORM), {403}
    own = replace(bare, body=token, content_type=FORM)
    for site in ("cross-site", "same-site", "none", "", "same-origin, cross-site"):
        sent = replace(own, what=f"Sec-Fetch-Site {site}", headers={"Sec-Fetch-Site": site})
        yield sent, {403}
    for name in ("Origin", "Referer"):
        for value in ("https://evil.example", "null", "http://[", "http://127.0.0.1.evil.example"):
            sent = replace(own, what=f"{name} {value}", headers={name: value, "drop": "yes"})
            yield sent, {403}
    yield replace(own, what="neither header", headers={"drop": "yes"}), {403}
    yield replace(own, what="text/plain", content_type="text/plain"), {415}
    yield replace(bare, what="JSON", body=b"{}", content_type="application/json"), {415}
    yield replace(bare, what="JSON named a form", body=b'{"a":1}', content_type=FORM), {403}
    yield replace(bare, what="no type", body=token), {415}


def _send(world: World, case: Case) -> TestResponse:
    if "drop" not in case.headers:
        return world.send(case)
    kept = {name: value for name, value in case.headers.items() if name != "drop"}
    return world.clients[case.who].http.open(
        case.url,
        method=case.method,
        data=case.body,
        content_type=case.content_type,
        headers=kept,
        base_url=ORIGIN,
    )


def _unsafe(world: World) -> Iterator[tuple[str, str]]:
    """Every route that writes, once: its address and method."""
    seen = set()
    views = world.app.view_functions
    assert {n for n, v in views.items() if v.declaration.csrf is Csrf.NONE} == WITHOUT_TOKEN
    adapter = world.app.url_map.bind("127.0.0.1")
    for url in [*list_addresses(world, "POST", lives={"triage"}), "/sign-out"]:
        route = adapter.match(url, method="POST")
        if route[0] not in WITHOUT_TOKEN and repr(route) not in seen:
            seen.add(repr(route))
            yield url, "POST"


@pytest.mark.threat(25)
def test_no_route_takes_a_forged_write(world: World, untouched: None) -> None:
    unsafe = list(_unsafe(world))
    routed = [r for r in world.app.url_map.iter_rules() if "POST" in (r.methods or ())]
    assert len(unsafe) >= len(routed) - len(WITHOUT_TOKEN)
    for place, (url, method) in enumerate(unsafe):
        who = ("head", "administrator", "agent")[place % 3]
        for case, refusals in _forgeries(world, Case(who, method, url, "")):
            answer = _send(world, case)
            assert answer.status_code in refusals, f"{url} with {case.what}: {answer.status_code}"


@pytest.mark.threat(25)
def test_no_header_or_field_turns_reading_into_writing(world: World, untouched: None) -> None:
    for url, _method in _unsafe(world):
        case = Case("head", "GET", f"{url}?_method=POST", "", has_token=False)
        for header in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
            assert world.send(replace(case, headers={header: "POST"})).status_code < 500


@pytest.mark.threat(25, 28, 33, 34)
def test_reading_writes_nothing_and_every_answer_is_headed(world: World, untouched: None) -> None:
    kinds = set()
    for who in world.clients:
        for url in list_addresses(world, "GET", lives={"triage", "measured"}):
            for method in ("GET", "HEAD", "OPTIONS") if who == "agent" else ("GET",):
                answer = world.send(Case(who, method, url, ""))
                kinds.add(answer.status_code)
                assert answer.status_code in {200, 303, 403, 404, 409, 410}, url
                _check_headers(answer, f"{who} {method} {url}")
    assert kinds >= {200, 303, 404}


def _check_headers(answer: TestResponse, what: str) -> None:
    """Byte for byte, and no header twice."""
    given = answer.headers
    is_download = given.get("Content-Disposition", "").startswith("attachment")
    wanted = headers.HEADERS | (
        {"Content-Security-Policy": headers.DOWNLOAD_CSP} if is_download else {}
    )
    for name, value in wanted.items():
        assert given.getlist(name) == [value], f"{what}: {name}"
    assert "Strict-Transport-Security" not in given, what
    assert "X-Powered-By" not in given, what
    if answer.request.path.startswith("/static/"):
        return
    assert given.getlist("Cache-Control") == ["no-store"], what
    assert ", ".join(given.getlist("Vary")) == VARY, what


@pytest.mark.threat(28, 33, 34)
def test_answers_of_every_other_kind_are_headed_too(world: World) -> None:
    css = "/static/css/base.css"
    tag = world.send(Case("agent", "GET", css, "")).headers["ETag"]
    cases = {
        "a file": (Case("agent", "GET", css, ""), 200),
        "a file not changed": (Case("agent", "GET", css, "", headers={"If-None-Match": tag}), 304),
        "a part of a file": (Case("agent", "GET", css, "", headers={"Range": "bytes=0-9"}), 206),
        "no such part": (Case("agent", "GET", css, "", headers={"Range": "bytes=9999999-"}), 416),
        "no such file": (Case("agent", "GET", "/static/nothing.css", ""), 404),
        "writing to a file": (Case("agent", "PUT", css, ""), 405),
        "wrong method": (Case("agent", "DELETE", "/people", ""), 405),
        "hostile address": (Case("agent", "GET", "/people?x=%00", ""), 400),
        "forged write": (Case("agent", "POST", "/sign-out", "", has_token=False), 403),
        "a kind not taken": (Case("agent", "POST", "/sign-out", "", b"{}", "text/plain"), 415),
        "too much": (Case("agent", "POST", "/sign-out", "", b"a" * 600_000, FORM), 413),
        "a refusal to htmx": (
            Case("stranger", "GET", "/people", "", headers={"HX-Request": "true"}),
            401,
        ),
        "another host": (Case("agent", "GET", "/people", "", headers={"Host": "evil.test"}), 400),
        "alive": (Case("stranger", "GET", "/healthz", ""), 200),
    }
    for what, (case, status) in cases.items():
        answer = world.send(case)
        assert answer.status_code == status, what
        if what == "another host":
            assert answer.headers["Content-Security-Policy"] == headers.CSP
            assert answer.headers["Cache-Control"] == "no-store"
        else:
            _check_headers(answer, what)
    assert SAME_SITE["Sec-Fetch-Site"] == "same-origin"
