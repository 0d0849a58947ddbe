"""Card numbers typed into the pages themselves reach nothing that anybody could lay hands on.

One number in each disguise goes the ways that words go: idea, draft, comment, insight, question,
answer, refusal, search, an idea without a name.  Then everything is searched: what pages showed
back, letters as an SMTP server took them, log lines, files to download, the database with its
write-ahead log, and copies of it as a backup makes them.
"""

import io
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.message import EmailMessage
from html import unescape
from pathlib import Path
from random import Random
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import select

from portal import written
from portal.actor import Role
from portal.database import Base, Database, release, session, sqlite_path, writing
from portal.ideas.models import Comment, Idea
from portal.insights.models import Insight
from portal.logs import JsonLines
from portal.now import at
from tests.anonymous.hands import hand_in, publish_all
from tests.factories.people import make_person
from tests.factories.triage import House, tell_what_is_held
from tests.notifications.servers import Box
from tests.notifications.stories import MONDAY, work
from tests.privacy.campaign import back_up
from tests.privacy.disguises import DISGUISES, find_cards_in, make_card
from tests.support.client import Client

DOWNLOADS = ("/boards/impact.csv", "/boards/funnel.csv", "/rewards/statement.csv")
_TEXT = re.compile(r'<textarea[^>]* name="([a-z_]+)"[^>]*>(.*?)</textarea>', re.S)


@contextmanager
def logging_into(stream: io.StringIO) -> Iterator[None]:
    """Everything that anything logs, down to the last detail, as the portal writes it."""
    handler, root = logging.StreamHandler(stream), logging.getLogger()
    handler.setFormatter(JsonLines())
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


class Life:
    """People who type a card number wherever they can; ``shown`` is what came back to them."""

    def __init__(self, house: House, browsers: dict[str, Client]) -> None:
        self.house, self.browsers = house, browsers
        self.shown: list[str] = []

    def ask(self, who: str, address: str, typed: dict[str, str]) -> str:
        """Send a form; where something was masked in it, send it again as it is shown."""
        browser = self.browsers[who]
        answer = browser.post(address, typed)
        self.shown.append(answer.text)
        if answer.status_code == 200 and "Nothing is sent yet." in answer.text:
            held = {name: unescape(words).strip() for name, words in _TEXT.findall(answer.text)}
            masked = {name: held[name] for name in typed if held.get(name)}
            answer = browser.post(address, {**typed, **masked})
            self.shown.append(answer.text)
        assert answer.status_code in {200, 303}, f"{address} {answer.status_code}"
        return answer.location or ""

    def tell(self, said: str) -> None:
        """One number through everything that takes words."""
        agent = self.browsers["agent"]
        start = agent.fields(agent.get("/ideas/new"), "/ideas/new")
        idea = {**start, "problem": said, "proposal": said, "title": "About a card"}
        idea["reason_id"] = str(self.house.billing.reason.id)
        self.ask("agent", "/ideas/new", {**idea, "nonce": "", "action": "draft"})
        self.shown.append(agent.post("/ideas/new", {**idea, "title": "x" * 200}).text)
        where = self.ask("agent", "/ideas/new", {**idea, "action": "submit"})
        self.ask("colleague", f"{where}/comments", {"body": said})
        self.ask(
            "agent", "/insights/new", {"text": said, "expected": said, "demand_type": "failure"}
        )
        ref = where.rpartition("/")[2]
        self.ask("head", f"/triage/{ref}/ask", {"question": said})
        tell_what_is_held()
        self.ask("agent", f"{where}/answer", {"answer": said})
        refusal = {"reason_code": "cost", "sentence": said, "would_change": said}
        self.ask("head", f"/triage/{ref}/decline", refusal)
        for page in ("/ideas", "/insights", "/search"):
            self.shown.append(agent.get(f"{page}?{urlencode({'q': said})}").text)
        hand_in(agent, problem=said)  # shown masked, and sent by nobody
        assert hand_in(agent, problem=f"{said} [card ••0000]").status_code == 200


@pytest.fixture
def life(house: House, new_client: Callable[[], Client]) -> Life:
    """The people of the house, signed in, and a leader who takes tables away."""
    with writing():
        leader = make_person("Lea Leader", role=Role.LEADER)
    people = {
        "agent": house.agent,
        "colleague": house.colleague,
        "head": house.billing.head,
        "leader": leader,
    }
    with at(MONDAY):
        return Life(house, {name: new_client().sign_in(one) for name, one in people.items()})


def copies_of(database: Database, folder: Path) -> dict[str, bytes]:
    """The database as it lies on the disk, and as copies of it would be carried away."""
    path = sqlite_path(database.url)
    if path is None:
        with database.reader.connect() as connection:
            tables = Base.metadata.sorted_tables
            rows = [[repr(tuple(row)) for row in connection.execute(select(one))] for one in tables]
        return {"dump": "\n".join(line for lines in rows for line in lines).encode()}
    back_up(path, folder)
    files = [*path.parent.glob(f"{path.name}*"), *folder.iterdir()]
    return {one.stem if one.suffix == ".sql" else one.name: one.read_bytes() for one in files}


@pytest.mark.threat(61, 67)
def test_no_card_number_typed_into_a_page_is_stored_sent_logged_or_shown_back(
    app: Flask, database: Database, life: Life, box: Box, tmp_path: Path
) -> None:
    random, log = Random(61), io.StringIO()
    cards = [make_card(random) for _disguise in DISGUISES]
    with logging_into(log):
        for place, (card, disguise) in enumerate(zip(cards, DISGUISES.values(), strict=True)):
            with at(MONDAY + timedelta(minutes=20 * place)):
                life.tell(f"She read out {disguise(card, random)} to me, twice.")
        with at(MONDAY + timedelta(days=1)):
            publish_all()
        for day in range(1, 4):
            work(MONDAY + timedelta(days=day))
    with at(MONDAY + timedelta(days=1)):
        leader = life.browsers["leader"]
        files = {name: leader.get(name).data for name in DOWNLOADS}
    letters = [letter.as_bytes() for letter in box.letters]
    bodies = [part for letter in box.letters for part in _decoded(letter)]
    release()
    stored = [*session().scalars(select(Idea.problem)), *session().scalars(select(Comment.body))]
    stored += session().scalars(select(Insight.text))
    assert sum("[card" in one for one in stored) >= 4 * len(DISGUISES)
    assert sum(b"[card" in one for one in bodies) >= len(DISGUISES)
    found = {
        where: find_cards_in(data, cards)
        for where, data in {
            **copies_of(database, tmp_path),
            **files,
            "letters": b"\n".join(letters + bodies),
            "log": log.getvalue().encode(),
            **{f"page {place}": text.encode() for place, text in enumerate(life.shown)},
        }.items()
    }
    assert {where: numbers for where, numbers in found.items() if numbers} == {}


def _decoded(letter: EmailMessage) -> Iterator[bytes]:
    for part in letter.walk():
        if part.get_content_maintype() == "text":
            yield part.get_content().encode()


@pytest.mark.threat(61)
def test_the_search_of_everything_finds_what_gets_past_the_gate(
    app: Flask, database: Database, life: Life, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = make_card(Random(7))
    monkeypatch.setattr(written, "_gated", lambda text: text)
    with writing():
        session().add(Comment(**_comment(life.house, f"It is {card}.")))
    found = {
        one: find_cards_in(data, [card]) for one, data in copies_of(database, tmp_path).items()
    }
    assert found["dump"] == {card}
    if database.is_sqlite:
        assert found["copy"] == found["packed"] == {card}


def _comment(house: House, body: str) -> dict[str, object]:
    from portal.now import now
    from tests.factories.ideas import make_idea

    idea = make_idea(house.agent)
    return {"idea_id": idea.id, "person_id": house.agent.id, "body": body, "created_at": now()}
