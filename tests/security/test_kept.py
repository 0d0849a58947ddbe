"""What the still world cannot show: that each of these routes is in the log when it has succeeded.

Twice over: where the log cannot be written, nothing of the deed is kept, so the two are one
transaction; and where it can, one of the actions that the route declares is there.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from unittest.mock import patch

import pytest
from flask import Flask
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from portal.audit import services as audit
from portal.audit.models import AuditRow
from portal.database import Base, active, reading, writing
from portal.errors import Conflict
from portal.ideas.models import Idea
from portal.triage.services import ask_author
from portal.web.access import list_routes
from tests.anonymous.hands import PHRASE, hand_in, publish_all
from tests.factories.people import actor_of
from tests.security.stages import STAGES, Play, Stage, make_administrator
from tests.security.table import read_table
from tests.security.walk import Walker
from tests.security.world import SUBJECTS
from tests.support.client import Client

DONE = {"200", "303"}
_WRITES = re.compile(r"^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)")

BOOKKEEPING = {
    "failed_sign_ins",
    "one_time_links",
    "rate_counts",
    "recovery_codes",
    "second_factors",
    "sign_in_brakes",
    "sign_in_sessions",
    "audit_rows",
    "audit_asides",
    "audit_head",
}
"""What may change though the deed is not done: a code that was shown is used up, a try counts."""


def _rows() -> dict[str, list[str]]:
    tables = [one for one in Base.metadata.sorted_tables if one.name not in BOOKKEEPING]
    with reading() as unit:
        return {one.name: sorted(map(str, unit.execute(select(one)).all())) for one in tables}


def _seq() -> int:
    with reading() as unit:
        return unit.scalar(select(func.max(AuditRow.seq))) or 0


def _actions_since(seq: int) -> list[str]:
    with reading() as unit:
        return list(unit.scalars(select(AuditRow.action).where(AuditRow.seq > seq)))


@contextmanager
def _a_log_that_takes_nothing(error: Exception) -> Iterator[None]:
    def refuse() -> None:
        raise error

    with patch.object(audit, "_write_pending", refuse):
        yield


@dataclass
class Sceptic(Walker):
    """Knocks while the log takes nothing, and notes what a unit would change all the same."""

    kept: set[str] = field(default_factory=set)
    written: list[str] = field(default_factory=list)

    @contextmanager
    def undoing(self) -> Iterator[None]:
        """As the walker does, watching what every unit writes."""
        writer = active().writer

        def begin(_connection: object) -> None:
            self.written.clear()

        event.listen(writer, "begin", begin)
        event.listen(writer, "before_cursor_execute", self._note)
        try:
            with super().undoing(), _a_log_that_takes_nothing(Conflict("The log takes nothing.")):
                yield
        finally:
            event.remove(writer, "begin", begin)
            event.remove(writer, "before_cursor_execute", self._note)

    def _note(self, _conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        self.written.extend(_WRITES.findall(statement))

    def _undo(self, session: Session) -> None:
        session.flush()
        self.kept |= set(self.written) - BOOKKEEPING
        session.rollback()


@pytest.mark.threat(68)
def test_no_route_keeps_what_the_log_does_not(still: Walker) -> None:
    sceptic, asked = Sceptic(still.app, still.world), set()
    with sceptic.undoing():
        for row in (one for one in read_table() if one.method == "POST"):
            able = (who for who, cell in zip(SUBJECTS, row.cells, strict=True) if cell in DONE)
            if (who := next(able, None)) is not None:
                sceptic.knock(who, "POST", row.asked)
                assert sceptic.kept == set(), f"{row.asked} as {who}"
                asked.add(sceptic.endpoint_of("POST", row.asked.format(**still.world.words))[0])
    assert len(asked) > 60


def _prove(app: Flask, endpoint: str, play: Play) -> None:
    declared = {route.endpoint: route.audit for route in list_routes(app)}[endpoint]
    before, seq = _rows(), _seq()
    with _a_log_that_takes_nothing(Conflict("The log takes nothing.")):
        failed = play.client.post(play.url, play.fields())
    assert failed.status_code in {409, 422}, failed.text
    assert "The log takes nothing." in failed.text
    assert _rows() == before, "something is kept of what is not in the log"
    assert _seq() == seq
    done = play.client.post(play.url, play.fields())
    assert done.status_code in {200, 303}, done.text
    assert set(_actions_since(seq)) & set(declared), f"none of {declared}"


@pytest.mark.threat(68)
@pytest.mark.parametrize("name", STAGES)
def test_a_route_is_done_and_kept_in_one_transaction(app: Flask, name: str) -> None:
    _prove(app, name.partition(" ")[0], STAGES[name](Stage(app)))


@pytest.mark.threat(68)
def test_the_first_administrator_is_made_and_kept_in_one_transaction(app: Flask) -> None:
    _prove(app, "people.make_administrator", make_administrator(app))


@pytest.mark.threat(68)
def test_what_knows_nobody_is_kept_when_it_is_published(app: Flask) -> None:
    stage = Stage(app)
    client, stranger, before = stage.browser_of(stage.house.agent), Client(app), _seq()
    assert hand_in(client).status_code == 200
    opened = _open_insight(client)
    given = {"text": "He was told twice.", "phrase": f"{PHRASE} twice", "action": "send"}
    assert client.post("/anonymous/insight", {**opened, **given}).status_code == 200
    assert _seq() == before, "the log would say when"
    _publish_what_cannot_be_kept_and_what_can()
    assert {"idea.submit", "insight.added"} <= set(_actions_since(before))
    with writing() as unit:
        idea = unit.scalars(select(Idea)).one()
        ask_author(actor_of(stage.house.board.head), idea, question="Which letter is it?")
    for kind in ("answer", "withdraw"):
        before = _seq()
        shown = stranger.post("/follow-up", {"phrase": PHRASE})
        fields = stranger.fields(shown, f"/follow-up/{kind}")
        sent = stranger.post(f"/follow-up/{kind}", {**fields, "said": "The second reminder."})
        assert sent.status_code == 200
        assert "Taken." in sent.text
        assert _seq() == before
        _publish_what_cannot_be_kept_and_what_can()
        assert f"idea.{kind}" in _actions_since(before)


def _open_insight(client: Client) -> dict[str, str]:
    start = client.fields(client.get("/insights/new"), "/insights/new")
    opened = client.post("/anonymous/insight", {**start, "action": "open"})
    return client.fields(opened, "/anonymous/insight")


def _publish_what_cannot_be_kept_and_what_can() -> None:
    before = _rows()
    with _a_log_that_takes_nothing(RuntimeError("The disk is full.")), pytest.raises(RuntimeError):
        publish_all()
    after = _rows()
    assert len(after["staged_words"]) == len(before["staged_words"])
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= {"portal_facts", "staged_words"}, "when the next batch leaves"
    publish_all()
