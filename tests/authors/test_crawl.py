"""Everybody reads everything they can reach, and nobody learns who stands behind a seal."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import select

from portal import database as storage
from portal.authors.models import Seal
from portal.authors.sealing import use_key_file
from portal.database import Base, release, session, writing
from portal.ideas.models import Idea
from portal.jobs.services import run_ready_tasks
from portal.now import at
from portal.triage import services as triage
from tests.factories.people import actor_of
from tests.support.databases import make_database, quick_folder
from tests.twin.world import CANARY, MORNING, Seen, World, build, crawl, logging_into, sign_in_all

TELLING = "Marmalade umbrellas are promised and never sent"
"""Words of the sealed insight that stand nowhere else."""
LISTS_OF_PEOPLE = ("/people", "/departments", "/admin/audit")
READERS = (
    *("colleague", "third", "head", "other_head", "validator", "leader"),
    *("administrator", "guard"),
)
WHO = ("person_id", "author_id", "submitter_id")
MOST = 120
NOON = MORNING + timedelta(hours=5)


@pytest.fixture(scope="module")
def logs() -> list[str]:
    """Every line that anything logged."""
    return []


@pytest.fixture(scope="module")
def world(logs: list[str]) -> Iterator[World]:
    """A portal in which the agent sealed an idea and an insight, was asked, answered and heard."""
    with TemporaryDirectory(prefix="portal-seal-", dir=quick_folder()) as folder:
        instance = Path(folder) / "instance"
        instance.mkdir()
        made = make_database(f"sqlite:///{instance}/portal.sqlite3")
        storage.use(made)
        use_key_file(instance / "sealing_key")
        with logging_into(logs):
            found = build(made, instance)
            _tell(found)
            yield found
        storage.release()
        made.close()


def _tell(world: World) -> None:
    author, head = world.browsers["agent"], actor_of(world.people["head"])
    with at(MORNING + timedelta(minutes=10)):
        fields = author.fields(author.get("/ideas/new"), "/ideas/new")
        words = {"problem": "They call twice.", "proposal": f"{CANARY}. Then it fits."}
        where = {"mode": "confidential", "reason_id": str(world.house.billing.reason.id)}
        sent = author.post("/ideas/new", {**fields, **words, **where, "action": "submit"})
        assert sent.status_code == 303, sent.text
        fields = author.fields(author.get("/insights/new"), "/insights/new")
        told = {"text": TELLING, "mode": "confidential", "demand_type": "failure"}
        assert author.post("/insights/new", {**fields, **told}).status_code == 303
        with writing():
            triage.ask_author(head, _idea(), question="Which reminder do you mean?")
        assert author.post(f"{sent.location}/answer", {"answer": "The yellow one."}).location
        with writing():
            triage.accept_idea(head, _idea(), sentence="We do it, from the next bill on.")
        run_ready_tasks()


def _idea() -> Idea:
    release()
    found: Idea = session().scalars(select(Idea).where(Idea.proposal.contains(CANARY))).one()
    return found


@pytest.mark.slow
@pytest.mark.threat(20, 21, 56)
@pytest.mark.parametrize("reader", READERS)
def test_no_page_list_or_file_tells_anybody_who_sealed_it(world: World, reader: str) -> None:
    name, address = world.people["agent"].name, world.people["agent"].email
    seen = Seen()
    with at(NOON):
        sign_in_all(world)
        crawl(world, reader, seen, MOST)
        for query in (CANARY, TELLING, name, address):
            for place in ("/ideas", "/insights", "/search", "/people"):
                answer = world.browsers[reader].get(f"{place}?q={query.replace(' ', '+')}")
                seen.pages[f"{reader} {place}?q={query}"] = answer.text
    assert any(CANARY in shown for shown in seen.pages.values())
    naming = {
        place.partition(" ")[2]
        for place, shown in seen.pages.items()
        if (name in shown or address in shown) and f"q={name}" not in place
    }
    assert all(place.startswith(LISTS_OF_PEOPLE) for place in naming), naming
    together = [
        place
        for place, shown in seen.pages.items()
        if (name in shown or address in shown)
        and (CANARY in shown or TELLING in shown)
        and "?q=" not in place
    ]
    assert together == []


@pytest.mark.threat(56)
def test_no_row_file_letter_or_log_holds_the_author_beside_the_words(
    world: World, logs: list[str]
) -> None:
    person = world.people["agent"]
    known = (person.name, person.email)
    release()
    for table in Base.metadata.sorted_tables:
        for row in session().execute(select(table)):
            shown = repr(tuple(row))
            holds = CANARY in shown or TELLING in shown
            assert not (holds and any(one in shown for one in known)), table.name
            if holds:
                keys = {getattr(row, key) for key in row._fields if key.endswith(WHO)}
                assert person.id not in keys, table.name
    assert not [line for line in logs if any(one in line for one in known)]
    raw = [path for path in world.folder.rglob("*") if path.is_file()]
    assert raw
    for path in raw:
        data = path.read_bytes()
        for start in range(0, len(data), 4096):
            piece = data[start : start + 4096]
            holds = CANARY.encode() in piece or TELLING.encode() in piece
            assert not (holds and any(one.encode() in piece for one in known)), path.name


@pytest.mark.threat(56)
def test_the_author_and_for_an_hour_the_opened_seal_show_it(world: World) -> None:
    name = world.people["agent"].name
    with at(MORNING + timedelta(hours=1)):
        sign_in_all(world)
        mine = world.browsers["agent"].get("/ideas?mine=y").text
        assert CANARY.partition(" ")[0] in mine
        release()
        of_ideas = select(Seal.subject_id).where(Seal.subject_kind == "idea")
        subject = session().scalars(of_ideas).one()

        reason = {"reason": "The text threatens a colleague, the police asked."}
        asked = world.browsers["administrator"].post(f"/seals/ask/idea/{subject}", reason)
        agreed = {**reason, "answer": "agree"}
        assert world.browsers["guard"].post(asked.location, agreed).status_code == 303
        shows = {
            reader: name in world.browsers[reader].get(asked.location).text
            for reader in world.people
            if reader != "agent"
        }
    assert {reader for reader, is_shown in shows.items() if is_shown} == {"administrator", "guard"}
    with at(NOON):
        sign_in_all(world)
        for reader in ("administrator", "guard"):
            assert name not in world.browsers[reader].get(asked.location).text
