"""Forgetting a person: nothing of them is left in the database, its files, or the letters."""

import json
from base64 import b64decode
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from portal.actor import PROGRAM, Role
from portal.admin import erasing
from portal.admin.giving import OF_PERSON
from portal.admin.jobs import forget_again
from portal.admin.personal import HELD, list_naming
from portal.attachments import storage
from portal.attachments.models import Attachment
from portal.audit.models import AuditRow
from portal.audit.services import verify_chain
from portal.database import Base, Database, reading, session, sqlite_path, writing
from portal.errors import NotAllowed
from portal.ideas.confidential import submit_confidentially
from portal.ideas.models import Comment, Idea
from portal.ideas.services import add_comment, save_draft, support_idea
from portal.jobs.registry import schedule
from portal.jobs.services import run_ready_tasks
from portal.notifications import post
from portal.now import at, now, today
from portal.people import links, second_factor, services
from portal.people.models import Person
from portal.people.passwords import hash_password
from portal.rewards.proof import check_ledger
from tests.anonymous.hands import hand_in, publish_all
from tests.factories.files import attach_to, picture
from tests.factories.insights import make_insight
from tests.factories.people import actor_of, make_person
from tests.factories.rewards import give_points, make_item, make_redemption
from tests.factories.triage import House, make_house, submit
from tests.support.client import Client

NAME = "Zephyrine O'Quackenbush"
EMAIL = "zephyrine.q@canary.example"
MARKS = (b"Quackenbush", b"zephyrine.q", b"Zephyrine")
PASSWORD = "the meter hums at night"
REASON = "She asked for it in a letter of today."
SECRET = "a secret that only the tests have, long enough"


@pytest.fixture
def house(app: Flask) -> House:
    """Departments, heads and agents."""
    with writing():
        return make_house()


@pytest.fixture
def administrator(house: House) -> Person:
    """An administrator."""
    with writing():
        return make_person("Bram de Wit", role=Role.ADMINISTRATOR)


@pytest.fixture
def canary(house: House, client: Client, administrator: Person) -> Person:
    """Somebody who has left something in every corner."""
    known = hash_password(PASSWORD)
    with writing():
        person = services.add_person(
            PROGRAM, EMAIL, name=NAME, home=house.billing.department, password_hash=known
        )
    actor = actor_of(person)
    client.post("/sign-in", {"email": EMAIL, "password": "wrong"})
    client.post("/sign-in", {"email": EMAIL, "password": PASSWORD})
    client.post("/me/notices", {"rhythm": "at_once"})
    with writing():
        second_factor.begin(actor, SECRET)
        links.make_link(PROGRAM, person)
        idea = submit(person, house.billing.reason, title="Say that it was estimated")
        save_draft(actor, problem=f"I, {NAME}, have only begun.")
        make_insight(actor=actor, text="He was told twice.")
        other = submit(house.agent, house.metering.reason)
        support_idea(actor, other, occurred_on=today(), example="So was mine.")
        give_points(person, 90)
        make_redemption(person, make_item(price=30))
    with writing():
        said = f"Thank you {NAME}, write to {NAME}!"
        add_comment(actor_of(house.colleague), session().get_one(Idea, idea.id), body=said)
        add_comment(actor, session().get_one(Idea, other.id), body="I know one more case.")
    attach_to(person, idea, "letter.png", picture())
    run_ready_tasks()
    return person


def path_of(person: Person) -> Path:
    """Where the bytes of what somebody attached stand."""
    with reading():
        key = session().scalars(select(Attachment.key).where(Attachment.person_id == person.id))
        return storage.active().path(key.one() or "")


def _traces(database: Database) -> list[str]:
    """Where a table still holds her name or address."""
    found = []
    with reading() as unit:
        for table in Base.metadata.sorted_tables:
            for row in unit.execute(select(table)):
                said = " ".join(map(str, row)).encode()
                found += [f"{table.name}: {row}" for mark in MARKS if mark in said]
    return found


def _traces_in_files(database: Database) -> list[str]:
    """Where a file still does: the database, its log beside it, the folder of letters."""
    path, mails = sqlite_path(database.url), post.office().carrier
    assert isinstance(mails, post.Folder)
    files = [*mails.path.glob("*"), *([*path.parent.glob(f"{path.name}*")] if path else [])]
    return [file.name for file in files if any(mark in file.read_bytes() for mark in MARKS)]


@pytest.mark.threat(65)
def test_nothing_is_left_of_who_was_erased_and_what_they_did_stays(
    app: Flask,
    client: Client,
    new_client: Callable[[], Client],
    database: Database,
    house: House,
    administrator: Person,
    canary: Person,
) -> None:
    assert len(_traces(database)) > 5
    assert len(_traces_in_files(database)) >= 1
    desk = new_client().sign_in(administrator)
    address = f"/people/{canary.id}/erase"
    assert NAME.replace("'", "&#39;") in desk.get(address).text
    done = desk.post(address, {"reason": f"{NAME}: {REASON}", "address": EMAIL.upper()})
    assert (done.status_code, done.location) == (303, f"/people/{canary.id}")
    run_ready_tasks()
    assert _traces(database) == []
    assert _traces_in_files(database) == []
    with reading():
        assert verify_chain() is None
        assert check_ledger() == []
        said = session().scalars(select(Comment.body).order_by(Comment.id)).all()
        assert said[0] == "Thank you A former colleague, write to A former colleague!"
        entry = select(AuditRow.details).where(AuditRow.action == "person.erased")
        assert session().scalars(entry).one() == {"reason": f"A former colleague: {REASON}"}
        own = select(Idea.number).where(Idea.submitter_id == canary.id)
        number = session().scalars(own.order_by(Idea.id)).first()
    page = desk.get(f"/ideas/I-{number}").text
    assert "A former colleague" in page
    assert "Say that it was estimated" in page
    assert client.get("/").status_code == 303, "signed out"
    again = new_client().post("/sign-in", {"email": EMAIL, "password": PASSWORD})
    assert again.status_code == 422
    assert "erased already" in desk.get(address).text
    twice = desk.post(address, {"reason": REASON, "address": f"{canary.id}@erased.invalid"})
    assert twice.status_code == 409


@pytest.mark.threat(65)
def test_the_command_shows_first_and_erases_then(
    app: Flask, database: Database, house: House, canary: Person
) -> None:
    run = app.test_cli_runner().invoke
    dry = run(args=["people", "erase", EMAIL, "--dry-run"])
    assert dry.exit_code == 0, dry.output
    assert "sign in sessions 1" in dry.output
    assert "comments 1" in dry.output
    assert len(_traces(database)) > 5
    assert run(args=["people", "erase", EMAIL, "--yes"]).exit_code == 2, "a reason is missing"
    other = run(args=["people", "erase", EMAIL, "--reason", REASON], input="else@x.example\n")
    assert other.exit_code == 2
    done = run(args=["people", "erase", EMAIL, "--reason", REASON, "--yes"])
    assert done.exit_code == 0, done.output
    assert _traces(database) == []
    assert _traces_in_files(database) == []
    assert run(args=["people", "erase", EMAIL, "--dry-run"]).exit_code == 1
    verified = run(args=["audit", "verify"])
    assert verified.exit_code == 0, verified.output


@pytest.mark.threat(65)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_backup_from_before_brings_nobody_back(
    app: Flask, database: Database, canary: Person, tmp_path: Path
) -> None:
    path = sqlite_path(database.url)
    assert path is not None
    with database.writer.connect() as connection:
        raw = connection.connection.dbapi_connection
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        backup = raw.serialize()
    args = ["people", "erase", EMAIL, "--reason", REASON, "--yes"]
    assert app.test_cli_runner().invoke(args=args).exit_code == 0
    database.close()
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
    path.write_bytes(backup)
    assert len(_traces(database)) > 5
    assert "admin.erase_again" in schedule
    forget_again()
    assert _traces(database) == []
    assert _traces_in_files(database) == []
    with reading():
        assert verify_chain() is None


def test_looking_at_what_it_would_touch_changes_nothing(
    database: Database, canary: Person, administrator: Person, new_client: Callable[[], Client]
) -> None:
    desk = new_client().sign_in(administrator)
    address = f"/people/{canary.id}/erase"
    before = _traces(database)
    wrong = desk.post(address, {"reason": REASON, "address": "else@x.example"})
    assert wrong.status_code == 422
    assert "This is not their address." in wrong.text
    assert desk.post(address, {"reason": "", "address": EMAIL}).status_code == 422
    assert desk.post(address, {"reason": "x", "address": EMAIL}).status_code == 422
    assert _traces(database) == before


def test_who_still_answers_for_something_is_not_erased(
    house: House, administrator: Person, new_client: Callable[[], Client]
) -> None:
    desk, head = new_client().sign_in(administrator), house.billing.head
    with writing():
        number = submit(house.agent, house.billing.reason).number
    page = desk.get(f"/people/{head.id}/erase").text
    assert "They head or stand in for Billing." in page
    assert f"I-{number} waits on them." in page
    answer = desk.post(f"/people/{head.id}/erase", {"reason": REASON, "address": head.email})
    assert answer.status_code == 422


@pytest.mark.threat(22)
def test_nobody_erases_themselves_and_no_one_but_an_administrator_does(
    house: House, administrator: Person
) -> None:
    for actor, person in ((administrator, administrator), (house.agent, house.colleague)):
        with pytest.raises(NotAllowed), writing():
            erasing.erase_person(actor_of(actor), person, reason=REASON)


@pytest.mark.threat(64)
@pytest.mark.threat(65)
def test_every_column_that_names_a_person_is_known_to_export_and_erasure(app: Flask) -> None:
    places = [held.place for held in HELD]
    assert len(places) == len(set(places))
    assert set(places) == list_naming()
    for held in HELD:
        for name in held.given:
            column = held.table.c[name]
            assert not any(key.column.table.name == "persons" for key in column.foreign_keys)
            assert not any(
                secret in name for secret in ("hash", "token", "secret", "sealed", "salt")
            )
    assert "password_hash" not in OF_PERSON


@pytest.mark.threat(17)
@pytest.mark.threat(64)
def test_everybody_takes_along_what_is_kept_of_them_and_of_nobody_else(
    client: Client, new_client: Callable[[], Client], house: House, canary: Person
) -> None:
    mine = new_client().sign_in(canary)
    answer = mine.get("/me/data.json")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="my-data.json"'
    given = json.loads(answer.text)
    assert (given["person"]["name"], given["person"]["email"]) == (NAME, EMAIL)
    kept = given["kept"]
    assert kept["comments.person_id"][0]["body"] == "I know one more case."
    assert kept["supports.person_id"][0]["example"] == "So was mine."
    assert kept["insights.author_id"][0]["text"] == "He was told twice."
    assert {row["title"] for row in kept["ideas.submitter_id"]} >= {"Say that it was estimated"}
    assert given["points"][0]["points"] == 90
    assert {"person.signed_in", "idea.commented"} <= {
        row["action"] for row in kept["audit_rows.actor_id"]
    }
    assert "127.0.0" in str(kept["audit_asides.person_id"])
    told = kept.pop("notices.person_id")
    assert any("Thank you" in (row["body"] or "") for row in told), "it was said to her"
    assert "Thank you" not in str(kept), "somebody else's words"
    assert "argon2" not in answer.text
    (file,) = given["files"]
    assert (file["name"], b64decode(file["base64"])) == ("letter.png", path_of(canary).read_bytes())
    with reading():
        last = session().scalars(select(AuditRow).order_by(AuditRow.seq.desc())).first()
        assert last is not None
        assert (last.action, last.actor_id) == ("export.person", canary.id)
    with at(now() + timedelta(minutes=11)):
        assert mine.get("/me/data.json").location.startswith("/me/prove")


@pytest.mark.threat(56)
@pytest.mark.threat(64)
def test_what_is_sealed_is_for_its_author_alone_and_what_is_anonymous_for_nobody(
    app: Flask, house: House, new_client: Callable[[], Client]
) -> None:
    sealed, hidden = "Sealed words about the second reminder.", "I never gave my name to this."
    agent = new_client().sign_in(house.agent)
    fields = agent.fields(agent.get("/insights/new"), "/insights/new")
    typed = {
        "text": "Sealed words of a customer.",
        "mode": "confidential",
        "demand_type": "failure",
    }
    assert (
        agent.post("/insights/new", {**fields, **typed, "demand_type": "failure"}).status_code
        == 303
    )
    with writing():
        submit_confidentially(actor_of(house.agent), problem=sealed, proposal="Tell him once.")
    assert hand_in(agent, problem=hidden).status_code == 200
    publish_all()
    own = agent.get("/me/data.json").text
    assert sealed in own
    assert "Sealed words of a customer." in own
    assert hidden not in own
    other = new_client().sign_in(house.colleague).get("/me/data.json").text
    printed = app.test_cli_runner().invoke(args=["people", "data", house.agent.email])
    assert printed.exit_code == 0, printed.output
    for text in (other, printed.output):
        json.loads(text)
        assert "Sealed words" not in text
        assert hidden not in text
