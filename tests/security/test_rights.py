"""What rights do over time and against whoever asks for more than a form offers."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from flask import Flask
from sqlalchemy import event, select
from werkzeug.test import TestResponse
from wtforms.form import BaseForm

from portal.actor import PROGRAM, Capability, Role
from portal.database import Base, Database, active, writing
from portal.ideas.models import Idea
from portal.now import now
from portal.people.models import Department, Person, RoleAssignment
from portal.people.services import deactivate_person, end_role, grant_role
from portal.routing.services import transfer_idea
from tests.factories.people import actor_of
from tests.security.table import Row, read_table
from tests.security.walk import Walker
from tests.security.world import SUBJECTS, make_world
from tests.support.client import Client, plain_text

SEED = 14
ABSENT = {"I": "I-999999", "R": "R-999999", "N": "N-999999", "M": "M-999999"}
ONES_OWN = {"/me/prove", "/me/password"}
"""Where it matters who somebody is, beside what they may do: only the leader has a password."""
SERVERS = {
    *("role", "state", "points", "balance", "owner_department_id", "submitter_id", "handler_id"),
    *("author_id", "person_id", "is_active", "number", "version_id", "support_count", "verdict"),
}
"""What only the program sets; no form of somebody without an office may have such a field."""


@pytest.fixture
def walker(app: Flask) -> Walker:
    """The whole world, and somebody who knocks at its doors."""
    return Walker(app, make_world(app))


def _doors(method: str = "") -> list[Row]:
    return [row for row in read_table() if row.method != "MAY" and row.method.startswith(method)]


def _cell(row: Row, who: str) -> str:
    return row.cells[SUBJECTS.index(who)]


@pytest.mark.threat(18)
@pytest.mark.parametrize("who", ["colleague", "other_head"])
def test_what_is_somebody_elses_answers_like_what_never_was(still: Walker, who: str) -> None:
    words = still.world.words
    rows = [row for row in _doors() if _cell(row, who) == "404" and "{" in row.asked]
    assert len(rows) > 40
    try:
        for row in rows:
            with still.undoing():
                still.world.words = words
                there = _said(still, row, who)
                for absent in _absences(row, words):
                    still.world.words = words | absent
                    assert _said(still, row, who) == there, f"{row.method} {row.asked}"
    finally:
        still.world.words = words


def _absences(row: Row, words: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What is hidden, replaced by what never was: the last thing, and all below a hidden draft."""
    named = re.findall(r"{(\w+)}", row.asked)
    yield {named[-1]: _absent(words[named[-1]])}
    if "draft" in named:
        yield {name: _absent(words[name]) for name in named}


def _absent(value: Any) -> Any:
    if isinstance(value, str) and re.fullmatch(r"[IRNM]-\d+", value):
        return ABSENT[value[0]]
    return 999_999 if isinstance(value, int) else value


def _said(walker: Walker, row: Row, who: str) -> tuple[int, list[tuple[str, str]], str]:
    """Status, headers and body, without the address and what differs on every page."""
    url = row.asked.format(**walker.world.words)
    answer: TestResponse = walker.get(who, url) if row.method == "GET" else walker.post(who, url)
    headers = [(name, value) for name, value in answer.headers if name != "Content-Length"]
    return answer.status_code, headers, plain_text(answer).replace(url, "@")


@pytest.mark.threat(14)
@pytest.mark.threat(22)
def test_a_role_that_was_given_or_taken_counts_on_the_next_request(
    app: Flask, walker: Walker, database: Database
) -> None:
    agent = walker.world.people["agent"]
    with writing():
        grant_role(PROGRAM, agent, Role.LEADER, None)
    _expect(app, walker, like="leader", database=database)
    with writing() as unit:
        held = select(RoleAssignment).where(
            RoleAssignment.person_id == agent.id,
            RoleAssignment.role == Role.LEADER,
            RoleAssignment.ended_at.is_(None),
        )
        end_role(PROGRAM, unit.scalars(held).one())
    _expect(app, walker, like="agent", database=database)
    with writing() as unit:
        deactivate_person(PROGRAM, unit.get_one(Person, agent.id))
    with walker.undoing():
        for row in _doors():
            assert walker.knock("agent", row.method, row.asked).cell == _cell(row, "disabled"), row


def _expect(app: Flask, walker: Walker, *, like: str, database: Database) -> None:
    """The session that was is worth nothing; a new one opens what the role opens, and no more."""
    assert walker.knock("agent", "GET", "/me").cell == "in"
    client = Client(app).sign_in(walker.world.people["agent"])
    cookie = client.http.get_cookie("sid", domain="127.0.0.1")
    assert cookie is not None
    walker.world.tokens["agent"] = client.token()
    walker.world.cookies["agent"] = {"sid": cookie.value}
    rows = [row for row in _doors() if row.asked not in ONES_OWN]
    part = rows if database.is_sqlite else Random(SEED).sample(rows, 12)
    with walker.undoing():
        for row in part:
            assert walker.knock("agent", row.method, row.asked).cell == _cell(row, like), row


@pytest.mark.threat(23)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_an_idea_that_moves_takes_its_rights_along(walker: Walker) -> None:
    words, head = walker.world.words, actor_of(walker.world.people["head"])
    with writing() as unit:
        idea = unit.scalars(select(Idea).where(Idea.number == int(words["triage"][2:]))).one()
        to = unit.get_one(Department, words["other_department_id"])
        transfer_idea(head, idea, to=to, reason="It is about meters.")
    doors = [row for row in _doors() if row.asked.startswith("/triage/{triage}")]
    assert len(doors) >= 8
    back = "/triage/{triage}/call-back"
    with walker.undoing():
        assert walker.knock("deputy", "POST", back).cell == "404"
        assert walker.knock("other_head", "POST", back).cell == "404"
        assert walker.knock("head", "POST", back).cell == "303", "who handed it on, until answered"
    with walker.undoing():
        for row in (one for one in doors if not one.asked.endswith(("/transfer", "/call-back"))):
            assert walker.knock("head", row.method, row.asked).cell == "404", row
            assert walker.knock("deputy", row.method, row.asked).cell == "404", row
            given = walker.knock("other_head", row.method, row.asked).cell
            assert given == _cell(row, "head"), row


COLUMNS = sorted({column.name for table in Base.metadata.tables.values() for column in table.c})


@pytest.mark.threat(7)
def test_what_a_form_does_not_offer_changes_nothing(still: Walker) -> None:
    forms = [(row, who) for row in _doors("POST") if (who := _who_can(row))]
    assert len(forms) > 50
    with time_machine.travel(now(), tick=False), still.undoing():
        for row, who in forms:
            _ask_for_more(still, row, who)


def _who_can(row: Row) -> str | None:
    """The first of those who are signed in and whom the door serves."""
    able = (who for who in SUBJECTS[1:-2] if _cell(row, who) in {"200", "303"})
    return next(able, None)


def _ask_for_more(walker: Walker, row: Row, who: str) -> None:
    url = row.asked.format(**walker.world.words)
    with _fields() as fields, _writes() as once:
        plain = walker.post(who, url)
    with _writes() as again:
        walker.post(who, url)
    need = walker.need_of("POST", row.asked)
    if need in {Capability.READ, Capability.SUBMIT}:
        assert not fields & SERVERS, f"{row.asked} binds {fields & SERVERS}"
    offered = {*fields, *walker.form_of(url)}
    more = {name: "999999" for name in COLUMNS if name not in offered and name != "csrf_token"}
    if walker.endpoint_of("POST", url)[0].endswith((".attach", ".read_file")):
        more = dict(list(more.items())[:30])  # a form with files has fifty parts at most
    with _writes() as greedy:
        answer = walker.post(who, url, more)
    assert answer.status_code == plain.status_code, row.asked
    steady = [_steady(first, second) for first, second in zip(once, again, strict=True)]
    wanted = [_steady(first, second) for first, second in zip(once, greedy, strict=True)]
    assert wanted == steady, f"{row.asked} takes more than its form offers"


@contextmanager
def _fields() -> Iterator[set[str]]:
    """The names that the forms of a request bind."""
    names: set[str] = set()
    process = BaseForm.process

    def noting(form: BaseForm, *given: Any, **more: Any) -> None:
        names.update(field.name for field in form)
        process(form, *given, **more)

    with patch.object(BaseForm, "process", noting):
        yield names


Write = tuple[str, tuple[Any, ...]]


@contextmanager
def _writes() -> Iterator[list[Write]]:
    """What a request writes: each statement with its values.

    But for the key of a form, which is kept with a hash of everything that was sent.
    """
    kept: list[Write] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        if "INTO sent_forms" in statement:
            return
        if statement.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            many = values if isinstance(values, list) else [values]
            kept.append((statement, tuple(map(_plain, many))))

    engine = active().writer
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield kept
    finally:
        event.remove(engine, "before_cursor_execute", note)


def _plain(values: Any) -> tuple[str, ...]:
    """Each value as it can be compared."""
    found = values.values() if isinstance(values, dict) else values
    return tuple(repr(bytes(one) if isinstance(one, memoryview) else one) for one in found)


def _steady(first: Write, second: Write) -> tuple[str, tuple[Any, ...]]:
    """A statement with the values that are the same in both; the others are left blank."""
    pairs = zip(first[1], second[1], strict=True)
    kept = tuple(
        tuple(one if one == two else "" for one, two in zip(a, b, strict=True)) for a, b in pairs
    )
    return first[0], kept
