"""Log lines: one JSON object each, short, and never what a person typed."""

import json
import logging
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from portal.database import Database, writing
from portal.logs import MAX_LINE, JsonLines
from portal.web.access import public
from tests.fuzz.town import Case, World, list_addresses
from tests.support.client import ORIGIN, Client

CANARIES = {
    "password": "Correct-Horse-Canary-77",
    "token": "canarytokenQ8xP2mZ4rT6vB1nK3wY5",
    "card": "4111111111111111",
    "mail": "canary.person@test.example",
}


@pytest.fixture
def log() -> Iterator[StringIO]:
    """What the portal writes to its log, every level of it."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    root, before = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.setLevel(before)
    root.removeHandler(handler)


def _lines(log: StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


@pytest.mark.threat(45)
def test_an_event_is_one_line_whatever_is_in_it() -> None:
    evil = 'a\r\nb\x1b[31m\x7f\x85\u2028\ud800"}\n{"level": "critical"}'
    record = logging.LogRecord("portal.test", logging.WARNING, "", 1, "said %s", (evil,), None)
    record.more = evil
    line = JsonLines().format(record)
    assert all(" " <= sign < "\x7f" for sign in line)
    read = json.loads(line)
    assert (read["level"], read["from"], read["more"]) == ("warning", "portal.test", evil)
    assert read["event"] == f"said {evil}"


@pytest.mark.threat(45)
@pytest.mark.parametrize("size", [1000, 8000, 100_000])
def test_a_line_has_an_end(log: StringIO, size: int) -> None:
    extra = {f"key{n}": "\x00" * size for n in range(5)} | {"list": ["x" * size] * 50}
    logging.getLogger("portal.test").warning("é" * size, extra=extra)
    assert len(log.getvalue()) <= MAX_LINE + 1
    assert _lines(log)[0]["is_cut"] is True


@pytest.mark.threat(67)
def test_a_fault_is_named_by_kind_and_place_and_never_by_its_words(log: StringIO) -> None:
    def _parse(value: str) -> int:
        try:
            return int(value)
        except ValueError as error:
            raise RuntimeError(f"cannot take {value}") from error

    try:
        _parse(CANARIES["password"])
    except RuntimeError:
        logging.getLogger("portal.test").exception("fault")
    (line,) = _lines(log)
    fault = " ".join(map(str, line["fault"]))
    assert "RuntimeError" in fault
    assert "ValueError" in fault
    assert "_parse" in fault
    assert CANARIES["password"] not in log.getvalue()


@pytest.mark.threat(67)
def test_what_the_database_was_given_is_not_logged(database: Database, log: StringIO) -> None:
    with pytest.raises(DatabaseError) as caught, writing() as unit:
        unit.execute(text("SELECT * FROM nowhere WHERE a = :a"), {"a": CANARIES["mail"]})
    logging.getLogger("portal.test").error("fault", exc_info=caught.value)
    assert CANARIES["mail"] not in str(caught.value)
    assert len(_lines(log)) == 1
    assert CANARIES["mail"] not in log.getvalue()


@pytest.mark.threat(67)
def test_a_page_that_breaks_tells_a_reference_and_the_log_has_it(
    app: Flask, client: Client, log: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down() -> str:
        raise ValueError(f"no {CANARIES['card']}")

    monkeypatch.setitem(app.view_functions, "operations.healthz", public(break_down))
    answer = client.get("/healthz")
    assert answer.status_code == 500
    (line,) = [line for line in _lines(log) if line["event"] == "fault"]
    assert f"Reference {line['reference']}." in answer.text
    assert CANARIES["card"] not in log.getvalue() + answer.text


@pytest.mark.threat(67)
def test_no_secret_reaches_the_log_through_any_endpoint(
    app: Flask, database: Database, log: StringIO
) -> None:
    world = World(app, database)
    body = "&".join(f"{name}={value}" for name, value in CANARIES.items())
    names = ("text", "title", "problem", "body", "email", "q", "nonce", "minutes", "sentence")
    body += "".join(f"&{name}={' '.join(CANARIES.values())}" for name in names)
    headers = {
        "Authorization": f"Bearer {CANARIES['token']}",
        "Cookie": f"other={CANARIES['token']}",
        "Referer": f"{ORIGIN}/?email={CANARIES['mail']}",
        "User-Agent": CANARIES["password"],
    }
    kind = "application/x-www-form-urlencoded"
    for url in list_addresses(world, "POST", lives={"triage"}):
        world.send(Case("head", "POST", url, "", body.encode(), kind, headers))
    for url in list_addresses(world, "GET", lives={"triage"}):
        world.send(Case("head", "GET", f"{url}?{body}", "", headers=headers))
    report = {"csp-report": {"document-uri": f"{ORIGIN}/?x={CANARIES['mail']}", "blocked-uri": ""}}
    world.clients["stranger"].http.post(
        "/csp-report", json=report, base_url=ORIGIN, headers={"Origin": ORIGIN}
    )
    logging.getLogger("portal.test").warning("the end")
    assert {line["event"] for line in _lines(log)} >= {"csp report", "the end"}
    assert [name for name, value in CANARIES.items() if value in log.getvalue()] == []
