"""Files on the pages of ideas and insights: sent, checked, read, taken back, redacted."""

import re
from dataclasses import dataclass
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image
from werkzeug.test import TestResponse

from portal.actor import Role
from portal.attachments import storage
from portal.attachments.models import Attachment, State
from portal.audit.models import AuditRow
from portal.database import Database, reading, writing
from portal.ideas import services as ideas
from portal.ideas.lifecycle import Move
from portal.ideas.lifecycle import State as LifeState
from portal.ideas.models import Idea
from portal.jobs.services import run_ready_tasks
from portal.people.models import Person
from tests.factories.demand import make_reason
from tests.factories.files import attach_to, document, picture
from tests.factories.ideas import make_idea
from tests.factories.insights import make_insight
from tests.factories.people import actor_of, make_headed_department, make_person
from tests.support.client import Client


@dataclass
class Scene:
    """An idea of the agent's, still a draft; a colleague; an administrator."""

    app: Flask
    agent: Person
    colleague: Person
    administrator: Person
    reason_id: int
    idea: Idea

    def as_(self, person: Person) -> Client:
        """A browser of theirs."""
        return Client(self.app).sign_in(person)

    def send(self, name: str, data: bytes, client: Client | None = None) -> TestResponse:
        """Attach a file to the idea by its form."""
        client = client or self.as_(self.agent)
        address = f"/ideas/I-{self.idea.number}/files"
        return client.post(address, {"files": (BytesIO(data), name)})

    def submit(self) -> None:
        """Hand the draft in."""
        with writing() as unit:
            idea = unit.get_one(Idea, self.idea.id)
            texts = {"problem": idea.problem, "proposal": idea.proposal}
            ideas.submit_idea(actor_of(self.agent), draft=idea, reason_id=self.reason_id, **texts)


@pytest.fixture
def scene(app: Flask, database: Database, kept: storage.Storage) -> Scene:
    """The scene, with a desk that takes everything."""
    with writing():
        desk, _head, _deputy = make_headed_department(takes_orphans=True)
        reason = make_reason(owner=desk)
        agent, colleague = make_person("Amina Yusuf"), make_person("Tom Berg")
        administrator = make_person("Bram de Wit", role=Role.ADMINISTRATOR)
        idea = make_idea(agent, state=LifeState.DRAFT)
    return Scene(app, agent, colleague, administrator, reason.id, idea)


def _files() -> list[Attachment]:
    with reading() as reader:
        return list(reader.query(Attachment).order_by(Attachment.id))


def test_a_file_is_shown_to_others_only_once_it_is_checked_and_handed_in(scene: Scene) -> None:
    page = f"/ideas/I-{scene.idea.number}"
    assert scene.send("screen.png", picture()).status_code == 303
    mine, other = scene.as_(scene.agent), scene.as_(scene.colleague)
    assert "Being checked" in mine.get(f"{page}/edit").text
    assert mine.get(f"{page}/files/1").status_code == 404
    run_ready_tasks()
    assert mine.get(f"{page}/files/1").status_code == 200
    assert other.get(f"{page}/files/1").status_code == 404
    scene.submit()
    assert "screen.png" in other.get(page).text
    for part in ("", "/picture", "/thumbnail"):
        assert other.get(f"{page}/files/1{part}").status_code == 200


@pytest.mark.threat(37)
def test_a_file_is_given_out_with_our_type_as_a_download_in_which_nothing_runs(
    scene: Scene,
) -> None:
    file = attach_to(scene.agent, scene.idea, "Übersicht ½.docx", document())
    answer = scene.as_(scene.agent).get(f"/ideas/I-{scene.idea.number}/files/{file.id}")
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename*=UTF-8''%C3%9Cbersicht%20%C2%BD.docx"
    )
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.mimetype.endswith("wordprocessingml.document")
    assert scene.as_(scene.agent).get(answer.request.path + "/picture").status_code == 404


def test_a_picture_is_shown_inline_from_its_points_alone(scene: Scene) -> None:
    exif = Image.Exif()
    exif[0x010E] = "canary of the camera"
    file = attach_to(scene.agent, scene.idea, "a.jpg", picture("JPEG", exif=exif))
    address = f"/ideas/I-{scene.idea.number}/files/{file.id}"
    for part, kind in (("/picture", "image/jpeg"), ("/thumbnail", "image/webp")):
        answer = scene.as_(scene.agent).get(address + part)
        assert (answer.status_code, answer.mimetype) == (200, kind)
        assert answer.headers["Content-Disposition"].startswith("inline; ")
        assert answer.headers["Content-Security-Policy"].startswith("sandbox")
        assert b"canary" not in answer.data
        assert Image.open(BytesIO(answer.data)).size == (40, 30)


def test_files_come_with_the_idea_and_the_insight_that_they_belong_to(scene: Scene) -> None:
    client = scene.as_(scene.agent)
    texts = {"problem": "It is so.", "proposal": "Not so.", "reason_id": scene.reason_id}
    files = [(BytesIO(picture()), "a.png"), (BytesIO(b"one,two\n"), "b.csv")]
    idea = client.post("/ideas/new", {**texts, "action": "submit", "files": files})
    told = {"text": "She said no.", "demand_type": "failure"}
    insight = client.post("/insights/new", {**told, "files": (BytesIO(b"Hello."), "c.txt")})
    assert (idea.status_code, insight.status_code) == (303, 303)
    run_ready_tasks()
    assert [file.state for file in _files()] == [State.CLEAN] * 3
    assert "b.csv" in client.get(idea.location).text
    assert "c.txt" in scene.as_(scene.colleague).get(insight.location).text


def test_a_refused_file_keeps_what_was_typed_and_nothing_is_stored(scene: Scene) -> None:
    client = scene.as_(scene.agent)
    answer = client.post(
        "/ideas/new",
        {"problem": "It is so.", "proposal": "Not so.", "files": (BytesIO(b"MZ"), "x.exe")},
    )
    assert answer.status_code == 422
    assert "x.exe is of a kind that is not taken" in answer.text
    assert "It is so." in answer.text
    with reading() as reader:
        assert reader.query(Idea).count() == 1
    assert not list(storage.active().list_older_than(-60))


def test_a_form_that_is_sent_twice_attaches_its_files_once(scene: Scene) -> None:
    client = scene.as_(scene.agent)
    nonce = client.fields(client.get("/ideas/new"), "/ideas/new")["nonce"]
    for _time in range(2):
        texts = {"problem": "It is so.", "proposal": "Not so.", "nonce": nonce}
        client.post("/ideas/new", {**texts, "files": (BytesIO(picture()), "a.png")})
    assert len(_files()) == 1


def test_personal_data_in_a_text_is_kept_out_with_a_reason_for_its_sender(scene: Scene) -> None:
    scene.send("calls.csv", b"name,card\nAmina,4111 1111 1111 1111\n")
    run_ready_tasks()
    [file] = _files()
    assert (file.state, file.key) == (State.REFUSED, None)
    page = scene.as_(scene.agent).get(f"/ideas/I-{scene.idea.number}/edit").text
    assert "It holds personal data (1 card number). Take it out and attach it again." in page


def test_what_one_attached_may_be_taken_back_until_somebody_decides(scene: Scene) -> None:
    scene.submit()
    file = attach_to(scene.agent, scene.idea, "a.txt", b"Hello.")
    other = attach_to(scene.agent, scene.idea, "b.txt", b"Hello you.")
    address = f"/ideas/I-{scene.idea.number}/files"
    assert scene.as_(scene.colleague).post(f"{address}/{file.id}/remove").status_code == 403
    assert scene.as_(scene.agent).post(f"{address}/{file.id}/remove").status_code == 303
    assert scene.as_(scene.agent).get(f"{address}/{file.id}").status_code == 404
    assert not storage.active().path(_reload_key(file)).exists()
    with writing() as unit:
        idea = unit.get_one(Idea, scene.idea.id)
        ideas.move_idea(actor_of(scene.agent), idea, Move.ACCEPT, handler_id=None, due_at=None)
    assert scene.as_(scene.agent).post(f"{address}/{other.id}/remove").status_code == 409


def _reload_key(file: Attachment) -> str:
    return file.key or "0" * 32


def test_an_administrator_redacts_a_file_with_a_reason_and_its_bytes_go(scene: Scene) -> None:
    scene.submit()
    file = attach_to(scene.agent, scene.idea, "Amina.txt", b"Hello.")
    [kept] = _files()
    address = f"/ideas/I-{scene.idea.number}/files/{file.id}"
    path = storage.active().path(kept.key or "")
    assert path.exists()
    assert path.stat().st_mode & 0o777 == 0o600
    client = scene.as_(scene.administrator)
    assert client.post(f"{address}/redact", {"reason": ""}).status_code == 422
    assert scene.as_(scene.agent).post(f"{address}/redact", {"reason": "No."}).status_code == 404
    assert client.post(f"{address}/redact", {"reason": "A customer's name."}).status_code == 303
    assert not path.exists()
    assert client.get(address).status_code == 404
    page = scene.as_(scene.agent).get(f"/ideas/I-{scene.idea.number}").text
    assert "Taken away by an administrator: A customer&#39;s name." in page
    assert "Amina.txt" not in page
    with reading() as reader:
        actions = {row.action for row in reader.query(AuditRow)}
    assert {"file.attached", "file.passed", "file.redacted"} <= actions


def test_five_files_of_a_thing_and_100_megabytes_a_day_are_the_most(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        assert scene.send(f"{number}.txt", b"Hello %d." % number).status_code == 303
    answer = scene.send("6.txt", b"Hello 6.")
    assert (answer.status_code, "5 files are the most." in answer.text) == (422, True)
    with writing() as unit:
        unit.query(Attachment).update({"subject_id": 0, "size": 20 * 1024 * 1024})
    answer = scene.send("7.txt", b"Hello 7.")
    assert (answer.status_code, "100 MB since yesterday" in answer.text) == (422, True)


def test_a_disk_that_is_nearly_full_takes_text_but_no_files(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "FULL", -1)
    answer = scene.send("a.txt", b"Hello.")
    assert (answer.status_code, "no room for files" in answer.text) == (422, True)
    texts = {"problem": "It is so.", "proposal": "Not so.", "action": "draft"}
    assert scene.as_(scene.agent).post("/ideas/new", texts).status_code == 303


@pytest.mark.threat(39)
def test_a_file_is_read_only_by_whoever_sees_what_it_belongs_to(scene: Scene) -> None:
    """Foreign answers like absent, whatever the address; also by another thing's address."""
    file = attach_to(scene.agent, scene.idea, "a.png", picture())
    with writing():
        insight = make_insight(actor=actor_of(scene.agent))
        second = make_idea(scene.agent)
    holders = {
        "own": f"/ideas/I-{scene.idea.number}",
        "another": f"/ideas/I-{second.number}",
        "insight": f"/insights/N-{insight.number}",
        "nothing": "/ideas/I-999999",
    }
    readers = (scene.agent, scene.colleague, scene.administrator)

    def matrix() -> dict[tuple[str, str, str], int]:
        return {
            (person.name, name, part): scene.as_(person)
            .get(f"{place}/files/{file.id}{part}")
            .status_code
            for person in readers
            for name, place in holders.items()
            for part in ("", "/picture", "/thumbnail")
        }

    def allowed(*people: Person) -> None:
        names = {person.name for person in people}
        for (name, place, part), status in matrix().items():
            expected = 200 if place == "own" and name in names else 404
            assert status == expected, (name, place, part)

    allowed(scene.agent)
    absent = scene.as_(scene.colleague).get(f"{holders['nothing']}/files/{file.id}")
    foreign = scene.as_(scene.colleague).get(f"{holders['own']}/files/{file.id}")
    assert _said(absent) == _said(foreign)
    scene.submit()
    allowed(*readers)
    with writing() as unit:
        unit.get_one(Attachment, file.id).state = State.REMOVED
    allowed()


def _said(answer: TestResponse) -> str:
    return answer.text.split("<main")[1].split("</main>")[0].replace(answer.request.path, "")


def test_no_two_elements_of_a_page_with_files_share_an_id(scene: Scene) -> None:
    scene.submit()
    for name in ("a.png", "b.png"):
        attach_to(scene.agent, scene.idea, name, picture(size=(9, len(name) + ord(name[0]))))
    with writing():
        draft = make_idea(scene.agent, state=LifeState.DRAFT)
    attach_to(scene.agent, draft, "a.png", picture())
    pages = {
        f"/ideas/I-{scene.idea.number}": scene.administrator,
        f"/ideas/I-{draft.number}/edit": scene.agent,
    }
    for path, reader in pages.items():
        ids = re.findall(r'\bid="([^"]+)"', scene.as_(reader).get(path).text)
        assert "attached" in ids
        assert len(ids) == len(set(ids)), path


def test_a_draft_that_was_thrown_away_shows_its_files_to_its_writer_alone(scene: Scene) -> None:
    file = attach_to(scene.agent, scene.idea, "a.png", picture())
    with writing() as unit:
        ideas.withdraw_idea(actor_of(scene.agent), unit.get_one(Idea, scene.idea.id))
    address = f"/ideas/I-{scene.idea.number}/files/{file.id}"
    assert scene.as_(scene.agent).get(address).status_code == 200
    assert scene.as_(scene.colleague).get(address).status_code == 404
    assert scene.send("b.png", picture()).status_code == 409
